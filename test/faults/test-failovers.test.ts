import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asrTestFailover } from "../../src/actions/asr-test-failover.ts";
import { DrillbookError } from "../../src/errors.ts";
import type { Misfortune } from "../../src/simulator/misfortunes.ts";
import { connected, look, networkId, planId, posts, rehearsal, send } from "../integration/azure/rehearsal.ts";

const times = process.env["TEST_FULL"] === "1" ? 1_000 : 60;
const onPost = { method: "POST", path: "/testFailover$" };
const misfortunes: readonly Misfortune[] = [
  { kind: "lost-answer", on: onPost, times: 1 },
  { kind: "reset", on: onPost, times: 1 },
  { kind: "answer", status: 500, on: onPost, times: 1 },
  { kind: "answer", status: 503, retryAfterSeconds: 0, on: onPost, times: 1 },
  { kind: "answer", status: 403, on: { method: "GET", path: "operationstatus|operationresults" }, times: 1 },
];
const input = { plan: planId, network: networkId, recoveryPoint: "latest-processed" };

describe("many test failovers on bad days", function () {
  this.timeout(600_000);

  it(`start at most once each, and every outcome is known or asked (${times})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "test-failovers-"));
    const r = await rehearsal({ stateFile: join(folder, "simulated-azure.json") });
    const azure = connected(r.simulator, r.clock, { timeoutMs: 60_000 });
    const failover = asrTestFailover({ reader: azure.reader, writer: azure.writer, clock: r.clock });
    const outcomes = { known: 0, adopted: 0, asked: 0 };
    try {
      for (let n = 0; n < times; n += 1) {
        const misfortune = misfortunes[n % misfortunes.length];
        if (misfortune !== undefined) r.simulator.add(misfortune);
        const startsBefore = r.simulator.counts().starts["rp-payroll"] ?? 0;
        const since = r.clock();
        const sentBefore = posts(r.simulator).length;
        let handle: string | null = null;
        try {
          handle = (await failover.start(input, send(r.clock, `drill-${n}`))).handle;
          outcomes.known += 1;
        } catch (thrown) {
          assert.ok(thrown instanceof DrillbookError && thrown.code === "outcome-unknown", `drill-${n}: ${String(thrown)}`);
          handle = (await failover.find(input, `drill-${n}`, since, look()))?.handle ?? null;
          outcomes[handle === null ? "asked" : "adopted"] += 1;
        }
        const started = (r.simulator.counts().starts["rp-payroll"] ?? 0) - startsBefore;
        assert.equal(posts(r.simulator).length - sentBefore, 1, `drill-${n} sent once`);
        assert.equal(started, handle === null ? 0 : 1, `drill-${n}: what we know is what happened`);
        r.simulator.clearMisfortunes();
        if (handle === null) continue;
        r.passSeconds(400);
        assert.equal((await failover.follow(handle, input, look())).state, "succeeded");
        await azure.writer.testFailoverCleanup(planId, "over", send(r.clock, `cleanup-${n}`));
        r.passSeconds(200);
      }
      assert.equal(outcomes.known + outcomes.adopted + outcomes.asked, times);
      assert.deepEqual(outcomes, { known: times / 5, adopted: times / 5, asked: (times * 3) / 5 });
    } finally {
      await r.simulator.close();
      rmSync(folder, { recursive: true });
    }
  });
});
