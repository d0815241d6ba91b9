import assert from "node:assert/strict";
import fc from "fast-check";
import { commandOfWords } from "../../../src/bot/commands/drill-words.ts";
import { parse } from "../../../src/bot/commands/parse.ts";
import { commandOfClick } from "../../../src/dialogs/answers.ts";
import { draw, surfacesOf } from "../../../src/dialogs/surfaces.ts";
import { permit } from "../../../src/drills/permission.ts";
import type { Person } from "../../../src/drills/events.ts";
import type { PersonCommand } from "../../../src/drills/commands.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import { peopleOf } from "../../../src/drills/values.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { cardTexts } from "../../../src/texts/card.ts";
import { cardGallery } from "../../fakes/card-gallery.ts";
import { walk, walks } from "../../fakes/random-drill.ts";

const seed = Number(process.env["SEED"] ?? 4);
const runs = Number(process.env["RUNS"] ?? 400);
const why = "I say so";

const gallery = await cardGallery();
/** They lead to a drill, stand on a form that a button leads to, or only look: `buttons.test.ts` holds their words. */
const elsewhere = ["form", "preview", "launch", "incident-preview", "declare", "abort", "do-not-abort", "refresh"];

type Part = { readonly [key: string]: Json };
type Button = { readonly verb: string; readonly data: Part; readonly tooltip: string; readonly filled: Part };

/** Every button of every card of a drill, with what somebody fills in who ticks, chooses and writes. */
function buttonsOf(state: DrillState): readonly Button[] {
  return surfacesOf(state).flatMap((surface) => {
    const { body, actions } = (draw(surface, state, new Date(state.launchedAt), null)?.card ?? {}) as { readonly body?: readonly Part[]; readonly actions?: readonly Part[] };
    const filled = Object.fromEntries((body ?? []).filter(({ type }) => String(type).startsWith("Input.")).map((input) => [String(input["id"]), filledIn(input)]));
    return (actions ?? []).map((action): Button => ({ verb: String(action["verb"]), data: action["data"] as Part, tooltip: String(action["tooltip"]), filled }));
  });
}

function filledIn(input: Part): Json {
  if (input["id"] === "reason" || input["id"] === "statement") return why;
  return input["type"] === "Input.Toggle" ? "true" : (input["value"] ?? "x");
}

/** What a button's tooltip says to type, with the same filled in. */
function typed(state: DrillState, by: Person, { tooltip, filled }: Button): PersonCommand {
  const words = tooltip.slice(cardTexts.typeInstead.length).replaceAll("=…", "=x").replace("because …", `because ${why}`);
  const reasoned = words.includes("because") || /^(?:answer|choose) /u.test(words) || !("reason" in filled || "statement" in filled);
  const said = parse(reasoned ? words : `${words} because ${why}`);
  assert.ok(said.type === "verb" || said.type === "values", `"${words}" is understood as ${JSON.stringify(said)}`);
  return commandOfWords(state, by, said);
}

/** What a card fills in by itself, and a typed command leaves out or says for everything. */
function alike(command: PersonCommand): object {
  const { by: _, ...said } = command;
  if (said.type === "answer" && said.answer === "done") return { ...said, reason: "", ticks: said.values === undefined || Object.keys(said.values).length === 0 ? said.ticks : [], values: said.values ?? {} };
  if (said.type === "answer") return { ...said, ticks: [], values: {} };
  if (said.type === "hold") return { ...said, server: "", until: said.until.slice(0, 10) };
  return said.type === "pause" ? { ...said, reason: "" } : said;
}

describe("what is typed instead of a button, in drills at random", () => {
  it("is the very command of the button, and so meets the same checks", () => {
    const seen = new Set<string>();
    const check = (state: DrillState, button: Button): void => {
      const aborts = button.verb === "ask-abort";
      for (const by of peopleOf(state)) {
        const pressed = commandOfClick(state, by, aborts ? "abort" : button.verb, { ...button.filled, ...button.data, ...(aborts ? { reason: why } : {}) });
        assert.ok(pressed !== null, button.verb);
        if (permit(state, pressed) !== null) continue;
        seen.add(button.verb);
        assert.deepEqual(alike(typed(state, by, button)), alike(pressed), `${button.tooltip}, by ${by.name}`);
      }
    };
    fc.assert(
      fc.property(walks, ([runbook, mode, start, length]) => {
        const { steps, state: last } = walk(runbook, mode, start, length);
        for (const state of new Set([...steps.map(({ before }) => before), last])) for (const button of buttonsOf(state)) check(state, button);
      }),
      { seed, numRuns: runs },
    );
    const every = new Set([...gallery.values()].flatMap(({ card }) => ((card["actions"] ?? []) as readonly Part[]).flatMap(({ type, verb }) => (type === "Action.Execute" ? [String(verb)] : []))));
    if (process.env["SEED"] === undefined) assert.deepEqual([...every].filter((verb) => !seen.has(verb) && !elsewhere.includes(verb)), [], "buttons that no drill at random had");
  });
});
