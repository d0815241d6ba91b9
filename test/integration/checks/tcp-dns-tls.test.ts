import assert from "node:assert/strict";
import { createServer, Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { dnsCheck } from "../../../src/checks/dns.ts";
import { readAnswer } from "../../../src/checks/dns-message.ts";
import { tcpCheck } from "../../../src/checks/tcp.ts";
import { tlsCheck } from "../../../src/checks/tls.ts";
import type { VantageParts } from "../../../src/checks/vantage.ts";
import type { Check } from "../../../src/drills/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { closedPort, greeter, network, rawServer, selfSigned, shell, signedBySomebody, tlsServer } from "./servers.ts";

const name = "payroll.contoso.example";
const certificate = selfSigned(name);
const look = { signal: new AbortController().signal, record: () => {}, testServers: [{ name: "web-01-test", id: "/x" }] };

const parts = (routes: Readonly<Record<string, number>>, resolve: VantageParts["resolve"] = async () => []): VantageParts & { clock: () => Date } => ({
  scripts: { run: async () => assert.fail("no script runs") },
  resolve,
  connect: network(routes).connect,
  allowPrivate: true,
  clock: () => new Date(),
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
async function started<T extends { readonly port: number; readonly close: () => Promise<void> }>(server: Promise<T>): Promise<number> {
  closing.push((await server).close);
  return (await server).port;
}

/** What a look waits out to its end, and yet may be late because the machine stood still: a port that opens and is silent, an answer after which the connection stays open. */
const waitedOut = "4s";

/** What ends by itself may be late too; where nothing at all is to come the input has a shorter time. */
async function seen(check: Check, input: { readonly [key: string]: Json }) {
  const { verdict, summary, diagnosis, result } = await check.observe({ timeout: "30s", ...input }, look);
  return { verdict, summary, diagnosis: diagnosis.join("\n"), rows: (result as { rows: readonly { target: string; label: string; verdict: string; status: string; reason: string }[] }).rows };
}

describe("check tcp", () => {
  it("tells open, refused and out of reach from each other", async () => {
    const open = await started(rawServer(() => null));
    const routes = { "10.50.0.11:1433": open, "10.50.0.12:1433": await closedPort() };
    const unreachable = { ...parts(routes), connect: (address: string, port: number) => (address === "10.50.0.13" ? new Socket() : network(routes).connect(address, port)) };
    const near = await seen(tcpCheck(unreachable), { from: "bot", targets: ["10.50.0.11:1433", "10.50.0.12:1433"], timeout: waitedOut });
    assert.deepEqual([near.verdict, near.rows.map((row) => row.status)], ["failed", ["open", "refused"]]);
    assert.match(near.diagnosis, /10\.50\.0\.12:1433 refuses the connection/);
    const isolated = { from: "bot", targets: ["10.50.0.13:1433"], timeout: "1s" };
    const far = await seen(tcpCheck(unreachable), isolated);
    assert.deepEqual([far.verdict, far.rows.map((row) => row.status)], ["failed", ["out of reach"]]);
    assert.match(far.diagnosis, /No connection to 10\.50\.0\.13:1433 from bot: an isolated/);
    assert.equal((await seen(tcpCheck(unreachable), { ...isolated, expect: "no-connection" })).verdict, "passed");
    const leak = await seen(tcpCheck(unreachable), { from: "bot", targets: ["10.50.0.12:1433"], expect: "no-connection" });
    assert.match(`${leak.verdict} ${leak.diagnosis}`, /^failed 10\.50\.0\.12:1433 can be reached from bot .*is not isolated/);
  });

  it("waits for what a server says by itself", async () => {
    const routes = { "10.50.0.11:2222": await started(greeter("SSH-2.0-OpenSSH_9.2\r\n")) };
    assert.equal((await seen(tcpCheck(parts(routes)), { from: "bot", targets: "10.50.0.11:2222", banner: "SSH-2.0" })).verdict, "passed");
    const other = await seen(tcpCheck(parts(routes)), { from: "bot", targets: "10.50.0.11:2222", banner: "220 mail" });
    assert.equal(other.rows[0]?.reason, 'open, but it says "SSH-2.0-OpenSSH_9.2" and not "220 mail"');
  });

  it("asks from a test server by the shipped script", async () => {
    const port = await started(rawServer(() => null));
    const check = tcpCheck({ ...parts({}), scripts: shell });
    const { verdict, rows } = await seen(check, { from: "web-01-test", targets: [`127.0.0.1:${port}`, `127.0.0.1:${await closedPort()}`], timeout: waitedOut, script: "posix" });
    assert.deepEqual([verdict, rows.map((row) => row.status)], ["failed", ["open", "refused"]]);
    assert.equal((await seen(check, { from: "web-09", targets: "127.0.0.1:1" })).verdict, "not-proved");
  });

  it("is no port scanner and never asks the platform", async () => {
    for (const target of ["169.254.169.254:80", "2852039166:80", "127.0.0.1:8080", "[::ffff:168.63.129.16]:8080", "10.50.0.11:22"]) {
      const { verdict, diagnosis } = await seen(tcpCheck({ ...parts({}), connect: () => assert.fail("connected") }), { from: "bot", targets: target });
      assert.equal(verdict, "not-proved", `${target} ${diagnosis}`);
    }
  });

  for (const [what, input] of [["no port", { targets: "10.50.0.11" }], ["a URL", { targets: "http://10.50.0.11/" }], ["port 0", { targets: "10.50.0.11:0" }], ["a banner of a closed port", { targets: "10.50.0.11:1433", expect: "refused", banner: "x" }]] as const) {
    it(`refuses ${what}`, () => assert.rejects(seen(tcpCheck(parts({})), { from: "bot", ...input }), /tcp cannot read its input/));
  }
});

/** A name server over TCP that answers from a table: name to addresses, time to live, response code. */
function nameServer(zone: Readonly<Record<string, { readonly addresses?: readonly string[]; readonly ttl?: number; readonly code?: number }>>): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined).on("close", () => sockets.delete(socket)));
    socket.once("data", (asked: Buffer) => {
      const labels: string[] = [];
      let at = 14;
      for (let length = asked.readUInt8(at); length > 0; length = asked.readUInt8(at)) {
        labels.push(asked.toString("latin1", at + 1, at + 1 + length));
        at += 1 + length;
      }
      const { addresses = [], ttl = 300, code = 0 } = zone[labels.join(".")] ?? { code: 3 };
      const records = addresses.map((address) => Buffer.from([0xc0, 12, 0, 1, 0, 1, ttl >> 24, (ttl >> 16) & 255, (ttl >> 8) & 255, ttl & 255, 0, 4, ...address.split(".").map(Number)]));
      const message = Buffer.concat([asked.subarray(2, 4), Buffer.from([0x81, 0x80 | code, 0, 1, 0, records.length, 0, 0, 0, 0]), asked.subarray(14, at + 5), ...records]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      socket.write(Buffer.concat([length, message]));
    });
  });
  const closed = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      for (const socket of sockets) socket.destroy();
    });
  return new Promise((settle) => server.listen(0, "127.0.0.1", () => settle({ port: (server.address() as AddressInfo).port, close: () => closed() })));
}

