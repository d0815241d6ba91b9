import type { DrillResult } from "../drills/events.ts";
import { sayDuration } from "../runbooks/duration-text.ts";
import { answersOf, isByPeople } from "../runbooks/runbook.ts";
import { quorumsOf } from "../drills/quorum.ts";
import { debtToOrder, nextUndo, openDebts, testServersOf, undoForPeople } from "../drills/debts.ts";
import { isOver, mayAnswerPause, openSteps, operationOf, stepOf, type ApprovalState, type Debt, type DrillState, type StepState } from "../drills/state.ts";
import { timesOf } from "../drills/times.ts";
import { recoveryTimeOf } from "../evidence/transcript/recovery-time.ts";
import { card, figures, line, plain, shareBar, small, text, type Button, type CardJson, type Shown, type Style } from "./card.ts";
import { dateAndTimeToken } from "../texts/reader.ts";
import { forecastOf } from "./forecast.ts";
import { between, briefDuration, clockTime, kindOfEvent, stopwatch } from "../texts/words.ts";
import { buttons, links } from "../texts/buttons.ts";
import { detailTexts as d, liveTexts as t, leftWords, resultWords, standingWords, waitWords as w } from "../texts/live-card.ts";

/** Steps shown one by one; further ones are counted, so that a long runbook stays a readable card. */
const stepsShown = 12;

/**
 * The whole drill at a glance: where it stands, its times against the objectives, who is waited for, what is owed. `evidence`: what
 * a bundle can be held against, when no other card comes after this one.
 */
export function liveCard(state: DrillState, now: Date, transcriptUrl: string | null, evidence: string | null = null): Shown {
  return card({
    style: styleOf(state),
    kicker: `${kindOfEvent(state.purpose, state.mode)}${stateWord(state)}`,
    title: state.runbook.title,
    subtitle: t.started(state.id, clockTime(state.launchedAt), plain(state.launchedBy.name), state.scheduledFor !== null),
    body: [...declaration(state), bigFigures(state, now), ...timeBar(state, now), small(`${standing(state)}${shares(state, now)}`, { spacing: "Small" }), ...forecastLines(state, now), stepLines(state, now), footer(state, now), ...(evidence === null ? [] : [small(evidence, { separator: true, spacing: "Medium" })])],
    buttons: buttonsOf(state),
    links: transcriptUrl === null ? [] : [{ title: links.transcript, url: transcriptUrl }],
  });
}

function styleOf(state: DrillState): Style {
  if (state.result === "passed") return "good";
  if (state.result === "passed-with-findings") return "warning";
  if (state.result !== null) return "attention";
  if (state.purpose === "incident") return "attention";
  return openSteps(state).some((s) => s.status === "failing") || state.debts.some((d) => d.status === "failed") ? "attention" : "accent";
}

/** What the colour of the card says, beside the kind of event. */
function stateWord(state: DrillState): string {
  if (state.result !== null) return standingWords.result(state.result);
  if (state.debts.some((d) => d.status === "failed")) return standingWords.undoFailed;
  if (openSteps(state).some((s) => s.status === "failing")) return standingWords.stepFailed;
  if (state.status === "cleaning-up") return standingWords.cleaningUp;
  if (state.status === "signing-off") return standingWords.toSign;
  return state.paused === null ? "" : standingWords.paused;
}

function bigFigures(state: DrillState, now: Date): CardJson {
  const times = timesOf(state, now);
  // Once it has ended, what the report says: nothing is measured that a step left unproved.
  const recoveryMs = state.endedAt === null ? times.recoveryMs : recoveryTimeOf([], state).ms;
  const recovery = recoveryMs === null ? (state.endedAt === null ? t.notYet : t.none) : sayDuration(recoveryMs);
  const target = (times.rtoMs === null ? t.noTarget : t.target(sayDuration(times.rtoMs)))(recoveryMs === null && state.endedAt !== null);
  return figures([
    { value: briefDuration(times.elapsedMs), label: state.endedAt === null ? t.sinceLaunch : t.wholeTime },
    { value: briefDuration(times.waitingMs), label: t.waitingForDecisions },
    { value: recovery, label: target },
  ]);
}

