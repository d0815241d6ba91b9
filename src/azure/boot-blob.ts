import { createDefaultHttpClient, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { DrillbookError } from "../errors.ts";

/** The bytes behind an address of a storage account that carries its own signature. */
export type BlobFetch = (address: string, signal: AbortSignal) => Promise<{ readonly mediaType: string; readonly bytes: Uint8Array } | null>;

/** A screenshot has no more; a serial log's end says what its beginning does not. */
const mostBytes = 4_194_304;
const timeoutMs = 20_000;

/**
 * Reads boot diagnostics from Azure's storage, without credential, because the address is one. Only https and storage
 * accounts: an answer must not lead elsewhere. `origin` is where requests go instead, to a simulator. null: nothing there yet.
 */
export function blobFetch(origin: string | null, client: HttpClient = createDefaultHttpClient()): BlobFetch {
  return async (address, signal) => {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url === null || url.protocol !== "https:" || !/^[a-z0-9]{3,24}\.blob\.(?:core\.windows\.net|core\.chinacloudapi\.cn|core\.usgovcloudapi\.net|storage\.azure\.net)$/.test(url.hostname)) {
      throw new DrillbookError("not-allowed", "The boot record lies at an address that is none of Azure's storage.", "Look at the server's boot diagnostics in the Azure portal.");
    }
    const response = await client.sendRequest(createPipelineRequest({
      url: origin === null ? url.href : `${origin}${url.pathname}${url.search}`,
      allowInsecureConnection: origin !== null,
      method: "GET",
      timeout: timeoutMs,
      abortSignal: signal,
      streamResponseStatusCodes: new Set([200]),
    }));
    if (response.status === 404) return null;
    const body = response.readableStreamBody;
    if (response.status !== 200 || body === undefined) throw unreadable(response.status);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      if (length > mostBytes) throw unreadable(response.status);
      chunks.push(bytes);
    }
    return { mediaType: response.headers.get("content-type")?.split(";")[0] ?? "application/octet-stream", bytes: Buffer.concat(chunks) };
  };
}

/** Without the address, which is a secret. */
function unreadable(status: number): DrillbookError {
  return new DrillbookError("azure-unreachable", `Azure's storage did not give the boot record (HTTP ${status}).`, "Look at the server's boot diagnostics in the Azure portal.");
}
