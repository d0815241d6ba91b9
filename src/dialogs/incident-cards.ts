import type { Preview } from "../drills/events.ts";
import type { Mode, Runbook } from "../runbooks/runbook.ts";
import { box, card, facts, plain, prose, small, text, type CardJson, type Shown } from "./card.ts";
import { parameterInput } from "./launch-cards.ts";
import type { Offers } from "./offers.ts";
import { counted, kindOfEvent } from "../texts/words.ts";

/** What has to be typed to declare an incident: a word that no habit of the thumb gives. */
export const confirmingWord = "DECLARE";

const warning = "**This is not an exercise.** Declaring it stops every exercise on the same systems and takes their test servers away at once.";

/** Asks what has happened and for the parameters. Another colour, other words and another button than any exercise has. */
export function incidentForm(runbook: Runbook, mode: Mode, offers: Offers, problems: readonly string[], given: Readonly<Record<string, string>>): Shown {
  return card({
    style: "attention",
    kicker: `${kindOfEvent("incident", mode)} · not declared`,
    title: runbook.title,
    subtitle: `${runbook.id} · version ${runbook.hash.slice(0, 7)} · ${counted(runbook.steps.length, "step")}`,
    body: [
      text(warning, { color: "Attention" }),
      ...prose(runbook.summary),
      ...(offers.silent === null ? [] : [small(`Azure could not be asked for names: ${plain(offers.silent)} Full ids can still be typed.`)]),
      ...problems.map((p) => text(plain(p), { color: "Attention", weight: "Bolder" })),
      ...runbook.parameters.map((p) => parameterInput(p, offers.byParameter[p.name] ?? [], given[p.name])),
      small("Nothing happens yet: the next card shows what would be touched."),
    ],
    buttons: [{ title: "Go on towards a declaration", verb: "incident-preview", data: { runbook: runbook.id }, command: `incident ${runbook.id} name=value …` }],
  });
}

/** What would be touched, and the declaration itself: the criterion, the times, and a word that has to be typed. */
export function declarationCard(runbook: Runbook, mode: Mode, params: Readonly<Record<string, string>>, previews: readonly Preview[], obstacles: readonly string[]): Shown {
  return card({
    style: "attention",
    kicker: `${kindOfEvent("incident", mode)} · not declared`,
    title: `Declare an incident: ${runbook.title}`,
    subtitle: `${runbook.id} · version ${runbook.hash.slice(0, 7)}`,
    body: [
      text(warning, { color: "Attention" }),
      ...obstacles.map((o) => text(`**Would fail now:** ${plain(o)}`)),
      ...previews.map((p) => facts(p.facts)),
      ...previews.map((p) => box([text(p.targets.map((t) => plain(t.name)).toSorted().join(" · "), { weight: "Bolder" }), small("as Azure shows it now", { spacing: "None" })])),
      criterionInput(runbook),
      { type: "Input.Text", id: "disrupted", label: "Disrupted since, UTC (may stay empty)", placeholder: "for example: 21:40", maxLength: 40, spacing: "Medium" },
      { type: "Input.Text", id: "detected", label: "Noticed at, UTC (may stay empty)", placeholder: "for example: 21:52", maxLength: 40, spacing: "Medium" },
      { type: "Input.Text", id: "confirm", label: `Type ${confirmingWord} to declare a real incident`, maxLength: 20, isRequired: true, errorMessage: `Only the word ${confirmingWord} declares it.`, spacing: "Medium" },
    ],
    buttons: [{ title: "Declare a real incident", verb: "declare", data: { runbook: runbook.id, version: runbook.hash, params }, command: `incident ${runbook.id} … ${confirmingWord.toLowerCase()} because <criterion>` }],
  });
}

function criterionInput(runbook: Runbook): CardJson {
  const criteria = runbook.declaration?.criteria ?? [];
  const common = { id: "criterion", label: "What makes it an incident", isRequired: true, errorMessage: "The criterion that is met is needed.", spacing: "Medium" };
  if (criteria.length === 0) return { type: "Input.Text", maxLength: 500, ...common };
  return { type: "Input.ChoiceSet", style: "expanded", choices: criteria.map((c) => ({ title: c, value: c })), ...common };
}