/** How the time was spent, as a bar; the words under it say the same. Without a wait there is nothing to compare. */
function timeBar(state: DrillState, now: Date): readonly CardJson[] {
  const spent = spentOf(state, now);
  return spent === null ? [] : [shareBar([{ share: spent.work, style: "good" }, { share: spent.waiting, style: "warning" }])];
}

function standing(state: DrillState): string {
  if (state.result !== null) return resultSaid(state, state.result);
  if (state.paused !== null) return t.pausedBy(plain(state.paused.by?.name ?? ""), clockTime(state.paused.at), plain(state.paused.reason));
  if (state.status === "cleaning-up") return t.cleaningUp(state.cleanup?.why === "finished" ? t.stepsDone : plain(state.cleanup?.reason ?? ""));
  if (state.status === "signing-off") return t.signing;
  const numbers = state.open.map((id) => String(state.steps.findIndex((s) => s.step.id === id) + 1));
  if (numbers.length > 1) return t.sideBySide(numbers, state.steps.length);
  return t.step(numbers[0] ?? "0", state.steps.length);
}

/** How a drill ended, and what is left of it: never that something was removed which stays. */
export function resultSaid({ debts }: DrillState, result: DrillResult): string {
  const are = (status: Debt["status"]): boolean => debts.some((d) => d.status === status);
  const left = debts.length === 0 ? leftWords.nothing : are("accepted") ? leftWords.signedFor : are("kept") ? leftWords.stays : debts.some((d) => d.kind === "obligation") ? leftWords.settled : leftWords.removed;
  return `${resultWords[result]} ${left}`;
}

/** What the bar shows, in words, and how much of the time allowed is gone while the service is not proved. */
function shares(state: DrillState, now: Date): string {
  const { rtoMs, disruptionAt, recoveryMs } = timesOf(state, now);
  const spent = spentOf(state, now);
  const isCounting = rtoMs !== null && disruptionAt !== null && recoveryMs === null && state.endedAt === null;
  return `${spent === null ? "" : t.shares(spent.work, spent.waiting)}${isCounting ? t.gone(percentGone(between(disruptionAt, now), rtoMs)) : ""}`;
}

/** Percent of the time so far; null when nothing stood still. */
function spentOf(state: DrillState, now: Date): { readonly work: number; readonly waiting: number } | null {
  const { elapsedMs, waitingMs } = timesOf(state, now);
  const waiting = Math.round((waitingMs / Math.max(elapsedMs, 1)) * 100);
  return waitingMs === 0 ? null : { work: 100 - waiting, waiting };
}

/** More than 100 for whatever is over the time allowed, and 100 for nothing else than the whole of it. */
function percentGone(ms: number, allowedMs: number): number {
  const percent = (ms / Math.max(allowedMs, 1)) * 100;
  return percent > 100 ? Math.ceil(percent) : Math.floor(percent);
}

/** What opened an incident, and by when somebody has to decide. */
function declaration({ declared }: DrillState): readonly CardJson[] {
  if (declared === null) return [];
  const said = (words: (time: string) => string, at: string | null): string => (at === null ? "" : words(clockTime(at)));
  const more = `${said(t.disrupted, declared.disruptedAt)}${said(t.detected, declared.detectedAt)}${said(t.decideBy, declared.decideBy)}`;
  return [text(t.declared(clockTime(declared.at), plain(declared.by?.name ?? ""), plain(declared.criterion), more), { spacing: "Medium" })];
}

