import assert from "node:assert/strict";
import type { PersonCommand } from "../../../src/drills/commands.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import { commandOfWords } from "../../../src/bot/commands/drill-words.ts";
import { parse } from "../../../src/bot/commands/parse.ts";
import { mayNow, waitsFor } from "../../../src/people/may-now.ts";
import { approveBoth, codeOfStep, planned, world, type World } from "../../fakes/drill-world.ts";
import { amir, bea, manual, olivia, ravi } from "../../fakes/runbooks.ts";

const stranger = { id: "mallory", name: "Mallory" };
const people = { olivia, amir, bea, ravi, stranger };
const words = ["done", "failed", "skip", "retry", "continue", "approve", "reject", "look again", "not started", "undo again", "leave it", "sign as owner", "sign as reviewer", "clean up", "abort", "note"];

type Moment = { readonly name: string; readonly reach: () => Promise<readonly [World, string]>; readonly may: Readonly<Record<keyof typeof people, string>> };

/** Every role in every moment of a drill; whatever is not listed is refused. */
const matrix: readonly Moment[] = [
  {
    name: "a step waits to be done",
    reach: async () => launched([manual("look")]),
    may: { olivia: "done failed skip clean up abort note", amir: "clean up abort note", bea: "clean up abort note", ravi: "note", stranger: "" },
  },
  {
    name: "a guard waits to be done",
    reach: async () => launched([manual("look", { guard: true })]),
    may: { olivia: "done failed clean up abort note", amir: "clean up abort note", bea: "clean up abort note", ravi: "note", stranger: "" },
  },
  {
    name: "a step has failed",
    reach: async () => after([manual("look")], (w, drill) => w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "failed", reason: "r", ticks: [] })),
    may: { olivia: "skip retry continue clean up abort note", amir: "clean up abort note", bea: "clean up abort note", ravi: "note", stranger: "" },
  },
  {
    name: "an approval is asked",
    reach: async () => launched(planned),
    may: { olivia: "clean up abort note", amir: "approve reject clean up abort note", bea: "approve reject clean up abort note", ravi: "note", stranger: "" },
  },
  {
    name: "one of two has approved",
    reach: async () => after(planned, async (w, drill) => w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "approve", code: await codeOfStep(w, drill, "approve"), reason: "" })),
    may: { olivia: "clean up abort note", amir: "clean up abort note", bea: "approve reject clean up abort note", ravi: "note", stranger: "" },
  },
  {
    name: "an approval was rejected",
    reach: async () => after(planned, async (w, drill) => w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "reject", code: await codeOfStep(w, drill, "approve"), reason: "r" })),
    may: { olivia: "retry clean up abort note", amir: "clean up abort note", bea: "clean up abort note", ravi: "note", stranger: "" },
  },
  {
    name: "everything is cleaned up and waits for signatures",
    reach: async () => after([manual("look")], (w, drill) => w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "done", reason: "", ticks: [] })),
    may: { olivia: "sign as owner note", amir: "note", bea: "note", ravi: "sign as reviewer note", stranger: "" },
  },
  {
    name: "the drill has ended",
    reach: async () =>
      after([manual("look")], async (w, drill) => {
        await w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "done", reason: "", ticks: [] });
        await w.give(drill, olivia, { type: "sign", as: "owner", statement: "" });
        await w.give(drill, ravi, { type: "sign", as: "reviewer", statement: "" });
      }),
    may: { olivia: "note", amir: "note", bea: "note", ravi: "note", stranger: "" },
  },
];

async function launched(steps: Parameters<typeof world>[0]): Promise<readonly [World, string]> {
  const w = world(steps);
  return [w, await w.launch()];
}

async function after(steps: Parameters<typeof world>[0], work: (w: World, drill: string) => Promise<unknown>): Promise<readonly [World, string]> {
  const [w, drill] = await launched(steps);
  await work(w, drill);
  return [w, drill];
}

/** A command that somebody types, with the code and the reason that it needs. */
function typedCommand(state: DrillState, by: PersonCommand["by"], word: string): PersonCommand {
  const code = state.steps.find((s) => s.step.id === state.current)?.approval?.code ?? "NONE";
  const text = word === "approve" || word === "reject" ? `${word} ${state.steps.findIndex((s) => s.step.id === state.current) + 1} ${code} because r` : word === "note" ? "note r" : `${word} because r`;
  const typed = parse(text);
  assert.ok(typed.type === "verb" || typed.type === "note", text);
  return commandOfWords(state, by, typed);
}

describe("who may do what when", () => {
  for (const { name, reach, may } of matrix) {
    it(`when ${name}: as the table says, and as the runner decides`, async () => {
      const [asked, drill] = await reach();
      const state = await asked.state(drill);
      for (const [who, person] of Object.entries(people)) {
        const allowed = mayNow(state, person, asked.clock.now());
        assert.equal(allowed.join(" "), may[who as keyof typeof people], who);
        for (const word of words) {
          const [w, fresh] = await reach();
          const { refused } = await w.runner.command(fresh, typedCommand(await w.state(fresh), person, word));
          assert.equal(refused === null, allowed.includes(word), `${who} types ${word}: ${refused?.message ?? "accepted"}`);
        }
      }
    });
  }

  it("lists what a drill stands still for", async () => {
    const [w, drill] = await launched(planned);
    const state = await w.state(drill);
    assert.deepEqual([olivia, amir, ravi].map((p) => waitsFor(state, p, w.clock.now())), [[], ["approve"], []]);
  });

  it("offers what an unknown outcome and a failed undo leave to decide, to nobody but those who perform", async () => {
    const w = world();
    const drill = await w.launch();
    await approveBoth(w, drill);
    const state = await w.state(drill);
    const unknown: DrillState = { ...state, operations: state.operations.map((o) => ({ ...o, phase: "unknown" as const })), debts: state.debts.map((d) => ({ ...d, status: "failed" as const })) };
    assert.deepEqual(["look again", "not started", "undo again", "leave it"].filter((word) => mayNow(unknown, olivia, w.clock.now()).includes(word)).length, 4);
    assert.deepEqual(mayNow(unknown, amir, w.clock.now()).filter((word) => /^(look|not s|undo|leave)/u.test(word)), []);
  });
});
