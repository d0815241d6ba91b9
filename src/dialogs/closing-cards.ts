import { openDebts } from "../drills/debts.ts";
import type { DrillState } from "../drills/state.ts";
import { timesOf } from "../drills/times.ts";
import { completeness, fieldFactsOf, fieldsOf } from "../evidence/transcript/fields.ts";
import { sayDuration } from "../runbooks/duration-text.ts";
import { wayBack } from "./cleanup-card.ts";
import { resultSaid } from "./live-card.ts";
import { card, facts, plain, small, text, type Button, type CardJson, type Shown } from "./card.ts";
import { briefDuration, clockTime, counted, kindOfEvent } from "../texts/words.ts";
import { buttons } from "../texts/buttons.ts";
import { standingWords } from "../texts/live-card.ts";
import { signOffTexts as t } from "../texts/sign-off.ts";

/**
 * The closing attestation: what was reached, what was not, and two signatures that are not from the same hand. `evidence`: once
 * the drill has ended, what a bundle can be held against.
 */
export function signOffCard(state: DrillState, now: Date, evidence: string | null = null): Shown {
  const ended = state.status === "ended";
  const proposed = state.result ?? state.proposed;
  return card({
    style: proposed === "passed" ? "good" : proposed === "failed" ? "attention" : "warning",
    kicker: `${kindOfEvent(state.purpose, state.mode)} · ${ended ? t.signedOff : t.signOff}${proposed === null ? "" : standingWords.result(proposed)}`,
    title: ended ? t.ended(state.runbook.title, proposed ?? "") : t.sign,
    subtitle: t.launched(state.id, clockTime(state.launchedAt), plain(state.launchedBy.name)),
    body: [
      text(proposed === null ? "" : resultSaid(state, proposed), { weight: "Bolder" }),
      facts(objectiveFacts(state, now)),
      ...wayBack(state),
      ...state.findings.map((f) => text(t.finding(f.id, plain(f.text), plain(f.owner.name), f.due))),
      ...signatureLines(state),
      ...(evidence === null ? [] : [small(evidence, { separator: true, spacing: "Medium" })]),
      ...(ended ? [] : stillMissing(state)),
      ...(ended ? [] : [{ type: "Input.Text", id: "statement", label: t.statement, isMultiline: true, maxLength: 500, spacing: "Medium" }]),
    ],
    buttons: ended ? [] : signButtons(state),
  });
}

/** In the report, the note that would answer a field. */
const toType = /^Nobody said\. Type: (note [^(]+?) \(/u;

/** While people are still there to say it: what an auditor will ask for and nobody has said. */
function stillMissing(state: DrillState): readonly CardJson[] {
  const fields = fieldsOf(fieldFactsOf(state));
  const missing = fields.flatMap(({ name, why }) => {
    const [, note] = toType.exec(why) ?? [];
    return note === undefined ? [] : [`${name} (${note} …)`];
  });
  return [
    text(t.forAuditor(completeness(fields)), { weight: "Bolder", spacing: "Medium" }),
    ...(missing.length === 0 ? [] : [small(t.addAsNotes(missing))]),
  ];
}

function objectiveFacts(state: DrillState, now: Date): readonly { label: string; value: string }[] {
  const times = timesOf(state, now);
  const skipped = state.steps.filter((s) => s.status === "skipped" || s.status === "continued");
  const objectives = state.runbook.objectives.map((o) => {
    const recoveryMs = times.objectives.find(({ id }) => id === o.id)?.recoveryMs ?? null;
    return { label: o.id, value: t.objective(o.text, targets(o), o.rtoMs === null ? null : recoveryMs === null ? t.notMeasured : t.ofWhatWasExercised(sayDuration(recoveryMs))) };
  });
  return [
    ...objectives,
    { label: t.waiting, value: t.forDecisions(briefDuration(times.waitingMs)) },
    { label: t.notAsPlanned, value: skipped.length === 0 ? t.allAsPlanned : skipped.map((s) => `${s.step.title} (${s.status})`).join(", ") },
    { label: t.owed, value: openDebts(state).length === 0 ? t.nothing : counted(openDebts(state).length, t.undo) },
  ];
}

function targets({ rtoMs, rpoMs }: DrillState["runbook"]["objectives"][number]): readonly string[] {
  return [...(rtoMs === null ? [] : [t.rto(sayDuration(rtoMs))]), ...(rpoMs === null ? [] : [t.rpo(sayDuration(rpoMs))])];
}

function signatureLines(state: DrillState): readonly CardJson[] {
  return state.signatures.map((s) => text(t.signed(plain(s.by.name), s.as, clockTime(s.at), plain(s.statement)), { color: "Good" }));
}

function signButtons(state: DrillState): readonly Button[] {
  const all: readonly Button[] = [
    { ...buttons.signAsOwner, verb: "sign", data: { drill: state.id, as: "owner" } },
    { ...buttons.signAsReviewer, verb: "sign", data: { drill: state.id, as: "reviewer" } },
  ];
  return all.filter((b) => !state.signatures.some((s) => s.as === b.data["as"])).map((b, i) => ({ ...b, primary: i === 0 }));
}