/** What is expected, and how it stands against the target, in words. */
function forecastLines(state: DrillState, now: Date): readonly CardJson[] {
  const forecast = state.paused === null ? forecastOf(state, now) : null;
  if (forecast === null) return [];
  const unplanned = forecast.unplanned === 0 ? "" : t.unplanned(forecast.unplanned);
  const { expectedMs, targetMs } = forecast.recovery ?? { expectedMs: 0, targetMs: 0 };
  // No forecast is good to a part of a second, and the three times must agree with each other.
  const expected = Math.round(expectedMs / 1000) * 1000;
  const late = expected - targetMs;
  const against = forecast.recovery === null ? "" : t.recovery(sayDuration(expected), sayDuration(targetMs), late > 0 ? t.tooLate(sayDuration(late)) : t.toSpare(sayDuration(-late)));
  return [text(t.expectedEnd(clockTime(forecast.end.toISOString()), unplanned, against), { size: "Small", spacing: "None", ...(late > 0 ? { color: "Attention" } : {}) })];
}

function stepLines(state: DrillState, now: Date): CardJson {
  const index = Math.max(0, state.steps.findIndex((s) => s.step.id === state.current));
  const from = Math.max(0, Math.min(index - 4, state.steps.length - stepsShown));
  const shown = state.steps.slice(from, from + stepsShown);
  const hidden = state.steps.length - from - shown.length;
  return {
    type: "Container",
    separator: true,
    spacing: "Medium",
    items: [
      ...(from > 0 ? [small(t.earlierClosed(from))] : []),
      ...shown.flatMap((s, i) => [...phaseHeading(state, s, shown[i - 1]), ...trackHeading(s, shown[i - 1]), stepLine(state, s, now)]),
      ...(hidden > 0 ? [small(t.moreSteps(hidden))] : []),
    ],
  };
}

/** Of a runbook of several phases: which one these steps belong to, and how much of it is done. */
function phaseHeading({ steps }: DrillState, { step: { phase } }: StepState, before: StepState | undefined): readonly CardJson[] {
  const within = steps.filter((s) => s.step.phase === phase);
  if (phase === before?.step.phase || within.length === steps.length) return [];
  return [text(t.phase(plain(phase), within.filter(isOver).length, within.length), { size: "Small", weight: "Bolder", spacing: "Small" })];
}

/** Tracks run side by side: their steps stand together under the track's name. */
function trackHeading({ step }: StepState, before: StepState | undefined): readonly CardJson[] {
  const same = step.track === before?.step.track && step.phase === before?.step.phase;
  if (same || (step.track === undefined && before?.step.track === undefined)) return [];
  return [small(step.track === undefined ? t.afterTracks : t.track(plain(step.track)), { spacing: "Small", weight: "Bolder" })];
}

const marks = {
  pending: ["○", "Default"],
  open: ["▶", "Accent"],
  failing: ["✗", "Attention"],
  passed: ["✓", "Good"],
  failed: ["✗", "Attention"],
  skipped: ["–", "Warning"],
  continued: ["!", "Warning"],
  "left-out": ["·", "Default"],
} as const;

function stepLine(state: DrillState, step: StepState, now: Date): CardJson {
  const [mark, color] = marks[step.status];
  const running = step.status === "open" || step.status === "failing";
  const right =
    step.openedAt === null
      ? step.step.plannedMs === null
        ? ""
        : t.planned(sayDuration(step.step.plannedMs))
      : stopwatch(between(step.openedAt, step.closedAt ?? now));
  return line({ mark, color, title: step.step.title, detail: detailOf(state, step), right, strong: running });
}

