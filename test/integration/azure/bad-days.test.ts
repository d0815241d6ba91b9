import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Misfortune } from "../../../src/simulator/misfortunes.ts";
import { connected, look, planId, posts, rehearsal, send, testFailoverInput } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** For what is never answered: longer than a machine stands still, because the request has to arrive all the same. */
const silence = { timeoutMs: 3_000 };
const onPost = { method: "POST", path: "/testFailover$" };
const coded = (code: string) => (error: { code?: string }) => error.code === code;

describe("the writer on a bad day", () => {
  let r: Rehearsal;
  beforeEach(async () => {
    r = await rehearsal();
  });
  afterEach(() => r.simulator.close());

  const start = (tag?: string) => r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock, tag));

  it("knows the job although every poll would be answered 403", async () => {
    r.simulator.add({ kind: "answer", status: 403, on: { method: "GET", path: "operationstatus|operationresults" }, times: null });
    const { jobId } = await start();
    assert.equal((await r.azure.reader.job(jobId, look())).state, "NotStarted");
  });

  const once: readonly { name: string; misfortune: Misfortune; code: string; started: number }[] = [
    { name: "500", misfortune: { kind: "answer", status: 500, on: onPost, times: null }, code: "outcome-unknown", started: 0 },
    { name: "503 with Retry-After", misfortune: { kind: "answer", status: 503, retryAfterSeconds: 0, on: onPost, times: null }, code: "outcome-unknown", started: 0 },
    { name: "408", misfortune: { kind: "answer", status: 408, on: onPost, times: null }, code: "outcome-unknown", started: 0 },
    { name: "a reset", misfortune: { kind: "reset", on: onPost, times: null }, code: "outcome-unknown", started: 0 },
    { name: "a lost answer", misfortune: { kind: "lost-answer", on: onPost, times: null }, code: "outcome-unknown", started: 1 },
    { name: "no answer at all", misfortune: { kind: "hang", on: onPost, times: null }, code: "outcome-unknown", started: 0 },
    { name: "429", misfortune: { kind: "answer", status: 429, on: onPost, times: null }, code: "azure-throttled", started: 0 },
    { name: "429 with Retry-After", misfortune: { kind: "answer", status: 429, retryAfterSeconds: 0, on: onPost, times: null }, code: "azure-throttled", started: 0 },
    { name: "401", misfortune: { kind: "answer", status: 401, on: onPost, times: null }, code: "azure-refused", started: 0 },
    { name: "403", misfortune: { kind: "answer", status: 403, on: onPost, times: null }, code: "azure-refused", started: 0 },
    { name: "404", misfortune: { kind: "answer", status: 404, on: onPost, times: null }, code: "azure-refused", started: 0 },
  ];
  for (const { name, misfortune, code, started } of once) {
    it(`sends exactly once and says ${code} on ${name}`, async () => {
      r.simulator.add(misfortune);
      const azure = connected(r.simulator, r.clock, misfortune.kind === "hang" ? silence : {});
      await assert.rejects(azure.writer.testFailover(planId, testFailoverInput, send(r.clock)), coded(code));
      assert.equal(posts(r.simulator).length, 1);
      assert.equal(r.simulator.counts().starts["rp-payroll"] ?? 0, started);
    });
  }

  it("sends nothing at or after its send-by time", async () => {
    const sending = send(r.clock);
    await assert.rejects(r.azure.writer.testFailover(planId, testFailoverInput, { ...sending, sendBy: r.clock() }), coded("not-now"));
    assert.deepEqual([r.simulator.requests, sending.records], [[], []]);
  });

  it("checks the send-by time after the token, which may take long to come", async () => {
    const slowToken = async () => {
      r.passSeconds(61);
      return { token: "simulated", expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
    };
    const azure = connected(r.simulator, r.clock, { credential: { getToken: slowToken } });
    await assert.rejects(azure.writer.testFailover(planId, testFailoverInput, send(r.clock)), coded("not-now"));
    assert.deepEqual(r.simulator.requests, []);
  });

  it("gives up at the send-by time when no answer has come", async () => {
    r.simulator.add({ kind: "hang", on: onPost, times: null });
    const sendBy = new Date(r.clock().getTime() + 50);
    await assert.rejects(r.azure.writer.testFailover(planId, testFailoverInput, { ...send(r.clock), sendBy }), coded("outcome-unknown"));
  });

  it("says not-now when nobody listens, and when the credential fails", async () => {
    await r.simulator.close();
    await assert.rejects(start(), coded("not-now"));
    const noToken = async () => {
      throw Object.assign(new Error("No identity is set up.\nDetails"), { name: "CredentialUnavailableError" });
    };
    await assert.rejects(connected(r.simulator, r.clock, { credential: { getToken: noToken } }).writer.testFailover(planId, testFailoverInput, send(r.clock)), (error: { code?: string; message?: string }) => {
      assert.equal(error.code, "not-now");
      assert.equal(error.message, "Drillbook could not sign in to Azure: No identity is set up.");
      return true;
    });
  });

  it("does not know the outcome when its caller stops it", async () => {
    r.simulator.add({ kind: "hang", on: onPost, times: null });
    const stop = new AbortController();
    const ended = assert.rejects(r.azure.writer.testFailover(planId, testFailoverInput, { ...send(r.clock), signal: stop.signal }), coded("outcome-unknown"));
    while (posts(r.simulator).length === 0) await pause(5);
    stop.abort();
    await ended;
  });

  it("refuses input that the SDK would drop silently, foreign ids and foreign subscriptions", async () => {
    const input = { failoverDirection: "PrimaryToRecovery", networkType: "VmNetworkAsInput", providerSpecificDetails: [], speed: "high" };
    await assert.rejects(r.azure.writer.testFailover(planId, input, send(r.clock)), coded("bad-input"));
    await assert.rejects(r.azure.writer.testFailover(`${planId}/../x`, testFailoverInput, send(r.clock)), coded("bad-input"));
    const elsewhere = planId.replace("000000000001", "000000000002");
    await assert.rejects(r.azure.writer.testFailover(elsewhere, testFailoverInput, send(r.clock)), coded("not-allowed"));
    assert.deepEqual(r.simulator.requests, []);
  });
});

