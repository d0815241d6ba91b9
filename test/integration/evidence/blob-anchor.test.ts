import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AnonymousCredential } from "@azure/storage-blob";
import { blobAnchor } from "../../../src/azure/blob-anchor.ts";

const note = Buffer.from("drillbook/drills/0123\n5\nroot\ntime 2026-11-21T09:00:00.000Z\n");

describe("a copy of a checkpoint in a blob container", () => {
  it("is put under a name that is never written twice, with a receipt of where and when", async () => {
    const kept = new Map<string, Buffer>();
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part)).on("end", () => {
        const path = decodeURIComponent(request.url?.split("?")[0] ?? "");
        const refused = request.headers["if-none-match"] === "*" && kept.has(path);
        if (!refused) kept.set(path, Buffer.concat(parts));
        response.writeHead(refused ? 409 : 201, refused ? { "x-ms-error-code": "BlobAlreadyExists" } : { etag: '"0x1"', "last-modified": "Sat, 21 Nov 2026 09:00:00 GMT", "x-ms-request-id": "r-1" }).end();
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const put = blobAnchor(`http://127.0.0.1:${(server.address() as AddressInfo).port}/evidence`, new AnonymousCredential());
    try {
      const receipt = JSON.parse(Buffer.from(await put(note, "drills")).toString()) as Record<string, string>;
      assert.match(receipt["blob"] ?? "", /\/evidence\/drills\/0123\/000000005-2026-11-21T090000\.000Z\.txt$/);
      assert.deepEqual([receipt["etag"], receipt["lastModified"], receipt["requestId"]], ['"0x1"', "2026-11-21T09:00:00.000Z", "r-1"]);
      await assert.rejects(put(Buffer.concat([note, note]), "drills"), { statusCode: 409 });
      assert.deepEqual([...kept.values()].map(String), [String(note)]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
