import type { Verdict } from "../../drills/events.ts";
import type { Kind } from "../../runbooks/runbook.ts";
import type { DrillState } from "../../drills/state.ts";
import { objectivesOf } from "./objectives.ts";
import { participantsOf, signaturesOf } from "./people.ts";
import { recoveryPointOf } from "./recovery-point.ts";
import { recoveryTimeOf } from "./recovery-time.ts";
import { nextTestOf } from "./next-test.ts";
import { retestsOf, shownAgain } from "./retests.ts";
import { statedIn, topics, type Topic } from "./stated.ts";
import type { Transcript } from "./transcript.ts";
import { counted } from "../../texts/words.ts";

/** Whether a report answers what an auditor asks. `excepted`: with a reason why it cannot or need not. */
export type FieldStatus = "present" | "missing" | "excepted";

export type Field = {
  readonly name: string;
  readonly status: FieldStatus;
  /** What answers it, or why nothing does. */
  readonly why: string;
  /** How firmly each asks for it: R read in its text, E expected of it, – not said. */
  readonly asked: Readonly<Record<Standard, "R" | "E" | "–">>;
};

export const standards = ["ISO 22301 8.5", "NIST 800-84 / CP-4", "SOC 2 A1.3", "DORA 11 / RTS 25", "FFIEC VII.K"] as const;
export type Standard = (typeof standards)[number];

type Answer = readonly [status: FieldStatus, why: string];
type Row = readonly [name: string, asked: string, answer: (t: FieldFacts) => Answer];

/** What the answers rest on: a whole transcript has it, and so has the state of a drill that is still under way. */
export type FieldFacts = Pick<Transcript, "drill" | "title" | "endedAt" | "runbook" | "mode" | "purpose" | "objectives" | "recoveryTime" | "recoveryPoint" | "findings" | "signatures" | "nextTest" | "retests" | "earlier"> & {
  readonly participants: readonly unknown[];
  readonly approvals: readonly unknown[];
  readonly steps: readonly { readonly kind: Kind }[];
  readonly operations: readonly { readonly undo: boolean; readonly intendedAt: string }[];
  readonly checks: readonly { readonly at: string; readonly again: boolean; readonly verdict: Verdict }[];
  readonly deviations: readonly unknown[];
  readonly notes: readonly { readonly text: string }[];
  readonly cleanup: { readonly why: "finished" | "failed" | "aborted" | null; readonly debts: readonly { readonly status: string }[] };
  readonly events: number;
};

const present = (why: string): Answer => ["present", why];
const missing = (why: string): Answer => ["missing", why];
const excepted = (why: string): Answer => ["excepted", why];
const given = (yes: boolean, why: string, otherwise: string): Answer => (yes ? present(why) : missing(otherwise));
/** Cut short in the table; the note itself stands in the report in full. */
const brief = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);
const stated = (topic: Topic): ((t: FieldFacts) => Answer) => ({ notes }) => {
  const word = statedIn(notes).get(topic);
  return word === undefined ? missing(`Nobody said. Type: note ${topic}: (${topics[topic]})`) : present(brief(word));
};

const rows: readonly Row[] = [
  ["Drill id and title", "EEEE–", (t) => present(`${t.drill}, ${t.title}`)],
  ["Dates, start and end, time zone, locations", "EREER", (t) => {
    const [status, why] = stated("locations")(t);
    if (t.endedAt === null) return missing("The drill has not ended.");
    return status === "present" ? present(`On top, in UTC; ${why}`) : missing(`Dates are on top, in UTC. ${why}`);
  }],
  ["Runbook, version and hash", "EREEE", (t) => present(`${t.runbook.id}, SHA-256 of its source`)],
  ["Type of exercise", "RRERR", (t) => present(`${t.mode}, ${t.purpose}`)],
  ["Scope, with exclusions", "RRRRE", () => present("Parameters, and what was not exercised")],
  ["Objectives set beforehand", "RREER", (t) => given(t.objectives.length > 0, counted(t.objectives.length, "target"), "The runbook sets no objectives.")],
  ["Scenario, and why it was chosen", "RRRRE", stated("scenario")],
  ["Absence of key people considered", "––REE", stated("absent")],
  ["Assumptions, and whether challenged", "EE–RE", stated("assumptions")],
  ["Participants, planned and actual", "RRERR", (t) => given(t.participants.length > 0, counted(t.participants.length, "person", "people"), "Nobody is named.")],
  ["Third parties", "R–ERE", stated("third parties")],
  ["Control of risk, production untouched", "RE–EE", (t) => given(t.approvals.length > 0, "Approvals, guards and cleanup", "No approval stood before what was done.")],
  ["Timeline of each step", "EREEE", (t) => present(counted(t.events, "entry", "entries"))],
  ["Approvals: who, decision, reason, time", "E–EEE", (t) => (t.approvals.length > 0 ? present(counted(t.approvals.length, "approval")) : excepted("The runbook has no approval that was reached."))],
  ["RTO, target and achieved", "REEER", (t) => measured(t.objectives.filter((o) => o.rtoMs !== null).length, t.recoveryTime.ms, t.recoveryTime.why)],
  ["RPO, target and achieved", "REEEE", (t) => measured(t.objectives.filter((o) => o.target.startsWith("RPO ")).length, t.recoveryPoint.ms, t.recoveryPoint.why)],
  ["Integrity of backups", "––RRE", () => excepted("A failover drill restores no backup.")],
  ["Alternate site: reached and performing", "–––RE", (t) => {
    const passed = checksThere(t).filter((c) => c.verdict === "passed").length;
    return given(passed > 0, `${counted(passed, "check")} passed`, "No check passed at the other site.");
  }],
  ["Communication", "E––RE", stated("communication")],
  ["Deviations from the plan", "EREER", (t) => present(t.deviations.length === 0 ? "None" : counted(t.deviations.length, "deviation"))],
  ["Findings, severity and cause", "RRRRR", findings],
  ["Corrective actions, owner and date", "RRERR", (t) => (t.findings.length === 0 ? excepted("There is no finding.") : present("Each finding has an owner and a date."))],
  ["Risks accepted", "–––ER", (t) => (t.cleanup.debts.some((d) => d.status === "accepted") ? present("What was left behind, and who signed for it") : excepted("Nothing was accepted."))],
  ["Retest", "REEER", retest],
  ["Runbook changed as a result", "RRRRR", stated("runbook change")],
  ["Summary: objectives and results", "RR–ER", () => present("The first page")],
  ["Reviewer independent of the operators", "EEERE", (t) => given(t.signatures.some((s) => s.as === "reviewer" && s.independent), "Signed by one who took no part", "No independent reviewer has signed.")],
  ["Reported to the management", "RRERR", stated("reported to")],
  ["Sign-off", "EEEEE", (t) => given(t.signatures.length > 0, counted(t.signatures.length, "signature"), "Nobody has signed.")],
  ["Next test, and why then", "RRRRR", (t) => {
    const [status, why] = stated("next test")(t);
    return status === "present" || t.nextTest.due === null ? [status, why] : present(`${t.nextTest.due}: ${t.nextTest.why}`);
  }],
  ["Index of evidence", "E–EEE", () => present("manifest.txt of the bundle: name, size and SHA-256")],
];

