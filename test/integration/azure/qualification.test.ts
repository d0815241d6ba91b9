import assert from "node:assert/strict";
import { asrUnplannedFailover } from "../../../src/actions/asr-unplanned-failover.ts";
import { judge } from "../../../src/actions/qualification/compare.ts";
import { qualificationSteps, runQualification } from "../../../src/actions/qualification/run.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { look, networkId, planId, posts, rehearsal } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

describe("a qualification against a vault", () => {
  let r: Rehearsal;
  const qualified = async (provider: "A2A" | "HyperVReplicaAzure", upset: (r: Rehearsal) => void = () => undefined) => {
    r = await rehearsal({ estate: { ...payroll, vaults: payroll.vaults.map((vault) => ({ ...vault, provider })) } });
    upset(r);
    const item = (await r.azure.reader.servers(planId, look()))[1]?.id ?? "";
    let ids = 0;
    const sleep = async (ms: number): Promise<void> => r.passSeconds(ms / 1000);
    return runQualification({ ...r.azure, clock: r.clock, pollMs: 15_000, settlingMs: 60_000, newId: () => `qualify-${(ids += 1)}`, sleep, signal: look().signal, onStep: () => undefined }, item, networkId);
  };
  afterEach(() => r.simulator.close());

  for (const provider of ["A2A", "HyperVReplicaAzure"] as const) {
    it(`takes one server of ${provider} through every step, each sent once`, async () => {
      const seen = await qualified(provider);
      assert.deepEqual(seen.map(({ step }) => step), qualificationSteps(provider));
      assert.deepEqual(judge(seen, seen, qualificationSteps(provider)), { qualified: true, reasons: [], differences: [] });
      assert.equal(posts(r.simulator).length, seen.length);
      assert.ok(seen[0]?.requests.some(({ method }) => method === "POST"));
    });
  }

  it("cleans up after a test failover that failed, and goes no further", async () => {
    const error = { code: "28031", message: "No vCPU left.", possibleCauses: "Quota.", recommendedAction: "Raise it." };
    const seen = await qualified("A2A", ({ simulator }) => simulator.add({ kind: "server-fails", server: "web-01", error, jobEnds: "Failed", times: 1 }));
    assert.deepEqual(seen.map(({ step, outcome }) => `${step} ${outcome}`), ["test-failover failed", "cleanup succeeded"]);
    const verdict = judge(seen, seen, qualificationSteps("A2A"));
    assert.deepEqual([verdict.qualified, verdict.reasons[0]?.startsWith("test-failover failed")], [false, true]);
  });

  it("finds what a lost answer started, and never sends it again", async () => {
    const seen = await qualified("A2A", ({ simulator }) => simulator.add({ kind: "lost-answer", on: { method: "POST" }, times: 1 }));
    assert.equal(seen[0]?.outcome, "succeeded");
    assert.equal(posts(r.simulator).length, 5);
  });

  it("is what a real failover asks for before anything is sent", async () => {
    r = await rehearsal();
    const action = asrUnplannedFailover({ reader: r.azure.reader, writer: r.azure.writer, clock: r.clock, qualified: (provider) => provider === "HyperVReplicaAzure" });
    await assert.rejects(action.preview({ plan: planId }, look()), (e: { code?: string; message?: string }) => e.code === "not-now" && /not qualified for A2A/.test(e.message ?? ""));
  });
});
