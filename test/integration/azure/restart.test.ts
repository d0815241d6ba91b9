import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connected, handClock, look, planId, rehearsal, send, testFailoverInput } from "./rehearsal.ts";

describe("a simulator that is restarted", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "drillbook-simulator-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("goes on with its jobs, at the same ids and times", async () => {
    const stateFile = join(folder, "azure", "world.jsonl");
    const first = await rehearsal({ stateFile });
    const { jobId } = await first.azure.writer.testFailover(planId, testFailoverInput, send(first.clock));
    first.passSeconds(60);
    const before = await first.azure.reader.job(jobId, look());
    await first.simulator.close();
    // A crash in the middle of a line: it was never answered.
    appendFileSync(stateFile, '{"type":"job.star');

    const hand = handClock("2026-11-20T08:01:00Z");
    const second = await rehearsal({ stateFile, seed: "another", clock: hand.clock });
    const azure = connected(second.simulator, hand.clock);
    assert.deepEqual(await azure.reader.job(jobId, look()), before);
    hand.passSeconds(240);
    assert.equal((await azure.reader.job(jobId, look())).state, "Succeeded");
    await azure.writer.testFailoverCleanup(planId, "", send(hand.clock));
    await second.simulator.close();

    const third = await rehearsal({ stateFile });
    assert.deepEqual(third.simulator.counts(), { starts: { "rp-payroll": 1 }, cleanups: { "rp-payroll": 1 } });
    await third.simulator.close();
  });

  it("knows a test failover whose answer was lost", async () => {
    const stateFile = join(folder, "world.jsonl");
    const first = await rehearsal({ stateFile });
    first.simulator.add({ kind: "lost-answer", on: { method: "POST" }, times: 1 });
    await assert.rejects(first.azure.writer.testFailover(planId, testFailoverInput, send(first.clock, "drill-9-tfo")));
    await first.simulator.close();

    const second = await rehearsal({ stateFile });
    const jobs = await second.azure.reader.jobsSince(planId, new Date("2026-11-20T08:00:00Z"), look());
    assert.deepEqual(jobs.map((job) => job.activityId.split(" ")[0]), ["drill-9-tfo"]);
    await second.simulator.close();
  });
});

describe("the simulator's own door", () => {
  it("counts, logs and takes misfortunes, from this machine's programs alone", async () => {
    const r = await rehearsal();
    const door = (path: string, init: RequestInit = {}) => fetch(`${r.simulator.url}/__simulator/${path}`, init);
    const misfortune = { kind: "answer", status: 500, on: { method: "POST" }, times: 1 };
    assert.equal((await door("misfortunes", { method: "POST", body: JSON.stringify(misfortune) })).status, 200);
    assert.equal((await door("misfortunes", { method: "POST", body: JSON.stringify({ kind: "fire" }) })).status, 400);
    await assert.rejects(r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock)));
    await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    assert.deepEqual(await (await door("counts")).json(), { starts: { "rp-payroll": 1 }, cleanups: {} });
    const seen: readonly { status: number }[] = JSON.parse(await (await door("requests")).text());
    assert.deepEqual(seen.map((one) => one.status), [500, 202]);
    assert.equal((await door("counts", { headers: { origin: "https://evil.example" } })).status, 403);
    await r.simulator.close();
  });
});