/** What there is to say of a step in one line. */
export function detailOf(state: DrillState, step: StepState): string {
  const operation = operationOf(state, step.operation);
  if (step.status === "skipped") return d.skipped(plain(step.closedBy?.name ?? ""), plain(step.reason, 120));
  if (step.status === "left-out") return step.reason === "mode" ? (state.mode === "rehearsal" ? d.notInRehearsal : d.notInMode(state.mode)) : d.notOnBranch;
  if (step.status === "passed") {
    const given = answersOf(step.step).map((a) => `${a.label}: ${state.answers[a.name] ?? ""}`);
    if (given.length > 0) return plain(d.answered(given, step.closedBy?.name ?? ""), 200);
  }
  if (step.status === "continued") return d.continued(plain(step.reason, 120));
  if (step.blocked !== null) return plain(step.blocked.message, 160);
  if (operation !== undefined) return operation.phase === "unknown" ? d.unknown : plain(operation.summary, 160);
  if (step.observation !== null) return plain(step.observation.summary, 160);
  if (step.approval !== null) {
    const approved = step.approval.decisions.filter((d) => d.decision === "approve").map((d) => plain(d.by.name));
    const quorum = step.step.kind === "approval" ? quorumsOf(step.step).reduce((sum, q) => sum + q.quorum, 0) : 1;
    // Fewer than were asked for release it only where one may do so alone.
    if (step.approval.status === "granted" && approved.length < quorum) return d.alone(approved);
    if (step.approval.status === "asked" || step.approval.status === "granted") return d.approvals(approved, quorum);
    return d.approval(step.approval.status);
  }
  if (step.status === "passed" && step.closedBy !== null) return d.done(plain(step.closedBy.name), plain(step.reason, 120));
  return step.reason === "" ? "" : plain(step.reason, 160);
}

function footer(state: DrillState, now: Date): CardJson {
  const owed = owedWords(state, now);
  const findings = state.findings.map((f) => small(t.finding(f.id, plain(f.text, 200), plain(f.owner.name), f.due), { spacing: "Small" }));
  const waiting = waitingFor(state, now);
  return {
    type: "Container",
    separator: true,
    spacing: "Medium",
    items: [
      text(t.owed(owed), { size: "Small" }),
      ...state.holds.map((h) => text(t.kept(plain(h.server), plain(h.owner.name), dateAndTimeToken(h.until), plain(h.reason, 160)), { size: "Small", spacing: "Small" })),
      ...(waiting === null ? [] : [text(t.waitingFor(waiting), { size: "Small", spacing: "Small" })]),
      ...findings,
      ...(state.attachments.length === 0 ? [] : [small(t.files(state.attachments.length), { spacing: "Small" })]),
      ...(state.mode === "rehearsal" ? [small(t.rehearsal, { spacing: "Small" })] : []),
    ],
  };
}

function owedWords(state: DrillState, now: Date): string {
  const debts = openDebts(state);
  const servers = testServersOf(state);
  const obligations = debts.filter((d) => d.kind === "obligation").length;
  const since = state.operations.find((o) => debts.some((d) => d.operation === o.key) && o.servers.length > 0)?.startedAt ?? null;
  const age = since === null ? "" : t.age(briefDuration(between(since, now)));
  const parts = [
    ...(debts.length > obligations ? [t.cleanups(debts.length - obligations)] : []),
    ...(obligations > 0 ? [t.obligations(obligations)] : []),
    ...(servers.length > 0 ? [t.testServers(servers.length, age)] : []),
  ];
  const left = state.debts.filter((d) => d.status === "accepted").length;
  return parts.length > 0 ? parts.join(" · ") : left > 0 ? t.signedFor(left) : t.nothing;
}

/** Whom or what the drill waits for, and since when; null when it has ended. */
export function waitingFor(state: DrillState, now: Date): string | null {
  const names = (role: string): string => w.anyOf((state.roles[role] ?? []).map((p) => plain(p.name)));
  if (state.status === "ended") return null;
  if (state.status === "signing-off") {
    const missing = (["owner", "reviewer"] as const).filter((as) => !state.signatures.some((s) => s.as === as));
    return w.signatures(missing.map((as) => (as === "reviewer" ? reviewersLeft(state) : w.toSign(names(as), as))));
  }
  if (state.status === "cleaning-up") return cleanupWait(state, now, names);
  const open = openSteps(state);
  if (open.length === 0) return null;
  if (state.paused !== null) return w.toResume(briefDuration(between(state.paused.at, now)));
  const waits = open.map((step) => waitOf(state, step, now));
  return open.length === 1 ? (waits[0] ?? null) : open.map((step, i) => `${plain(step.step.title, 60)}: ${waits[i] ?? ""}`).join("; ");
}

