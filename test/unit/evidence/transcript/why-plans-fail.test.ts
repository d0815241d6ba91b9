import assert from "node:assert/strict";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import { renderReport } from "../../../../src/evidence/report/report.ts";
import { transcriptOf, type Transcript } from "../../../../src/evidence/transcript/transcript.ts";
import { world, type World } from "../../../fakes/drill-world.ts";
import { manual, olivia } from "../../../fakes/runbooks.ts";
import { payrollDrill } from "../fixtures/payroll-drill.ts";
import { troubledDrill } from "../fixtures/troubled-drill.ts";

const wordsOf = (t: Transcript): readonly string[] => t.whyPlansFail.map(({ words }) => words);

describe("why plans fail, of every drill", () => {
  it("says how long it took to notice, where a step marks that moment", async () => {
    const w = world([manual("break", { marks: ["disruption"] }), manual("notice", { marks: ["detected"] })]);
    const drill = await w.launch("test");
    await answer(w, drill, "break", "done");
    await w.clock.advance(12 * 60_000);
    await answer(w, drill, "notice", "done");
    const [detect] = transcriptOf(await eventsOf(w, drill)).whyPlansFail;
    assert.deepEqual(detect, { reason: "Nobody noticed, and the failover never began", measured: true, words: "12 min from the disruption until it was noticed" });
  });

  it("says plainly that it was not measured, and why", async () => {
    const w = world([manual("break", { marks: ["disruption"] }), manual("notice", { marks: ["detected"] })]);
    const drill = await w.launch("test");
    await answer(w, drill, "break", "done");
    await answer(w, drill, "notice", "failed");
    assert.match(wordsOf(transcriptOf(await eventsOf(w, drill)))[0] ?? "", /^Time to detect was not measured: "Do notice" was not done/);
    assert.match(wordsOf(transcriptOf(payrollDrill().events))[0] ?? "", /not measured: everybody knew of the drill beforehand/);
  });

  it("counts what was exercised, and what stood still for people", () => {
    const [, parts, people] = wordsOf(transcriptOf(troubledDrill()));
    assert.match(parts ?? "", /^\d+ of \d+ steps done, \d+ of \d+ servers came through; \d+ parts not exercised/);
    assert.match(people ?? "", /^.+ of .+ in which nothing moved until somebody decided; longest at ".+", /);
  });

  it("stands in the report of every drill", () => {
    for (const events of [payrollDrill().events, troubledDrill()]) {
      const page = renderReport(transcriptOf(events), { proof: { head: "", signer: null } });
      assert.match(page, /Why plans fail, and this drill[\s\S]*Nobody noticed[\s\S]*One part did not work[\s\S]*It waited for people/);
    }
  });
});

async function eventsOf(w: World, drill: string): Promise<readonly DrillEvent[]> {
  return (await w.store.read(drill)).map(({ event }) => event);
}

async function answer(w: World, drill: string, step: string, how: "done" | "failed"): Promise<void> {
  await w.give(drill, olivia, { type: "answer", step, round: 1, answer: how, reason: how === "failed" ? "nobody did" : "", ticks: [] });
}
