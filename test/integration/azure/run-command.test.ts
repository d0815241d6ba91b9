import assert from "node:assert/strict";
import { decodeAnswers, encodeRequests } from "../../../src/checks/http/wire.ts";
import type { ProbeAnswer, ProbeRequest } from "../../../src/checks/http/wire.ts";
import type { TestServer } from "../../../src/drills/events.ts";
import { look, planId, probeScript, rehearsal, send, subscription, testFailoverInput, whileTimePasses } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

const machine = (name: string): TestServer => ({ name, id: `/subscriptions/${subscription}/resourceGroups/rg-dr-test/providers/Microsoft.Compute/virtualMachines/${name}` });

describe("a script on a test server through run command", () => {
  let r: Rehearsal;
  beforeEach(async () => {
    r = await rehearsal({ pace: 1000 });
    await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    r.passSeconds(300);
  });
  afterEach(() => r.simulator.close());

  const probe = (id: string, address: string, text: string, more: Partial<ProbeRequest> = {}): ProbeRequest => ({ id, address, port: 80, tls: null, timeoutMs: 60_000, maxBytes: 2000, bytes: Buffer.from(text), ...more });
  const run = (script: string, requests: readonly ProbeRequest[], seen = look()) =>
    whileTimePasses(r, () => r.azure.scripts.run(machine("web-01-test"), { name: "http-probe", text: script, parameters: { requests: encodeRequests(requests) }, timeoutMs: 5000 }, seen));
  const answers = async (...requests: readonly ProbeRequest[]) => decodeAnswers((await run(probeScript, requests)).output);
  const text = (answer: ProbeAnswer | undefined) => Buffer.from(answer?.received ?? []).toString("latin1");

  it("reaches a site by its Host header alone", async () => {
    const [up, head, other] = await answers(
      probe("1", "10.50.0.11", "GET / HTTP/1.1\r\nHost: payroll.contoso.example\r\n\r\n"),
      probe("2", "10.50.0.12", "HEAD / HTTP/1.1\r\nHost: NTRIP.surveyor.lab:80\r\n\r\n"),
      probe("3", "10.50.0.12", "GET /none HTTP/1.0\r\nHost: payroll.contoso.example\r\n\r\n"),
    );
    assert.match(text(up), /^HTTP\/1\.1 200 OK\r\n[^]*<title>Contoso Payroll<\/title>/);
    assert.match(text(head), /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/);
    assert.match(text(other), /^HTTP\/1\.1 404 Not Found\r\n[^]*Connection: close/);
  });

  it("gets what HTTP.sys gives without a Host, with an unknown one, or with the address", async () => {
    const all = await answers(
      probe("none", "10.50.0.11", "GET / HTTP/1.0\r\n\r\n"),
      probe("none-1.1", "10.50.0.11", "HEAD / HTTP/1.1\r\n\r\n"),
      probe("address", "10.50.0.11", "GET / HTTP/1.1\r\nHost: 10.50.0.11\r\n\r\n"),
    );
    for (const answer of all) {
      assert.equal(answer.outcome, "answered");
      assert.match(text(answer), /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: text\/html; charset=us-ascii\r\nServer: Microsoft-HTTPAPI\/2\.0\r\n/);
      assert.match(text(answer), /\r\nConnection: close\r\nContent-Length: 334\r\n\r\n/);
    }
    assert.match(text(all[0]), /<h2>Bad Request - Invalid Hostname<\/h2>\r\n<hr><p>HTTP Error 400\. The request hostname is invalid\.<\/p>/);
  });

  it("reaches nothing but the test network's running servers", async () => {
    const get = "GET / HTTP/1.1\r\nHost: payroll.contoso.example\r\n\r\n";
    const all = await answers(probe("1", "127.0.0.1", get), probe("2", "10.50.0.99", get), probe("3", "10.50.0.10", get), probe("4", "10.50.0.11", get, { port: 8080 }), probe("5", "10.50.0.11", get, { tls: { sni: null } }));
    assert.deepEqual(all.map((answer) => answer.outcome), ["timed-out", "timed-out", "timed-out", "timed-out", "tls-failed"]);
  });

  it("runs no script but Drillbook's own", async () => {
    const result = await run("Remove-Item C:\\ -Recurse", []);
    assert.deepEqual([result.exitCode, result.output], [1, ""]);
    assert.match(result.error, /^The simulator runs only Drillbook's own scripts; script [0-9a-f]{64} is unknown\.$/);
  });

  it("passes parameters as data, and deletes the command whatever happened", async () => {
    const seen = look();
    await run(probeScript, [probe("1", "10.50.0.11", "GET / HTTP/1.0\r\n\r\n")], seen);
    const put = r.simulator.requests.find((request) => request.method === "PUT");
    const body = JSON.parse(put?.body ?? "");
    assert.equal(body.properties.source.script, probeScript);
    assert.deepEqual(body.properties.parameters.map((one: { name: string }) => one.name), ["requests"]);
    const last = r.simulator.requests.at(-1);
    assert.deepEqual([last?.method, last?.path.split("?")[0]], ["DELETE", put?.path.split("?")[0]]);
    assert.deepEqual(seen.records.map((record) => record.method), r.simulator.requests.slice(1).map((request) => request.method));

    r.simulator.add({ kind: "answer", status: 403, on: { method: "GET", path: "runCommands" }, times: 1 });
    await assert.rejects(run(probeScript, []), (error: { code?: string }) => error.code === "azure-refused");
    assert.equal(r.simulator.requests.at(-1)?.method, "DELETE");
  });

  it("keeps the last 4 KB of what a script prints, so that a cut is noticed", async () => {
    const page = (id: string) => probe(id, "10.50.0.11", "GET / HTTP/1.1\r\nHost: payroll.contoso.example\r\n\r\n");
    await assert.rejects(answers(...Array.from({ length: 12 }, (_, index) => page(`${index}`))), (error: { code?: string }) => error.code === "bad-input");
  });

  it("finds no server before its test failover, nor after its clean-up", async () => {
    await r.azure.writer.testFailoverCleanup(planId, "", send(r.clock));
    r.passSeconds(120);
    await assert.rejects(run(probeScript, []), (error: { code?: string }) => error.code === "not-found");
  });
});
