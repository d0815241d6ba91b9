import type { TokenCredential } from "@azure/core-auth";
import { AnonymousCredential, BlockBlobClient, StorageSharedKeyCredential } from "@azure/storage-blob";

/**
 * Puts a checkpoint of a log into a container under a name that is never written twice, and gives back where it lies and when
 * the service took it. That nobody can delete it is the container's own policy, which this cannot show.
 */
export function blobAnchor(container: string, credential: TokenCredential | StorageSharedKeyCredential | AnonymousCredential) {
  return async (note: Uint8Array, log: string): Promise<Uint8Array> => {
    const blob = new BlockBlobClient(`${container.replace(/\/$/, "")}/${nameOf(note, log)}`, credential);
    const put = await blob.upload(Buffer.from(note), note.length, { conditions: { ifNoneMatch: "*" }, blobHTTPHeaders: { blobContentType: "text/plain; charset=utf-8" } });
    const receipt = { blob: `${new URL(blob.url).origin}${new URL(blob.url).pathname}`, etag: put.etag ?? "", lastModified: put.lastModified?.toISOString() ?? "", requestId: put.requestId ?? "", versionId: put.versionId ?? "" };
    return Buffer.from(`${JSON.stringify(receipt, null, 2)}\n`);
  };
}

/** By log, size and time, so that a listing of the container is the history of the log. */
function nameOf(note: Uint8Array, log: string): string {
  const [origin = "", size = "", , time = ""] = Buffer.from(note).toString("utf8").split("\n");
  return `${log}/${origin.split("/").at(-1) ?? ""}/${size.padStart(9, "0")}-${time.replace("time ", "").replaceAll(":", "")}.txt`;
}