/** Whoever took part is refused as a reviewer, and so is not waited for. */
function reviewersLeft({ roles, involved }: DrillState): string {
  const left = (roles["reviewer"] ?? []).filter((p) => !involved.some(({ id }) => id === p.id));
  return left.length === 0 ? w.noReviewerLeft : w.toSign(w.anyOf(left.map((p) => plain(p.name))), "reviewer");
}

function cleanupWait(state: DrillState, now: Date, names: (role: string) => string): string {
  if (state.operations.some((o) => o.phase === "unknown")) return w.toSayOfUndo(names("operator"));
  if (state.operations.some(({ pause }) => pause !== null && mayAnswerPause(pause, now))) return w.toLetGoOn(names("operator"));
  if (state.operations.some((o) => o.phase !== "ended")) return w.azure;
  if (state.debts.some((d) => d.status === "failed")) return w.undoFailed(names("operator"));
  const forPeople = undoForPeople(state);
  if (forPeople !== null) return w.toTakeBack(names(stepOf(state, forPeople.step)?.step.role ?? "operator"));
  if (debtToOrder(state) !== null) return w.toOrder(names("approver"));
  if (nextUndo(state) !== null) return w.azure;
  if (openDebts(state).some((d) => d.kind === "obligation")) return w.toSettle(names("operator"));
  return state.holds.length > 0 ? w.endOfHold(names("operator")) : w.toSignForRest(names("operator"));
}

function waitOf(state: DrillState, step: StepState, now: Date): string {
  const names = (role: string): string => w.anyOf((state.roles[role] ?? []).map((p) => plain(p.name)));
  const waited = step.since === null ? 0 : between(step.since, now);
  const since = waited < 5_000 ? "" : w.since(briefDuration(waited));
  const told = state.escalations.filter((e) => e.step === step.step.id && e.round === step.round).flatMap((e) => e.people.map((p) => plain(p.name)));
  if (step.status === "failing") return `${w.toDecide([...new Set([names("operator"), ...told])].filter((n) => n !== ""))}${since}`;
  if (step.step.kind === "approval") return step.approval === null ? w.azure : `${w.toApprove(stillAsked(state, step.approval))}${since}`;
  if (step.step.kind === "wait") return `${step.step.until === null ? w.timeToPass : w.checkToHold}${since}`;
  if (step.assignee !== null) return `${plain(step.assignee.name)}${since}`;
  if (isByPeople(step.step)) return `${names(step.step.role)}${since}`;
  const pause = operationOf(state, step.operation)?.pause ?? null;
  if (pause !== null && mayAnswerPause(pause, now)) return `${w.toLetGoOn(names(step.step.role))}${since}`;
  return operationOf(state, step.operation)?.phase === "unknown" ? `${w.toSay(names("operator"))}${since}` : `${w.azure}${since}`;
}

/** Approvers whose word still counts: they have not decided and took no part. */
export function stillAsked(state: DrillState, approval: ApprovalState): readonly string[] {
  const gone = [...approval.decisions.map((d) => d.by), ...state.performers];
  return approval.approvers.filter((p) => !gone.some((g) => g.id === p.id)).map((p) => plain(p.name));
}

function buttonsOf(state: DrillState): readonly Button[] {
  if (state.status !== "running") return [];
  const data = { drill: state.id };
  const hold: Button = state.paused === null
    ? { ...buttons.pause, verb: "pause", data: { ...data, reason: t.pausedOnCard } }
    : { ...buttons.resume, verb: "resume", data, primary: true };
  return [hold, { ...buttons.askAbort, verb: "ask-abort", data: { drill: state.id } }];
}
