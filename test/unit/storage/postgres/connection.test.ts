import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { Secret } from "../../../../src/secret.ts";
import { connectPostgres } from "../../../../src/storage/postgres/connection.ts";

// "You are in", and "ask", in PostgreSQL's own protocol.
const welcome = Buffer.from("R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I", "latin1");

describe("a PostgreSQL server that takes a connection and says nothing, as one does whose machine stands still", () => {
  it("is away, and a session with it is opened when it is back", async () => {
    let came = 0;
    const server = createServer((socket) => {
      came += 1;
      if (came > 1) socket.once("data", () => socket.write(welcome));
      socket.on("error", () => undefined);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const connection = connectPostgres(new Secret(`postgres://drillbook@127.0.0.1:${(server.address() as AddressInfo).port}/drillbook`));
    try {
      const { end } = await connection.persist(() => connection.session(() => undefined));
      await end();
      assert.ok(came > 1);
    } finally {
      await connection.close();
      server.close();
    }
  });
});