describe("check dns", () => {
  const resolvers = ["10.50.0.4", "10.50.0.5"];
  const ask = async (old: Parameters<typeof nameServer>[0], now: Parameters<typeof nameServer>[0], input: { readonly [key: string]: Json }) => {
    const routes = { "10.50.0.4:53": await started(nameServer(old)), "10.50.0.5:53": await started(nameServer(now)) };
    return seen(dnsCheck(parts(routes)), { from: "bot", names: name, resolvers, ...input });
  };
  const moved = { [name]: { addresses: ["10.60.0.11"], ttl: 60 } };
  const stale = { [name]: { addresses: ["10.50.0.11"], ttl: 86_400 } };

  it("asks each resolver by itself, and says when they differ", async () => {
    assert.equal((await ask(moved, moved, { expect: { answers: "10.60.0.11", ttl: "5m" } })).verdict, "passed");
    const { verdict, rows, diagnosis } = await ask(stale, moved, { expect: { answers: ["10.60.0.11"] } });
    assert.deepEqual([verdict, rows.map((row) => `${row.target} ${row.verdict} ${row.status}`)], ["failed", ["10.50.0.4 down 10.50.0.11", "10.50.0.5 up 10.60.0.11"]]);
    assert.match(diagnosis, /10\.50\.0\.4, asked for payroll\.contoso\.example: it answers 10\.50\.0\.11, and 10\.60\.0\.11 is expected\. 10\.50\.0\.5 already answers 10\.60\.0\.11: the resolvers differ/);
  });

  it("holds the time to live, the code and what must be gone against the expectation", async () => {
    assert.match((await ask(stale, stale, { expect: { ttl: "5m" } })).summary, /the time to live is 1 day, and 5 min is the most/);
    assert.match((await ask(stale, stale, { expect: { lacks: "10.50.0.11" } })).summary, /it still answers 10\.50\.0\.11/);
    assert.match((await ask({}, {}, {})).summary, /it answers NXDOMAIN, and NOERROR is expected/);
    assert.equal((await ask({}, {}, { expect: { code: "NXDOMAIN" } })).verdict, "passed");
    assert.match((await ask({ [name]: {} }, { [name]: {} }, {})).summary, /it has no A record/);
  });

  it("asks from a test server by the shipped script", async () => {
    const port = await started(nameServer(moved));
    const { verdict, rows } = await seen(dnsCheck({ ...parts({}), scripts: shell }), { from: "web-01-test", names: name, resolvers: `127.0.0.1:${port}`, timeout: waitedOut, script: "posix" });
    assert.deepEqual([verdict, rows[0]?.status], ["passed", "10.60.0.11"]);
  });

  it("says when a resolver cannot be asked, or is none", async () => {
    const { diagnosis } = await seen(dnsCheck(parts({ "10.50.0.4:53": await closedPort(), "10.50.0.5:53": await started(greeter("hello\r\n")) })), { from: "bot", names: name, resolvers });
    assert.match(diagnosis, /10\.50\.0\.4 cannot be asked over TCP from bot: connection refused/);
    assert.match(diagnosis, /10\.50\.0\.5 cannot be asked over TCP from bot: the answer is not DNS/);
  });

  it("never asks the platform's resolver, nor another low port", async () => {
    for (const resolver of ["168.63.129.16", "169.254.169.254", "127.0.0.53", "10.50.0.4:22"]) {
      assert.equal((await seen(dnsCheck({ ...parts({}), connect: () => assert.fail("connected") }), { from: "bot", names: name, resolvers: resolver })).verdict, "not-proved", resolver);
    }
  });

  it("reads hostile answers without harm", () => {
    const framed = (message: readonly number[]) => Buffer.from([message.length >> 8, message.length & 255, ...message]);
    const head = [0, 1, 0x81, 0x80, 0, 0, 0, 1, 0, 0, 0, 0];
    assert.equal(readAnswer(framed([...head, 0xc0, 12, 0, 1, 0, 1]), 1), null, "a pointer to itself");
    assert.equal(readAnswer(framed([...head, 63, 1, 2]), 1), null, "a label out of the message");
    assert.equal(readAnswer(framed([...head, 0, 0, 1, 0, 1, 0, 0, 0, 1, 255, 255]), 1), null, "a record out of the message");
    assert.equal(readAnswer(framed([0, 2, ...head.slice(2)]), 1), null, "another id");
    assert.equal(readAnswer(Buffer.from([0]), 1), null);
  });

  for (const [what, input] of [["a name that is none", { names: "a..b" }], ["no resolver", { resolvers: [] }], ["a type that is none", { type: "ANY" }]] as const) {
    it(`refuses ${what}`, () => assert.rejects(seen(dnsCheck(parts({})), { from: "bot", names: name, resolvers: "10.50.0.4", ...(input as { [key: string]: Json }) }), /dns cannot read its input/));
  }
});

