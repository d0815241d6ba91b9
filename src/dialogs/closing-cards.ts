import { openDebts, type DrillState } from "../drills/state.ts";
import { timesOf } from "../drills/times.ts";
import { completeness, fieldFactsOf, fieldsOf } from "../evidence/transcript/fields.ts";
import { card, facts, plain, small, text, type Button, type CardJson, type Shown } from "./card.ts";
import { resultWords } from "./live-card.ts";
import { clockTime, counted, duration, kindOfEvent } from "../texts/words.ts";

/**
 * The closing attestation: what was reached, what was not, and two signatures that are not from the same hand. `evidence`: once
 * the drill has ended, what a bundle can be held against.
 */
export function signOffCard(state: DrillState, now: Date, evidence: string | null = null): Shown {
  const ended = state.status === "ended";
  const proposed = state.result ?? state.proposed;
  return card({
    style: proposed === "passed" ? "good" : proposed === "failed" ? "attention" : "warning",
    kicker: `${kindOfEvent(state.purpose, state.mode)} · ${ended ? "signed off" : "sign-off"}`,
    title: ended ? `${state.runbook.title}: ${proposed ?? ""}` : "Sign what happened",
    subtitle: `${state.id} · launched ${clockTime(state.launchedAt)} by ${plain(state.launchedBy.name)}`,
    body: [
      text(proposed === null ? "" : resultWords[proposed], { weight: "Bolder" }),
      facts(objectiveFacts(state, now)),
      ...state.findings.map((f) => text(`Finding ${f.id}: ${plain(f.text)} · ${plain(f.owner.name)}, by ${f.due}`)),
      ...signatureLines(state),
      ...(evidence === null ? [] : [small(evidence, { separator: true, spacing: "Medium" })]),
      ...(ended ? [] : stillMissing(state)),
      ...(ended ? [] : [{ type: "Input.Text", id: "statement", label: "Statement (may stay empty)", isMultiline: true, maxLength: 500, spacing: "Medium" }]),
    ],
    buttons: ended ? [] : signButtons(state),
  });
}

/** While people are still there to say it: what an auditor will ask for and nobody has said. */
function stillMissing(state: DrillState): readonly CardJson[] {
  const fields = fieldsOf(fieldFactsOf(state));
  const missing = fields.filter((f) => f.status === "missing" && f.why.startsWith("Nobody said."));
  return [
    text(`For the auditor: ${completeness(fields)}`, { weight: "Bolder", spacing: "Medium" }),
    ...(missing.length === 0 ? [] : [small(`Add what you know while you are here, as notes: ${missing.map((f) => `${f.name} (${f.why.replace("Nobody said. Type: ", "").replace(/ \(.*$/, " …")})`).join(" · ")}`)]),
  ];
}

function objectiveFacts(state: DrillState, now: Date): readonly { label: string; value: string }[] {
  const times = timesOf(state, now);
  const skipped = state.steps.filter((s) => s.status === "skipped" || s.status === "continued");
  const objectives = state.runbook.objectives.map((o) => ({
    label: `${o.id} ${o.rtoMs === null ? "" : `RTO ${duration(o.rtoMs)}`}${o.rpoMs === null ? "" : ` RPO ${duration(o.rpoMs)}`}`,
    value: o.rtoMs === null ? o.text : `${o.text}: ${times.recoveryMs === null ? "not measured" : `${duration(times.recoveryMs)}, of what was exercised`}`,
  }));
  return [
    ...objectives,
    { label: "Waiting", value: `${duration(times.waitingMs)} for decisions` },
    { label: "Not as planned", value: skipped.length === 0 ? "nothing was skipped or continued past" : skipped.map((s) => `${s.step.title} (${s.status})`).join(", ") },
    { label: "Owed", value: openDebts(state).length === 0 ? "nothing" : counted(openDebts(state).length, "undo") },
  ];
}

function signatureLines(state: DrillState): readonly CardJson[] {
  return state.signatures.map((s) => text(`✓ ${plain(s.by.name)} signed as ${s.as} at ${clockTime(s.at)}${s.statement === "" ? "" : `: ${plain(s.statement)}`}`, { color: "Good" }));
}

function signButtons(state: DrillState): readonly Button[] {
  const all: readonly Button[] = [
    { title: "Sign as owner", verb: "sign", data: { drill: state.id, as: "owner" }, command: "sign as owner", primary: true },
    { title: "Sign as reviewer", verb: "sign", data: { drill: state.id, as: "reviewer" }, command: "sign as reviewer" },
  ];
  return all.filter((b) => !state.signatures.some((s) => s.as === b.data["as"]));
}
