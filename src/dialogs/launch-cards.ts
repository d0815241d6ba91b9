import type { EarlierRetests, Person, Preview } from "../drills/events.ts";
import { openDebts } from "../drills/debts.ts";
import { quorumsOf } from "../drills/quorum.ts";
import type { DrillState } from "../drills/state.ts";
import { sayDuration } from "../runbooks/duration-text.ts";
import type { Mode, Parameter, Runbook, Step } from "../runbooks/runbook.ts";
import { box, card, closedCard, facts, plain, prose, small, table, text, type CardJson, type Shown } from "./card.ts";
import { versionWords } from "../runbooks/version-words.ts";
import type { Offer, Offers } from "./offers.ts";
import { kindOfEvent, listed } from "../texts/words.ts";
import { buttons } from "../texts/buttons.ts";
import { cardTexts, reasons } from "../texts/card.ts";
import { launchTexts as t } from "../texts/launch.ts";

/** Asks for a runbook's parameters: choices where Azure was asked what there is, else a line to type in. */
export function parameterForm(
  runbook: Runbook,
  mode: Mode,
  offers: Offers,
  problems: readonly string[],
  given: Readonly<Record<string, string>>,
): Shown {
  return card({
    style: problems.length > 0 ? "attention" : "accent",
    kicker: `${kindOfEvent(runbook.purpose, mode)}${t.notStarted}${problems.length > 0 ? t.corrections : ""}`,
    title: runbook.title,
    subtitle: t.runbook(runbook.id, plain(versionWords(runbook), 400), runbook.steps.length, plain(runbook.owner)),
    body: [
      ...prose(runbook.summary),
      ...(offers.silent === null ? [] : [small(t.silent(plain(offers.silent)))]),
      ...problems.map((p) => text(plain(p), { color: "Attention", weight: "Bolder" })),
      ...runbook.parameters.map((p) => parameterInput(p, offers.byParameter[p.name] ?? [], given[p.name])),
    ],
    buttons: [
      { ...buttons.preview(runbook.id), verb: "preview", data: { runbook: runbook.id }, primary: true },
    ],
  });
}

/** One parameter of a form: a list where there is something to choose from, else a text. A single offer is chosen already. */
export function parameterInput(parameter: Parameter, offers: readonly Offer[], given: string | undefined): CardJson {
  const value = given ?? parameter.default ?? (offers.length === 1 ? offers[0]?.value : undefined) ?? "";
  const common = { id: `p_${parameter.name}`, label: parameter.label, value, spacing: "Medium" };
  const choices = offers.length > 0 ? offers : parameter.choices.map((c) => ({ title: c, value: c }));
  // What was typed and is no choice would vanish from a list: it stays one until another is chosen.
  const typed = value === "" || choices.some((c) => c.value === value) ? [] : [{ title: value, value }];
  if (choices.length > 0) return { type: "Input.ChoiceSet", style: "compact", choices: [...typed, ...choices.map((c) => ({ title: c.title, value: c.value }))], placeholder: t.chooseOne, ...common };
  return { type: "Input.Text", maxLength: 1_000, ...common };
}

/** What a launch would touch, who is asked, and what takes it back: read now, before anything is started. */
export function previewCard(
  runbook: Runbook,
  mode: Mode,
  params: Readonly<Record<string, string>>,
  roles: Readonly<Record<string, readonly Person[]>>,
  previews: readonly Preview[],
  obstacles: readonly string[],
  notes: readonly string[] = [],
  retests: EarlierRetests | null = null,
): Shown {
  return card({
    style: obstacles.length > 0 ? "warning" : "accent",
    kicker: `${kindOfEvent(runbook.purpose, mode)}${t.notStarted}${obstacles.length > 0 ? t.wouldFail : ""}`,
    title: t.question(runbook.title),
    subtitle: `${runbook.id} · ${plain(versionWords(runbook), 400)}`,
    body: [
      ...obstacles.slice(0, 24).map((o) => text(cardTexts.wouldFailNow(plain(o, 900)), { color: "Attention" })),
      ...(retests === null ? [] : retests.retests.map((r) => text(t.retest(retests.drill, plain(r.objective), r.result, listed(r.segment.map((phase) => plain(phase)))), { color: "Warning" }))),
      ...(previews.length === 0 && obstacles.length === 0 ? [text(t.changesNothing)] : previews.map((p) => facts(p.facts))),
      ...targetBoxes(previews),
      table(t.columns, runbook.steps.map((s) => [{ text: s.title }, { text: whoOf(s, roles) }])),
      ...objectives(runbook),
      ...notes.slice(0, 6).map((note) => small(plain(note, 600))),
    ],
    buttons: [
      { ...buttons.launch(runbook.id), verb: "launch", data: { runbook: runbook.id, version: runbook.hash, params }, primary: obstacles.length === 0 },
    ],
  });
}