/** Before the first action there is no other site to look at; a runbook without actions moves to it by people's hands. */
function checksThere({ checks, steps, operations }: FieldFacts): FieldFacts["checks"] {
  const looks = checks.filter((c) => !c.again);
  if (!steps.some((s) => s.kind === "action")) return looks;
  const first = operations.find((o) => !o.undo)?.intendedAt;
  return first === undefined ? [] : looks.filter((c) => c.at > first);
}

function findings({ findings: found, notes, cleanup, objectives }: FieldFacts): Answer {
  const wentWrong = cleanup.why === "failed" || objectives.some((o) => o.result === "not met");
  if (found.length === 0) return wentWrong ? missing("The drill did not pass, and nobody recorded a finding. Type: finding … (what was wrong)") : present("None was recorded");
  const cause = statedIn(notes).get("cause");
  const count = `${counted(found.length, "finding")}; severity in its words`;
  return cause === undefined ? missing(`${count}. Nobody said why. Type: note cause: (${topics.cause})`) : present(`${count}; cause: ${brief(cause)}`);
}

function retest({ earlier, objectives, retests }: FieldFacts): Answer {
  const again = earlier === null ? [] : shownAgain(earlier, objectives).map(({ retest: left, outcome }) => `${left.objective} of ${earlier.drill}: ${outcome?.result ?? "no objective any more"}`);
  const next = retests.length === 0 ? [] : [`marked for the next drill of this runbook: ${retests.map((r) => r.objective).join(", ")}`];
  return again.length + next.length === 0 ? excepted("No objective was missed, and none was marked before.") : present([...again, ...next].join("; "));
}

function measured(targets: number, ms: number | null, why: string): Answer {
  if (targets === 0) return excepted("The runbook sets no such target.");
  return ms === null ? missing(`Not measured: ${why}`) : present("Beside its target, as run");
}

/** What auditors ask of an exercise, each answered from the drill as it stands; also before sign-off, to see what is missing. */
export function fieldsOf(t: FieldFacts): readonly Field[] {
  return rows.map(([name, asked, answer]) => {
    const [status, why] = answer(t);
    return { name, status, why, asked: Object.fromEntries(standards.map((s, i) => [s, asked[i]])) as Field["asked"] };
  });
}

/** The same facts of a drill under way, from its state alone: cards are drawn from nothing else. */
export function fieldFactsOf(state: DrillState): FieldFacts {
  const looks = state.steps.flatMap(({ step, round, observation, since }) => (observation === null ? [] : [{ type: "check.observed" as const, step: step.id, round, requests: [], ...observation, v: 1 as const, drill: state.id, seq: 0, at: since ?? state.launchedAt, by: null }]));
  const recoveryTime = recoveryTimeOf([], state);
  const recoveryPoint = recoveryPointOf(looks, state);
  const objectives = objectivesOf(state, recoveryTime, recoveryPoint);
  return {
    drill: state.id, title: state.runbook.title, endedAt: state.endedAt, runbook: { id: state.runbook.id, hash: state.runbook.hash, owner: state.runbook.owner },
    mode: state.mode, purpose: state.purpose, objectives, recoveryTime, recoveryPoint,
    findings: state.findings.map((f) => ({ ...f, about: "" })),
    signatures: signaturesOf(state), nextTest: nextTestOf(state), retests: retestsOf(state, objectives), earlier: state.retests,
    participants: participantsOf(state, []), approvals: state.steps.filter((s) => s.approval !== null), checks: looks.map((look) => ({ ...look, again: false })),
    steps: state.steps.map(({ step }) => ({ kind: step.kind })), operations: state.operations.map((o) => ({ undo: o.undoOf !== null, intendedAt: o.intendedAt })), deviations: [], notes: state.notes, cleanup: { why: state.cleanup?.why ?? null, debts: state.debts }, events: state.seq,
  };
}

/** "21 of 31 fields present, 4 excepted, 6 missing". */
export function completeness(fields: readonly Field[]): string {
  const count = (status: FieldStatus): number => fields.filter((f) => f.status === status).length;
  return `${count("present")} of ${counted(fields.length, "field")} present, ${count("excepted")} excepted, ${count("missing")} missing`;
}
