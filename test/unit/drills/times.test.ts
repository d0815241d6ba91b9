import assert from "node:assert/strict";
import { timesOf } from "../../../src/drills/times.ts";
import { approveBoth, world, type World } from "../../fakes/drill-world.ts";
import { failed, passed } from "../../fakes/outside-world.ts";
import { approval, check, manual, olivia } from "../../fakes/runbooks.ts";

/** In whole seconds: what each step waited for decisions, and the drill over all. */
async function waited(w: World, drill: string): Promise<{ steps: Record<string, number>; drill: number }> {
  const times = timesOf(await w.state(drill), w.clock.now());
  const seconds = (ms: number): number => Math.round(ms / 1_000);
  return { steps: Object.fromEntries(times.steps.map((s) => [s.step, seconds(s.waitedMs)])), drill: seconds(times.waitingMs) };
}

describe("the time in which a drill waits for decisions", () => {
  it("adds up over separate waits, those of one step and those of several, and leaves out the work between", async () => {
    const w = world([approval("approve"), manual("work"), check("look"), manual("last")]);
    w.health.observe_ = () => failed;
    const drill = await w.launch();
    await w.clock.advance(60_000);
    await approveBoth(w, drill);
    assert.deepEqual(await waited(w, drill), { steps: { approve: 60, work: 0, look: 0, last: 0 }, drill: 60 });
    await w.clock.advance(100_000);
    await w.give(drill, olivia, { type: "answer", step: "work", round: 1, answer: "done", reason: "", ticks: [] });
    await w.clock.advance(30_000);
    assert.deepEqual(await waited(w, drill), { steps: { approve: 60, work: 0, look: 30, last: 0 }, drill: 90 }, "what still runs counts");
    await w.give(drill, olivia, { type: "retry", step: "look", round: 1, reason: "" });
    await w.clock.advance(20_000);
    assert.deepEqual(await waited(w, drill), { steps: { approve: 60, work: 0, look: 50, last: 0 }, drill: 110 }, "a step that waits again goes on counting");
    w.health.observe_ = () => passed;
    await w.give(drill, olivia, { type: "retry", step: "look", round: 2, reason: "" });
    await w.clock.advance(40_000);
    assert.deepEqual(await waited(w, drill), { steps: { approve: 60, work: 0, look: 50, last: 0 }, drill: 110 });
  });
});
