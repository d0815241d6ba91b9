import type { Preview } from "../drills/events.ts";
import type { Mode, Runbook } from "../runbooks/runbook.ts";
import { card, facts, plain, prose, small, text, type CardJson, type Shown } from "./card.ts";
import { parameterInput, targetBoxes } from "./launch-cards.ts";
import type { Offers } from "./offers.ts";
import { kindOfEvent } from "../texts/words.ts";
import { buttons } from "../texts/buttons.ts";
import { cardTexts } from "../texts/card.ts";
import { incidentTexts as t, launchTexts } from "../texts/launch.ts";

/** Asks what has happened and for the parameters. Another colour, other words and another button than any exercise has. */
export function incidentForm(runbook: Runbook, mode: Mode, offers: Offers, problems: readonly string[], given: Readonly<Record<string, string>>): Shown {
  return card({
    style: "attention",
    kicker: `${kindOfEvent("incident", mode)}${t.notDeclared}`,
    title: runbook.title,
    subtitle: t.runbook(runbook.id, runbook.hash.slice(0, 7), runbook.steps.length),
    body: [
      text(t.warning, { color: "Attention" }),
      ...prose(runbook.summary),
      ...(offers.silent === null ? [] : [small(launchTexts.silent(plain(offers.silent)))]),
      ...problems.map((p) => text(plain(p), { color: "Attention", weight: "Bolder" })),
      ...runbook.parameters.map((p) => parameterInput(p, offers.byParameter[p.name] ?? [], given[p.name])),
      small(t.nothingYet),
    ],
    buttons: [{ ...buttons.incidentPreview(runbook.id), verb: "incident-preview", data: { runbook: runbook.id } }],
  });
}

/** What would be touched, and the declaration itself: the criterion, the times, and a word that has to be typed. `code`: what shows, where the whole of it is typed, that it was shown. */
export function declarationCard(runbook: Runbook, mode: Mode, params: Readonly<Record<string, string>>, previews: readonly Preview[], obstacles: readonly string[], code: string): Shown {
  return card({
    style: "attention",
    kicker: `${kindOfEvent("incident", mode)}${t.notDeclared}`,
    title: t.declare(runbook.title),
    subtitle: t.version(runbook.id, runbook.hash.slice(0, 7)),
    body: [
      text(t.warning, { color: "Attention" }),
      ...obstacles.map((o) => text(cardTexts.wouldFailNow(plain(o)))),
      ...previews.map((p) => facts(p.facts)),
      ...targetBoxes(previews),
      criterionInput(runbook),
      { type: "Input.Text", id: "disrupted", ...t.disrupted, maxLength: 40, spacing: "Medium" },
      { type: "Input.Text", id: "detected", ...t.detected, maxLength: 40, spacing: "Medium" },
      { type: "Input.Text", id: "confirm", label: t.typeWord(t.confirmingWord), maxLength: 20, isRequired: true, errorMessage: t.onlyWord(t.confirmingWord), spacing: "Medium" },
    ],
    buttons: [{ ...buttons.declare(runbook.id, t.confirmingWord, code), verb: "declare", data: { runbook: runbook.id, version: runbook.hash, params }, grave: true }],
  });
}

function criterionInput(runbook: Runbook): CardJson {
  const criteria = runbook.declaration?.criteria ?? [];
  const common = { id: "criterion", label: t.criterion, isRequired: true, errorMessage: t.criterionMissing, spacing: "Medium" };
  if (criteria.length === 0) return { type: "Input.Text", maxLength: 500, ...common };
  return { type: "Input.ChoiceSet", style: "expanded", choices: criteria.map((c) => ({ title: c, value: c })), ...common };
}
