import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { connectPlain } from "../../../../src/checks/http/check.ts";
import { exchange } from "../../../../src/checks/http/probe.ts";

describe("an exchange while the bot itself stands still", () => {
  let asked: number;
  /** Stands still with everything here, its client too, the first so many times that it is asked. */
  let still: number;
  const server = createServer((socket) => socket.on("error", () => undefined).once("data", () => {
    asked += 1;
    if (asked <= still) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nREADY");
  }));
  before(() => once(server.listen(0, "127.0.0.1"), "listening"));
  after(() => server.close());
  beforeEach(() => (asked = 0));

  const outcome = async (): Promise<string> => {
    const { port } = server.address() as AddressInfo;
    const request = { id: "1", address: "127.0.0.1", port, tls: null, timeoutMs: 1_000, maxBytes: 1_000, bytes: Buffer.from("GET / HTTP/1.0\r\n\r\n") };
    return (await exchange(request, connectPlain, new AbortController().signal)).outcome;
  };

  it("is made anew: nobody can say of a server that answered meanwhile that it was silent", async () => {
    still = 1;
    assert.deepEqual([await outcome(), asked], ["answered", 2]);
  });

  it("is not made anew for ever", async () => {
    still = Infinity;
    assert.deepEqual([await outcome(), asked], ["timed-out", 3]);
  });
});
