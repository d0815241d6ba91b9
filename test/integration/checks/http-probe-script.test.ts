import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateShown } from "../../../src/checks/http/certificate.ts";
import { httpCheck } from "../../../src/checks/http/check.ts";
import { exchange } from "../../../src/checks/http/probe.ts";
import { probeScripts } from "../../../src/checks/http/probe-scripts.ts";
import { decodeAnswers, encodeRequests } from "../../../src/checks/http/wire.ts";
import type { ProbeRequest } from "../../../src/checks/http/wire.ts";
import type { ScriptRunner } from "../../../src/checks/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { closedPort, greeter, hostBound, rawServer, selfSigned, shell, signedBySomebody, tlsServer } from "./servers.ts";
import type { RawServer } from "./servers.ts";

const host = "payroll.contoso.example";
const script = probeScripts().posix;
const certificate = selfSigned(host);

const server = { name: "web-01-test", id: "/x" };
const look = { signal: new AbortController().signal, record: () => {} };
const run = (parameters: Readonly<Record<string, string>>) => shell.run(server, { name: script.name, text: script.text, parameters, timeoutMs: 60_000 }, look);

describe("the POSIX probe script, run by sh", () => {
  const servers: RawServer[] = [];
  const started = async (one: Promise<RawServer>) => {
    servers.push(await one);
    return (await one).port;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((one) => one.close()));
  });
  before(async function () {
    const { exitCode } = await run({ requests: "none" });
    if (exitCode !== 3) return;
    console.warn("SKIPPED: the POSIX probe script. This machine has no Python 3.4 or newer.");
    this.skip();
  });

  // An answer may be late, because the machine stood still; where none comes the request has a short time of its own.
  const request = (id: string, port: number, change: Partial<ProbeRequest> = {}): ProbeRequest => ({
    id, address: "127.0.0.1", port, tls: null, timeoutMs: 60_000, maxBytes: 600, bytes: Buffer.from("HEAD / HTTP/1.0\r\n\r\n"), ...change,
  });

  it("sees what our own probe sees, outcome by outcome and byte by byte", async () => {
    const pem = certificate;
    const named = request("x", 0, { bytes: Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`) }).bytes;
    const bound = await started(hostBound([host], () => "Sign in"));
    const requests = [
      request("1", bound),
      request("2", bound, { bytes: named }),
      request("3", await closedPort()),
      request("4", await started(rawServer(() => null)), { timeoutMs: 800 }),
      request("5", await started(rawServer((_r, socket) => { socket.destroy(); return null; }))),
      request("6", await started(rawServer(() => "HTTP/1.1 200 OK\r\n\r\nkept open"))),
      request("7", await started(rawServer(() => `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${"x".repeat(5000)}`))),
      request("8", await started(rawServer((_r, socket) => { socket.write("HTTP/1.1 200"); return null; })), { timeoutMs: 3_000 }),
      request("9", await started(greeter("SSH-2.0-OpenSSH_9.2\r\n")), { tls: { sni: null } }),
      request("10", await started(rawServer((_r, socket) => { socket.resetAndDestroy(); return null; }))),
      ...(pem
        ? [
            request("11", await started(tlsServer(pem, null, () => "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")), { tls: { sni: null } }),
            request("12", await started(tlsServer(pem, host, () => "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")), { tls: { sni: host } }),
            request("13", await started(tlsServer(pem, host, () => "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")), { tls: { sni: "other.example" } }),
          ]
        : []),
    ];
    if (!pem) console.warn("SKIPPED: TLS of the POSIX probe script. openssl is not installed.");
    const { exitCode, output, error } = await run({ requests: encodeRequests(requests) });
    assert.equal(exitCode, 0, error);
    const theirs = decodeAnswers(output);
    const ours = await Promise.all(requests.map((r) => exchange(r, (address, port) => connect(port, address), look.signal)));
    const facts = (answers: typeof theirs) => answers.map((a) => [a.id, a.outcome, a.totalBytes, Buffer.from(a.received).toString("latin1"), a.connectMs >= 0, (a.tlsMs ?? -1) >= 0, a.firstByteMs >= 0]);
    assert.deepEqual(facts(theirs), facts(ours));
    assert.deepEqual(theirs.slice(0, 10).map((a) => a.outcome), ["answered", "answered", "refused", "timed-out", "closed", "answered", "answered", "timed-out", "tls-failed", "reset"]);
    if (pem) assert.deepEqual(theirs.slice(10).map((a) => a.outcome), ["answered", "answered", "tls-failed"]);
  });

  it("takes its requests from an argument too, and fails without any", async () => {
    const none = await run({});
    assert.equal(none.exitCode, 2);
    assert.match(none.error, /no requests were given/);
  });

  it("runs nothing of what its requests say", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drillbook-probe-"));
    const evil = `$(touch ${folder}/shell)`;
    const { output } = await run({ requests: encodeRequests([request(evil, 1, { address: `;touch ${folder}/address`, tls: { sni: evil } })]) });
    assert.equal(decodeAnswers(output)[0]?.outcome, "unreachable");
    assert.equal((await run({ requests: `$(touch ${folder}/parameter)` })).exitCode, 1);
    assert.deepEqual(readdirSync(folder), []);
    rmSync(folder, { recursive: true });
  });

  const silent = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  const plain = (address: string, port: number) => connect(port, address);

  for (const [what, pem] of [["a self-signed certificate", certificate], ["a certificate with its chain", signedBySomebody(host)]] as const) {
    it(`brings ${what} as our own probe reads it`, async function () {
      if (!pem) return this.skip();
      const port = await started(tlsServer(pem, null, () => silent));
      const asked = request("1", port, { tls: { sni: host } });
      const { output } = await run({ requests: encodeRequests([{ ...asked, bytes: new Uint8Array(), certificate: true }]) });
      const [theirs] = decodeAnswers(output);
      const ours = await exchange(asked, plain, look.signal);
      assert.ok(theirs?.shown && ours.certificate);
      const { matches, ...facts } = certificateShown(theirs.shown) ?? assert.fail("no certificate");
      const { matches: matchesToo, ...expected } = ours.certificate;
      assert.deepEqual(facts, expected);
      for (const name of [host, "other.example"]) assert.equal(matches(name), matchesToo(name));
      assert.deepEqual([theirs.outcome, theirs.totalBytes], ["answered", 0]);
    });
  }

  it("says nothing of a certificate where TLS is not spoken, or fails", async () => {
    const asked = [request("1", await started(hostBound([host], () => "Sign in"))), request("2", await started(greeter("SSH-2.0\r\n")), { tls: { sni: null } })];
    const { output } = await run({ requests: encodeRequests(asked.map((one) => ({ ...one, certificate: true }))) });
    assert.deepEqual(decodeAnswers(output).map((one) => [one.outcome, one.shown]), [["answered", undefined], ["tls-failed", undefined]]);
  });

  const judged = async (port: number, expect: Json) => {
    const check = httpCheck({ scripts: shell, resolve: async () => [], allowPrivate: false, clock: () => new Date() });
    return check.observe({ as: "browser", from: "web-01-test", targets: `https://127.0.0.1:${port}/`, host, script: "posix", timeout: "1m", expect: { certificate: expect } }, { ...look, testServers: [server] });
  };

  it("judges a certificate from a test server as from the bot, and keeps it in evidence", async function () {
    const pem = signedBySomebody(host);
    if (!pem) return this.skip();
    const port = await started(tlsServer(pem, null, () => silent));
    const good = await judged(port, { name: true, days: 3 });
    assert.equal(good.verdict, "passed", JSON.stringify(good));
    const [row] = (good.result as { readonly rows: readonly { readonly certificate: Json; readonly timings: { readonly tlsMs: number } }[] }).rows;
    assert.partialDeepStrictEqual(row?.certificate, { names: [host, `*.${host}`], daysLeft: 4, chain: [`O=Contoso, CN=${host}`, "C=AT, O=Surveyor Lab, CN=Lab Authority"], trusted: false });
    assert.ok((row?.timings.tlsMs ?? -1) >= 0);
    assert.match((await judged(port, { days: 30 })).summary, /not as expected/);
    assert.equal((await judged(port, { trusted: true })).verdict, "failed");
    assert.equal((await judged(port, { name: "other.example" })).verdict, "failed");
  });

  it("proves nothing of a certificate that is too large to bring", async function () {
    const pem = signedBySomebody(host);
    if (!pem) return this.skip();
    const port = await started(tlsServer(pem, null, () => silent));
    const small = script.text.replace(/^LARGEST = .*$/m, "LARGEST = 100");
    const cut: ScriptRunner = { run: (to, given, from) => shell.run(to, { ...given, text: small }, from) };
    const check = httpCheck({ scripts: cut, resolve: async () => [], allowPrivate: false, clock: () => new Date() });
    const seen = await check.observe({ as: "browser", from: "web-01-test", targets: `https://127.0.0.1:${port}/`, host, script: "posix", timeout: "1m", expect: { certificate: { days: 1 } } }, { ...look, testServers: [server] });
    assert.equal(seen.verdict, "not-proved");
    assert.match(seen.diagnosis.join(), /certificate could not be brought/);
  });

  it("asks no server of the platform, however it is spelled where the script runs", async () => {
    const spelled = ["169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "::ffff:169.254.169.254", "::169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "fd00:ec2::254", "fe80::1", "168.63.129.16", "100.100.100.200"];
    const { output } = await run({ requests: encodeRequests(spelled.map((address, at) => request(`${at}`, 80, { address }))) });
    assert.deepEqual(decodeAnswers(output).map((one) => [spelled[Number(one.id)], one.outcome, one.connectMs]), spelled.map((address) => [address, "forbidden", -1]));
    const check = httpCheck({ scripts: { run: (to, given, from) => shell.run(to, { ...given, parameters: { requests: encodeRequests([request("1", 80, { address: "2852039166" })]) } }, from) }, resolve: async () => [], allowPrivate: false, clock: () => new Date() });
    const seen = await check.observe({ as: "browser", from: "web-01-test", targets: "http://metadata.example/", script: "posix", timeout: "1m", compare: [] }, { ...look, testServers: [server] });
    assert.equal(seen.verdict, "not-proved");
    assert.match(seen.diagnosis.join(), /must not be asked: its name leads to a metadata or platform address/);
  });

  it("carries a whole check: the grid of a node that is down for the load balancer alone", async () => {
    const port = await started(hostBound([host], () => "Sign in"));
    const check = httpCheck({ scripts: shell, resolve: async () => [], allowPrivate: false, clock: () => new Date() });
    const input = { as: "kemp-loadmaster-1.0", from: "web-01-test", targets: [`http://127.0.0.1:${port}/`], host, script: "posix", timeout: "1m" };
    const seen = await check.observe(input, { ...look, testServers: [server] });
    assert.equal(seen.verdict, "failed", JSON.stringify(seen));
    assert.match(seen.diagnosis[0] ?? "", /^LoadMaster will mark 127\.0\.0\.1:\d+ down: it asks HTTP\/1\.0 without Host and the server answers 400 Invalid Hostname; the browser's request succeeds/);
  });
});