describe("check tls", () => {
  before(function () {
    if (certificate) return;
    console.warn("SKIPPED: check tls. openssl is not installed.");
    this.skip();
  });
  const pem = () => certificate ?? { key: "", cert: "" };
  const any = async () => ({ "10.50.0.11:443": await started(tlsServer(pem(), null, () => null)) });

  it("reads the certificate that a name gets", async () => {
    const { verdict, rows } = await seen(tlsCheck(parts(await any())), { from: "bot", targets: "10.50.0.11", names: name, expect: { name: true, days: 1 } });
    assert.deepEqual([verdict, rows.map((row) => `${row.target} ${row.label} ${row.verdict}`)], ["passed", [`10.50.0.11 ${name} up`]]);
  });

  it("expects by default a name that fits, a known authority and two weeks", async () => {
    const { summary } = await seen(tlsCheck(parts(await any())), { from: "bot", targets: "10.50.0.11", names: name });
    assert.match(summary, /the certificate ends on .* and 14 are expected/);
    assert.match((await seen(tlsCheck(parts(await any())), { from: "bot", targets: "10.50.0.11", names: "other.example", expect: { name: true } })).summary, /does not cover other\.example/);
    assert.match((await seen(tlsCheck(parts(await any())), { from: "bot", targets: "10.50.0.11", names: name, expect: { trusted: true } })).diagnosis, /Install the whole chain/);
  });

  it("shows what a binding does with its name and with another", async () => {
    const routes = { "10.50.0.11:443": await started(tlsServer(pem(), name, () => null)) };
    const { verdict, rows, diagnosis } = await seen(tlsCheck(parts(routes)), { from: "bot", targets: "10.50.0.11", names: [name, "other.example"], expect: { days: 1 } });
    assert.deepEqual([verdict, rows.map((row) => row.verdict)], ["failed", ["up", "down"]]);
    assert.match(diagnosis, /shows a certificate for payroll\.contoso\.example and fails for other\.example: .* requires SNI/);
  });

  it("says why there was no handshake", async () => {
    const routes = { "10.50.0.11:443": await closedPort(), "10.50.0.12:443": await started(greeter("SSH-2.0\r\n")), "10.50.0.13:443": await started(rawServer(() => null)) };
    const { rows } = await seen(tlsCheck(parts(routes)), { from: "bot", targets: ["10.50.0.11", "10.50.0.12"] });
    assert.deepEqual(rows.map((row) => row.reason), ["connection refused", "the handshake failed"]);
    const silent = await seen(tlsCheck(parts(routes)), { from: "bot", targets: ["10.50.0.13"], timeout: "1s" });
    assert.deepEqual(silent.rows.map((row) => row.reason), ["connected, and no handshake in time"]);
  });

  it("reads from a test server what it reads from the bot, and says why there was no handshake", async function () {
    const chained = signedBySomebody(name);
    if (!chained) return this.skip();
    const port = await started(tlsServer(chained, name, () => null));
    const targets = [`127.0.0.1:${port}`, `127.0.0.1:${await closedPort()}`, `127.0.0.1:${await started(greeter("SSH-2.0\r\n"))}`];
    const asked = { from: "web-01-test", targets, names: name, expect: { name: true, days: 1 }, script: "posix" };
    const { verdict, rows } = await seen(tlsCheck({ ...parts({}), scripts: shell, connect: () => assert.fail("the bot connects nowhere") }), asked);
    assert.deepEqual([verdict, rows.map((row) => row.reason)], ["failed", [`${name}, *.${name}, 4 days left`, "connection refused", "TLS handshake failed"]]);
    const trusted = await seen(tlsCheck({ ...parts({}), scripts: shell }), { ...asked, targets: targets.slice(0, 1), expect: { trusted: true } });
    assert.match(trusted.summary, /the certificate is not trusted here \(SELF_SIGNED_CERT_IN_CHAIN\)/);
  });

  it("asks nothing that is forbidden, and from nobody unknown", async () => {
    assert.match((await seen(tlsCheck(parts({})), { from: "web-07-test", targets: "10.50.0.11" })).summary, /web-07-test is not a test server/);
    assert.equal((await seen(tlsCheck(parts({})), { from: "web-01-test", targets: "169.254.169.254" })).verdict, "not-proved");
    assert.equal((await seen(tlsCheck({ ...parts({}), connect: () => assert.fail("connected") }), { from: "bot", targets: "169.254.169.254" })).verdict, "not-proved");
  });
});
