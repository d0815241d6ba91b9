import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { Secret } from "../../../../src/secret.ts";
import { openPostgresStore, openSharedStore } from "../../../../src/storage/postgres/open.ts";

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const ready = message("Z", Buffer.from("I"));
const noMore = Buffer.concat([message("E", Buffer.from("C42501\0Mno more is known here\0\0")), ready]);
const welcome = Buffer.concat([message("R", Buffer.alloc(4)), ready]);

/** A text column of one row, in PostgreSQL's own protocol: its description, the row, the end of the command. */
function oneValue(name: string, value: string): Buffer {
  const column = Buffer.concat([Buffer.from([0, 1]), Buffer.from(`${name}\0`), Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0])]);
  const row = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, value.length]), Buffer.from(value)]);
  return Buffer.concat([message("T", column), message("D", row), message("C", Buffer.from("SHOW\0")), ready]);
}

describe("a PostgreSQL server that is too old", () => {
  let server: Server;
  let asked: string[];
  let url: Secret;

  /** Lets everybody in, says its version, and refuses what has parameters. */
  async function serverOf(version: string): Promise<void> {
    asked = [];
    server = createServer((socket) => {
      socket.once("data", () => {
        socket.write(welcome);
        socket.on("data", (chunk: Buffer) => {
          const kind = String.fromCharCode(chunk[0]!);
          if (kind === "Q") asked.push(chunk.subarray(5, -1).toString());
          if (kind === "Q") socket.write(oneValue("server_version_num", version));
          if (kind === "P") socket.write(noMore);
        });
      });
      socket.on("error", () => undefined);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = new Secret(`postgres://drillbook@127.0.0.1:${(server.address() as AddressInfo).port}/drillbook`);
  }

  afterEach(() => server.close());

  it("is refused in words, for a command and for a bot, and nothing is done there", async () => {
    await serverOf("120022");
    const refusal = { code: "bad-setting", message: /older than 13/, suggestion: /PostgreSQL 13 or later/ };
    await assert.rejects(openPostgresStore(url, { readOnly: true }), refusal);
    await assert.rejects(openPostgresStore(url), refusal);
    await assert.rejects(openSharedStore(url, { onFault: () => undefined, clock: () => new Date() }), refusal);
    assert.deepEqual(asked, Array.from({ length: 3 }, () => "SHOW server_version_num"));
  });

  it("is any before 13.0, and 13.0 is none", async () => {
    await serverOf("129999");
    await assert.rejects(openPostgresStore(url), { message: /older than 13/ });
    server.close();
    await serverOf("130000");
    await assert.rejects(openPostgresStore(url, { readOnly: true }), { message: /no more is known here/ });
  });
});
