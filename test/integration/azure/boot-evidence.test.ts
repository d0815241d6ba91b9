import assert from "node:assert/strict";
import { asrTestFailoverCleanup } from "../../../src/actions/asr-test-failover-cleanup.ts";
import { look, planId, rehearsal, send, testFailoverInput } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

describe("what is kept of test servers before they are deleted", () => {
  let r: Rehearsal;
  beforeEach(async () => {
    r = await rehearsal();
  });
  afterEach(() => r.simulator.close());

  const kept = async (seen = look()) => ({ files: (await asrTestFailoverCleanup({ ...r.azure, clock: r.clock }).evidence?.({ plan: planId }, seen)) ?? [], seen });

  it("is the screen and the serial log of each, and the addresses they lay at are nowhere", async () => {
    await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    r.passSeconds(400);
    const { files, seen } = await kept();
    assert.deepEqual(files.map(({ name, mediaType }) => `${name} ${mediaType}`), ["sql-payroll-test", "web-01-test", "web-02-test"].flatMap((name) => [`${name}-screen.bmp image/bmp`, `${name}-serial.log text/plain`]));
    assert.ok(files.every(({ bytes }) => bytes.length > 50));
    assert.doesNotMatch(JSON.stringify(seen.records), /sig=|blob\.core/);
    assert.equal(seen.records.filter(({ path }) => path.includes("retrieveBootDiagnosticsData")).length, 3);
  });

  it("is nothing where there is no test server, and where Azure does not give it: the cleanup goes on", async () => {
    assert.deepEqual((await kept()).files, []);
    await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    r.passSeconds(400);
    r.simulator.add({ kind: "answer", status: 403, on: { path: "retrieveBootDiagnosticsData" }, times: null });
    assert.deepEqual((await kept()).files, []);
  });
});
