import { debtToOrder, openDebts, stepOf, type Debt, type DrillState } from "../drills/state.ts";
import { timesOf } from "../drills/times.ts";
import { completeness, fieldFactsOf, fieldsOf } from "../evidence/transcript/fields.ts";
import { unknown, operationBody, problemBox } from "./action.ts";
import { card, facts, plain, reasonInput, small, text, type Button, type CardJson, type Shown } from "./card.ts";
import { resultWords } from "./live-card.ts";
import { clockTime, counted, duration, kindOfEvent } from "./words.ts";

/** What is being taken back, and when an undo fails, the two honest ways out: again, or somebody signs for it. */
export function cleanupCard(state: DrillState, now: Date): Shown {
  const failed = state.debts.find((d) => d.status === "failed");
  const toOrder = failed === undefined && state.status === "cleaning-up" ? debtToOrder(state) : null;
  const done = state.status !== "cleaning-up";
  const undos = state.operations.filter((o) => o.undoOf !== null);
  const lost = undos.find((o) => o.phase === "unknown");
  const drawn = lost === undefined ? null : unknown(lost, state.id);
  return card({
    style: failed !== undefined || lost !== undefined ? "attention" : done ? "good" : "accent",
    kicker: `${kindOfEvent(state.purpose, state.mode)} · ${done ? "cleaned up" : "cleaning up"}`,
    title: done ? "Everything has been taken back" : failed === undefined ? "Taking back what was started" : "An undo failed",
    subtitle: `${state.id} · ${whyCleaning(state)}`,
    body: [
      ...(state.debts.length === 0 ? [text("Nothing had been started that needs to be taken back.")] : []),
      ...state.debts.filter((d) => d.status === "undone" || d.status === "accepted").map((d) => small(`${d.status === "undone" ? "✓ Taken back" : "! Left behind"}: ${titleOf(state, d.step)} · ${plain(d.detail)}`)),
      ...undos.filter((o) => o.phase !== "ended" || o.outcome !== "succeeded").slice(-1).flatMap((o) => operationBody(o, now)),
      ...undos.flatMap((o) => (failed?.operation === o.undoOf ? o.problems.map(problemBox) : [])),
      ...(failed === undefined ? [] : [text(plain(failed.detail)), reasonInput("Reason (needed to leave it behind)", "for example: deleted by hand in the portal at 22:10")]),
      ...(toOrder === null ? [] : [text(`Nothing is taken back by itself in live. Still there: **${titleOf(state, toOrder.step)}**`), reasonInput("Reason (needed to leave it behind)", "for example: users work there now")]),
      ...(drawn?.body ?? []),
    ],
    buttons: drawn?.buttons ?? (failed === undefined ? orderButtons(state, toOrder) : undoButtons(state, failed.operation)),
  });
}

function titleOf(state: DrillState, step: string): string {
  return stepOf(state, step)?.step.title ?? plain(step);
}

function whyCleaning(state: DrillState): string {
  if (state.cleanup === null || state.cleanup.why === "finished") return "all steps are done";
  return `${state.cleanup.why}: ${plain(state.cleanup.reason, 160)}`;
}

function undoButtons(state: DrillState, operation: string): readonly Button[] {
  const data = { drill: state.id, operation };
  return [
    { title: "Undo again", verb: "retry-undo", data, command: "undo again", primary: true },
    { title: "Leave it and sign for it", verb: "accept-debt", data, command: "leave it because …" },
  ];
}

function orderButtons(state: DrillState, debt: Debt | null): readonly Button[] {
  if (debt === null) return [];
  const data = { drill: state.id, operation: debt.operation };
  return [
    { title: "Take it back now", verb: "order-undo", data, command: "undo now", primary: true },
    { title: "Leave it and sign for it", verb: "accept-debt", data, command: "leave it because …" },
  ];
}

/** The closing attestation: what was reached, what was not, and two signatures that are not from the same hand. */
export function signOffCard(state: DrillState, now: Date): Shown {
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
