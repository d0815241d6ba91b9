import assert from "node:assert/strict";
import { DrillbookError } from "../../../src/errors.ts";
import type { Step } from "../../../src/runbooks/runbook.ts";
import { approveBoth, world, type World } from "../../fakes/drill-world.ts";
import { action, approval, manual, olivia } from "../../fakes/runbooks.ts";

/** Approved together; the targets change once the first of them has run. */
async function changedBetween(steps: readonly Step[], mode: "test" | "live" = "test"): Promise<{ readonly w: World; readonly drill: string }> {
  const w = world(steps);
  const before = w.failover.preview_();
  w.failover.preview_ = () => (w.failover.starts.length === 0 ? before : { ...before, targets: [...before.targets, { id: "/vm/2", name: "dc-01" }] });
  const drill = await w.launch(mode);
  await approveBoth(w, drill);
  return { w, drill };
}

const two = [approval("approve"), action("first"), action("second")];

describe("an approval that is void at the second of two actions", () => {
  it("sends the second one back, which waits for the approval and does not fail", async () => {
    const { w, drill } = await changedBetween(two);
    const { steps, open } = await w.state(drill);
    assert.equal(w.failover.starts.length, 1);
    assert.deepEqual([steps[0]?.approval?.status, open, steps[2]?.status, steps[2]?.blocked ?? null], ["voided", ["approve"], "pending", null]);
  });

  it("lets it run once the approval is given again, without another word", async () => {
    const { w, drill } = await changedBetween(two);
    await w.give(drill, olivia, { type: "retry", step: "approve", round: 1, reason: "" });
    await approveBoth(w, drill, 2);
    assert.equal(w.failover.starts.length, 2);
  });

  for (const onFail of ["stop", "rollback"] as const) {
    it(`ends nothing where a failure of the action means "${onFail}": it did not fail`, async () => {
      const { w, drill } = await changedBetween([approval("approve"), action("first"), action("second", { onFail })]);
      const { status, cleanup } = await w.state(drill);
      assert.deepEqual([status, cleanup, w.cleanup.starts.length], ["running", null, 0]);
    });
  }

  it("is asked again for what has not run yet: what has run could not begin now, as no test failover can twice", async () => {
    const w = world([approval("approve"), action("first"), action("second", { type: "fake-commit" })]);
    const [first, second] = [w.failover.preview_(), w.commit.preview_()];
    w.failover.preview_ = () => {
      if (w.failover.starts.length > 0) throw new DrillbookError("not-now", "web-01 has a test failover already.", "Clean it up first.");
      return first;
    };
    w.commit.preview_ = () => (w.failover.starts.length === 0 ? second : { ...second, planDigest: "p2" });
    const drill = await w.launch("test");
    await approveBoth(w, drill);
    await w.give(drill, olivia, { type: "retry", step: "approve", round: 1, reason: "" });
    const [step] = (await w.state(drill)).steps;
    assert.deepEqual([step?.blocked?.message, step?.approval?.status], [undefined, "asked"]);
    await approveBoth(w, drill, 2);
    assert.equal(w.commit.starts.length, 1);
  });

  it("is not tried again and again where the runbook repeats what failed", async () => {
    const { w, drill } = await changedBetween([approval("approve"), action("first"), action("second", { retry: { attempts: 3, afterMs: 1_000 } })]);
    await w.clock.advance(60_000);
    assert.ok(((await w.state(drill)).steps[2]?.round ?? 0) <= 1, `attempt ${(await w.state(drill)).steps[2]?.round}`);
  });
});

describe("an approval of an action that stands above it in a drill of an earlier release", () => {
  const below = [action("first", { needs: ["look"] }), approval("approve", { needs: [] }), manual("look", { needs: ["approve"] })];

  it("names the action, and is void when its targets change", async () => {
    const w = world(below);
    const drill = await w.launch("test");
    const asked = (await w.state(drill)).steps[1]?.approval;
    assert.deepEqual(asked?.previews.length, 1);
    await approveBoth(w, drill);
    const before = w.failover.preview_();
    w.failover.preview_ = () => ({ ...before, targets: [...before.targets, { id: "/vm/2", name: "dc-01" }] });
    await w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "done", reason: "", ticks: [], values: {} });
    const { steps, open } = await w.state(drill);
    assert.deepEqual([w.failover.starts.length, steps[1]?.approval?.status, open], [0, "voided", ["approve"]]);
  });
});