describe("the reader on a bad day", () => {
  let r: Rehearsal;
  beforeEach(async () => {
    r = await rehearsal();
  });
  afterEach(() => r.simulator.close());

  it("tries again on 500, reset and hang, and keeps every attempt on record", async () => {
    r.simulator.add({ kind: "answer", status: 500, on: { path: "replicationRecoveryPlans" }, times: 1 });
    r.simulator.add({ kind: "reset", on: { path: "replicationRecoveryPlans" }, times: 1 });
    r.simulator.add({ kind: "hang", on: { path: "replicationRecoveryPlans" }, times: 1 });
    const seen = look();
    const azure = connected(r.simulator, r.clock, silence);
    assert.equal((await azure.reader.plan(planId, seen)).name, "rp-payroll");
    assert.deepEqual(seen.records.map((record) => record.status), [500, null, null, 200]);
    assert.equal(new Set(seen.records.map((record) => record.clientRequestId)).size, 1, "one id over all attempts of a call");
  });

  it("tells throttling, refusal, absence and silence apart", async () => {
    // Each from a process of its own: one that was throttled would go on waiting.
    const plan = () => connected(r.simulator, r.clock).reader.plan(planId, look());
    r.simulator.add({ kind: "answer", status: 429, on: {}, times: 1 });
    await assert.rejects(plan(), coded("azure-throttled"));
    r.simulator.add({ kind: "answer", status: 429, retryAfterSeconds: 3600, on: {}, times: 1 });
    await assert.rejects(plan(), coded("azure-throttled"));
    r.simulator.add({ kind: "answer", status: 403, on: {}, times: 1 });
    await assert.rejects(plan(), coded("azure-refused"));
    await assert.rejects(r.azure.reader.plan(`${planId}-2`, look()), coded("not-found"));
    r.simulator.add({ kind: "answer", status: 500, on: {}, times: null });
    await assert.rejects(plan(), coded("azure-unreachable"));
    r.simulator.clearMisfortunes();
    await r.simulator.close();
    await assert.rejects(plan(), coded("azure-unreachable"));
  });

  it("waits out a short Retry-After", async () => {
    r.simulator.add({ kind: "answer", status: 429, retryAfterSeconds: 0, on: {}, times: 2 });
    assert.equal((await r.azure.reader.plan(planId, look())).name, "rp-payroll");
  });

  it("keeps the records of calls at the same time apart, and no secret in them", async () => {
    const looks = Array.from({ length: 8 }, look);
    await Promise.all(looks.map((one, index) => (index % 2 === 0 ? r.azure.reader.servers(planId, one) : r.azure.reader.plan(planId, one))));
    for (const [index, one] of looks.entries()) {
      assert.equal(one.records.length, index % 2 === 0 ? 2 : 1);
      assert.equal(one.records.filter((record) => record.path.includes("replicationProtectedItems")).length, index % 2 === 0 ? 1 : 0);
      assert.ok(one.records.every((record) => record.requestId !== null && record.correlationId !== null && record.status === 200));
      assert.doesNotMatch(JSON.stringify(one.records), /simulated|bearer|authorization/i);
    }
    const ids = looks.flatMap((one) => one.records.map((record) => record.correlationId));
    assert.equal(new Set(ids).size, ids.length);
  });

  it("records a write with its tag, its job's request id and the hash of its body", async () => {
    const sending = send(r.clock);
    const { jobId } = await r.azure.writer.testFailover(planId, testFailoverInput, sending);
    const [record, ...more] = sending.records;
    assert.deepEqual(more, []);
    assert.deepEqual([record?.method, record?.path, record?.status, record?.clientRequestId], ["POST", `${planId}/testFailover?api-version=2023-06-01`, 202, "drill-7-tfo-1"]);
    assert.match(record?.bodySha256 ?? "", /^[0-9a-f]{64}$/);
    assert.equal(record?.requestId?.toLowerCase(), jobId.toLowerCase());
  });
});
