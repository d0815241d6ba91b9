import type { Person, Preview } from "../drills/events.ts";
import type { Mode, Parameter, Runbook } from "../runbooks/runbook.ts";
import { box, card, closedCard, facts, plain, prose, small, table, text, type CardJson, type Shown } from "./card.ts";
import { versionWords } from "../runbooks/version-words.ts";
import type { Offer, Offers } from "./offers.ts";
import { counted, duration, kindOfEvent, listed } from "../texts/words.ts";

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
    kicker: `${kindOfEvent(runbook.purpose, mode)} · not started yet${problems.length > 0 ? ", corrections needed" : ""}`,
    title: runbook.title,
    subtitle: `${runbook.id} · ${plain(versionWords(runbook), 400)} · ${counted(runbook.steps.length, "step")}${runbook.owner === "" ? "" : ` · owner ${plain(runbook.owner)}`}`,
    body: [
      ...prose(runbook.summary),
      ...(offers.silent === null ? [] : [small(`Azure could not be asked for names: ${plain(offers.silent)} Full ids can still be typed.`)]),
      ...problems.map((p) => text(plain(p), { color: "Attention", weight: "Bolder" })),
      ...runbook.parameters.map((p) => parameterInput(p, offers.byParameter[p.name] ?? [], given[p.name])),
    ],
    buttons: [
      { title: "Show what will be touched", verb: "preview", data: { runbook: runbook.id }, command: `start ${runbook.id} name=value …`, primary: true },
    ],
  });
}

/** One parameter of a form. */
export function parameterInput(parameter: Parameter, offers: readonly Offer[], given: string | undefined): CardJson {
  const value = given ?? parameter.default ?? (offers.length === 1 ? offers[0]?.value : undefined) ?? "";
  const common = { id: `p_${parameter.name}`, label: parameter.label, value, spacing: "Medium" };
  const choices = offers.length > 0 ? offers : parameter.choices.map((c) => ({ title: c, value: c }));
  if (choices.length > 0) return { type: "Input.ChoiceSet", style: "compact", choices: choices.map((c) => ({ title: c.title, value: c.value })), ...common };
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
): Shown {
  return card({
    style: obstacles.length > 0 ? "warning" : "accent",
    kicker: `${kindOfEvent(runbook.purpose, mode)} · not started yet${obstacles.length > 0 ? ", would fail now" : ""}`,
    title: `Start ${runbook.title}?`,
    subtitle: `${runbook.id} · ${plain(versionWords(runbook), 400)}`,
    body: [
      ...obstacles.slice(0, 24).map((o) => text(`**Would fail now:** ${plain(o, 900)}`, { color: "Attention" })),
      ...(previews.length === 0 && obstacles.length === 0 ? [text("This runbook changes nothing in Azure.")] : previews.map((p) => facts(p.facts))),
      ...previews.map((p) => box([text(p.targets.map((t) => plain(t.name)).toSorted().join(" · "), { weight: "Bolder" }), small("as Azure shows it now", { spacing: "None" })])),
      table(["step", "who"], runbook.steps.map((s) => [{ text: s.title }, { text: whoOf(s.kind, s.role, roles) }])),
      ...objectives(runbook),
      ...notes.slice(0, 6).map((note) => small(plain(note, 600))),
    ],
    buttons: [
      { title: "Start the drill", verb: "launch", data: { runbook: runbook.id, version: runbook.hash, params }, command: `start ${runbook.id} … now`, primary: true },
    ],
  });
}

function whoOf(kind: string, role: string, roles: Readonly<Record<string, readonly Person[]>>): string {
  if (kind === "check" || kind === "action") return "Drillbook";
  return listed((roles[role] ?? []).map((p) => plain(p.name)), "or") || plain(role);
}

function objectives(runbook: Runbook): readonly CardJson[] {
  return runbook.objectives.map((o) =>
    small(`${o.id}: ${plain(o.text)}${o.rtoMs === null ? "" : ` · RTO ${duration(o.rtoMs)}`}${o.rpoMs === null ? "" : ` · RPO ${duration(o.rpoMs)}`}`),
  );
}

/** Takes the place of the form: a drill is started once. */
export function startedCard(drill: string, title: string): Shown {
  return closedCard({ mark: "✓", style: "emphasis", title, subtitle: `started as ${drill}`, body: [] });
}

/** Asks for the reason before a drill is ended: one slip of the thumb must not take a drill down. */
export function abortForm(drill: string, title: string, owed: number): Shown {
  return card({
    style: "warning",
    kicker: "Abort?",
    title: `Abort ${title}`,
    subtitle: drill,
    body: [
      text(owed === 0 ? "Nothing has been started that needs to be taken back." : `${counted(owed, "undo")} will be started at once, the last action first.`),
      { type: "Input.Text", id: "reason", label: "Reason (needed)", placeholder: "for example: a real outage has priority", maxLength: 500, isRequired: true, errorMessage: "A reason is needed." },
    ],
    buttons: [{ title: "Abort this drill", verb: "abort", data: { drill }, command: "abort because …", primary: true }],
  });
}
