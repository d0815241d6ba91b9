import assert from "node:assert/strict";
import { stepOf } from "../../../src/drills/state.ts";
import { approveBoth, world, type World } from "../../fakes/drill-world.ts";
import { olivia } from "../../fakes/runbooks.ts";

const approved = async (mode: "live" | "test"): Promise<{ w: World; drill: string }> => {
  const w = world();
  w.signing.upTo = 3;
  const drill = await w.launch(mode);
  await approveBoth(w, drill);
  return { w, drill };
};

describe("runner: a live action and the signature over its approval", () => {
  it("waits for it, and sends nothing before", async () => {
    const { w, drill } = await approved("live");
    await w.clock.advance(5_000);
    assert.deepEqual(w.failover.starts, []);
    w.signing.upTo = stepOf(await w.state(drill), "approve")?.approval?.grantedSeq ?? Infinity;
    await w.clock.advance(1_000);
    assert.equal(w.failover.starts.length, 1);
  });

  it("tells the operator when there is none for a minute; a retry sends once there is, on the same approval", async () => {
    const { w, drill } = await approved("live");
    await w.clock.advance(62_000);
    const failed = stepOf(await w.state(drill), "failover");
    assert.equal(failed?.status, "failing");
    assert.match(failed.blocked?.message ?? "", /signed checkpoint: nothing was sent/);
    assert.deepEqual(w.failover.starts, []);
    w.signing.upTo = Infinity;
    assert.equal((await w.give(drill, olivia, { type: "retry", step: "failover", round: 1, reason: "signer mended" })).refused, null);
    await w.clock.advance(1_000);
    assert.equal(w.failover.starts.length, 1);
  });

  it("is not waited for by a test failover", async () => {
    const { w } = await approved("test");
    await w.clock.advance(1_000);
    assert.equal(w.failover.starts.length, 1);
  });
});
