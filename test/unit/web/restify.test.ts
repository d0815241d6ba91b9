import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { restify } from "../../../src/web/restify.ts";

describe("a server beside restify", () => {
  it("can still chain end() on writeHead()", async () => {
    assert.equal(typeof restify.createServer, "function");
    const server = createServer((_request, response) => void response.writeHead(202, "Taken", { "x-a": "b" }).end("chained"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    assert.deepEqual([response.status, response.headers.get("x-a"), await response.text()], [202, "b", "chained"]);
    server.closeAllConnections();
    server.close();
  });
});