/** What is touched, by name; what several actions touch alike is said once. */
export function targetBoxes(previews: readonly Preview[]): readonly CardJson[] {
  const touched = new Set(previews.map((p) => p.targets.map(({ name }) => plain(name)).toSorted().join(" · ")));
  return [...touched].map((names) => box([text(names, { weight: "Bolder" }), small(t.asAzureShows, { spacing: "None" })]));
}

function whoOf(step: Step, roles: Readonly<Record<string, readonly Person[]>>): string {
  if (step.kind === "check" || step.kind === "action") return t.byDrillbook;
  const seats = step.kind === "approval" ? quorumsOf(step) : [{ role: step.role, quorum: 1 }];
  return t.seats(seats.map(({ role, quorum }) => ({ quorum, role: plain(role), names: (roles[role] ?? []).map((p) => plain(p.name)) })));
}

function objectives(runbook: Runbook): readonly CardJson[] {
  return runbook.objectives.map((o) =>
    small(t.objective(o.id, plain(o.text), o.rtoMs === null ? "" : t.rto(sayDuration(o.rtoMs)), o.rpoMs === null ? "" : t.rpo(sayDuration(o.rpoMs)))),
  );
}

/** Takes the place of the form: a drill is started once. */
export function startedCard({ id, runbook: { title }, purpose, mode }: Pick<DrillState, "id" | "runbook" | "purpose" | "mode">): Shown {
  if (purpose === "incident") return closedCard({ mark: "!", style: "attention", title, subtitle: `${kindOfEvent(purpose, mode)} · ${t.startedAs(id)}`, body: [] });
  return closedCard({ mark: "✓", style: "emphasis", title, subtitle: t.startedAs(id), body: [] });
}

/** Asks for the reason before a drill is ended: one slip of the thumb must not take a drill down. */
export function abortForm(state: DrillState, by: Person): Shown {
  const owed = openDebts(state).filter(({ kind }) => kind !== "obligation");
  const undos = owed.length;
  const follows = state.mode === "live" ? t.undosWait(undos) : t.undosFollow(undos, owed.filter(({ kind }) => kind === "undo-by-people").length);
  return card({
    style: state.purpose === "incident" ? "attention" : "warning",
    kicker: `${kindOfEvent(state.purpose, state.mode)}${t.abortQuestion}`,
    title: t.abort(state.runbook.title),
    subtitle: t.abortAskedBy(state.id, plain(by.name)),
    body: [
      text(undos === 0 ? t.nothingOwed : follows),
      { type: "Input.Text", id: "reason", ...reasons.toAbort, maxLength: 500, isRequired: true, errorMessage: t.reasonMissing, spacing: "Medium" },
    ],
    buttons: [
      { ...buttons.abort, verb: "abort", data: { drill: state.id }, grave: true },
      { ...buttons.doNotAbort, verb: "do-not-abort", data: { drill: state.id }, back: true },
    ],
  });
}

/** Takes the place of that form. `lines`: who pressed what, and what follows. */
export function abortClosed(state: DrillState, lines: readonly string[]): Shown {
  return closedCard({ mark: "–", style: "emphasis", title: t.abort(state.runbook.title), subtitle: state.id, body: lines.map((line) => text(plain(line, 1_000))) });
}
