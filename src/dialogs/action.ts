import type { Problem, ServerOutcome, TaskProgress } from "../drills/events.ts";
import { openDebts } from "../drills/debts.ts";
import { mayAnswerPause, operationOf, type DrillState, type OperationState, type PauseAnswer, type StepState } from "../drills/state.ts";
import { sayDuration } from "../runbooks/duration-text.ts";
import { box, line, plain, prose, reasonInput, small, text, type Button, type CardJson } from "./card.ts";
import { continueButton, giveUpButton, retryButton, type Drawn, type StepDialog } from "./step-dialog.ts";
import { between, briefDuration, clockTime, stopwatch } from "../texts/words.ts";
import { buttons, type ButtonWords } from "../texts/buttons.ts";
import { cardTexts, reasons } from "../texts/card.ts";
import { actionTexts as t, asks } from "../texts/steps.ts";

/** Tasks and servers that a card shows one by one. */
const linesShown = 12;

/** What the bot does in Azure: its tasks, its servers, and when it fails what Azure says and what to try. */
export const actionDialog: StepDialog = (state, step, now) => {
  const operation = operationOf(state, step.operation);
  if (operation?.phase === "unknown") return unknown(operation, state.id);
  if (step.status === "failing") return failed(state, step, operation, now);
  if (operation === undefined) {
    return { style: "accent", asks: asks.aboutToStart, body: [...prose(step.step.prose), small(t.readingOnceMore)], buttons: [] };
  }
  const presses = pauseButtons(state, operation, now);
  return {
    style: "accent",
    asks: asks.underWay,
    ...(operation.pause === null ? {} : { style: "warning" as const, asks: asks.waitsForPeople }),
    body: [...prose(step.step.prose), ...operationBody(operation, presses.length === 0 ? now : null), ...pauseBody(operation, now)],
    buttons: presses,
  };
};

/** What the service waits for, in the words of whoever wrote it into the plan, and what came of people's word. */
export function pauseBody({ pause }: OperationState, now: Date): readonly CardJson[] {
  if (pause === null) return [];
  const asked = mayAnswerPause(pause, now);
  return [
    box([text(t.waitsFor(plain(pause.name)), { wrap: true }), text(pause.text === "" ? t.noInstructions : plain(pause.text, 2_000), { spacing: "Small" }), small(t.goesOnAfter, { spacing: "Small" })], "warning"),
    ...(pause.answer === null ? [] : [text(saidOf(pause.answer, asked))]),
    ...(asked ? [reasonInput(reasons.pauseDone)] : []),
  ];
}

function saidOf({ by, at, told, problem }: PauseAnswer, asked: boolean): string {
  if (problem !== null) return t.notTold(plain(problem.message), plain(problem.action));
  if (asked) return t.stillWaits;
  return (told ? t.wasTold : t.beingTold)(plain(by?.name ?? ""), clockTime(at));
}

/** The answer to a pause of Azure's, for as long as Azure waits for one; none after that. */
export function pauseButtons(state: DrillState, { key, pause }: OperationState, now: Date): readonly Button[] {
  if (pause === null || !mayAnswerPause(pause, now)) return [];
  return [{ ...buttons.pauseDone, verb: "answer-pause", data: { drill: state.id, operation: key, pause: pause.id }, primary: true }];
}

/**
 * An operation's progress: elapsed, tasks, and each server's own outcome. `now` null: on a card with something to fill in, which
 * stands still. A time that runs would have it edited every few seconds, and an edit takes away what somebody is typing.
 */
export function operationBody(operation: OperationState, now: Date | null): readonly CardJson[] {
  return [
    text(operation.summary === "" ? unsaid(operation, now) : plain(operation.summary), { weight: "Bolder" }),
    small(elapsed(operation, now), { spacing: "None" }),
    ...taskLines(operation.tasks, now),
    ...serverLines(operation.servers),
  ];
}

function unsaid({ phase, sendBy }: OperationState, now: Date | null): string {
  if (phase !== "intended") return t.started;
  return now !== null && now.getTime() > Date.parse(sendBy) ? t.answerLate : t.sending;
}

function elapsed({ startedAt, intendedAt, endedAt, adopted }: OperationState, now: Date | null): string {
  const since = startedAt ?? intendedAt;
  if (endedAt !== null) return t.took(sayDuration(between(since, endedAt)), clockTime(since), adopted);
  return now === null ? t.since(clockTime(since), adopted) : t.soFar(briefDuration(between(since, now)), clockTime(since), adopted);
}

/** The job's own tasks, and what failed at its innermost; what else runs inside them is in the summary, and all of it in the transcript. */
function taskLines(tasks: readonly TaskProgress[], now: Date | null): readonly CardJson[] {
  const failed = tasks.filter((t) => t.state === "failed");
  const shown = tasks.filter((t) => t.depth === 0 || (t.state === "failed" && !failed.some(({ name }) => name.startsWith(`${t.name} › `)))).slice(0, linesShown);
  return shown.length === 0 ? [] : [{ type: "Container", spacing: "Medium", items: shown.map((t) => taskLine(t, now)) }];
}

/** Each server's own outcome, those that failed first: a plan may have a hundred, and a card has room for a dozen. */
function serverLines(servers: readonly ServerOutcome[]): readonly CardJson[] {
  const sorted = [...servers.filter((s) => s.outcome === "failed"), ...servers.filter((s) => s.outcome !== "failed")];
  const shown = sorted.slice(0, linesShown);
  const rest = sorted.length - shown.length;
  if (shown.length === 0) return [];
  return [{ type: "Container", separator: true, spacing: "Medium", items: [...shown.map(serverLine), ...(rest > 0 ? [small(t.moreServers(rest))] : [])] }];
}

const marks = {
  waiting: ["○", "Default"],
  running: ["▶", "Accent"],
  succeeded: ["✓", "Good"],
  removed: ["✓", "Good"],
  failed: ["✗", "Attention"],
  skipped: ["–", "Default"],
} as const;

function taskLine(task: TaskProgress, now: Date | null): CardJson {
  const [mark, color] = marks[task.state];
  const until = task.endedAt ?? now;
  const right = task.startedAt === null || until === null ? "" : stopwatch(between(task.startedAt, until));
  return line({ mark, color, title: plain(task.name), detail: task.state === "failed" ? t.failed : "", right, strong: task.state === "running" });
}

function serverLine(server: ServerOutcome): CardJson {
  const [mark, color] = marks[server.outcome];
  return line({ mark, color, title: t.server(plain(server.name), server.outcome), detail: plain(server.detail), right: "", strong: false });
}

function failed(state: DrillState, step: StepState, operation: OperationState | undefined, now: Date): Drawn {
  const tomorrow = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);
  const problems = step.blocked === null ? (operation?.problems ?? []) : [step.blocked];
  const nothingBegan = step.blocked !== null || operation?.outcome === "refused";
  const debt = operation === undefined ? undefined : openDebts(state).find((d) => d.operation === operation.key);
  const canKeep = debt !== undefined && operation !== undefined && operation.servers.some((s) => s.outcome !== "removed");
  return {
    style: "attention",
    asks: step.blocked !== null ? asks.nothingSent : nothingBegan ? asks.nothingStarted : asks.failedInAzure,
    body: [
      text(headline(operation, problems, nothingBegan), { weight: "Bolder" }),
      ...shownProblems(problems).slice(0, 3).map(problemBox),
      ...(shownProblems(problems).length > 3 ? [small(t.moreProblems(shownProblems(problems).length - 3))] : []),
      ...serverLines(operation?.servers ?? []),
      ...(canKeep ? keepInputs(operation, tomorrow) : []),
      reasonInput(canKeep ? reasons.toGoOnKeepOrEnd : step.step.guard ? reasons.toEnd : reasons.toGoOnOrEnd),
    ],
    buttons: [
      ...(debt === undefined ? [retryButton(state, step)] : state.mode === "live" ? [] : [retryButton(state, step, buttons.cleanUpAndRetry)]),
      ...(step.step.guard ? [] : [{ ...continueButton(state, step), ...goOnWithout(operation) }]),
      ...(canKeep ? [{ ...buttons.keep(tomorrow), verb: "hold", data: { drill: state.id, operation: operation.key, otherwise: tomorrow } }] : []),
      giveUpButton(state),
    ],
  };
}

function goOnWithout(operation: OperationState | undefined): ButtonWords {
  const servers = operation?.servers ?? [];
  const bad = servers.filter((s) => s.outcome === "failed").map((s) => s.name);
  if (bad.length === 0 || bad.length === servers.length) return buttons.goOn;
  return buttons.goOnWithout(bad.map((name) => plain(name, 40)));
}

/** What to keep for investigation, and until when; the drill's cleanup waits for it. */
function keepInputs(operation: OperationState, until: string): readonly CardJson[] {
  const names = operation.servers.filter((s) => s.outcome !== "removed").map((s) => s.name).slice(0, 50);
  const failedOnes = operation.servers.filter((s) => s.outcome === "failed").map((s) => s.name);
  return [
    { type: "Input.ChoiceSet", id: "server", label: t.keep, style: "compact", value: failedOnes[0] ?? names[0] ?? "", choices: names.map((name) => ({ title: plain(name, 80), value: name })), spacing: "Medium" },
    { type: "Input.Date", id: "until", label: t.until, value: until, spacing: "Medium" },
  ];
}

/** What is so now, in one line; Azure's own words stand in the boxes below, and a person's reason is not ours to repeat as a fact. */
function headline(operation: OperationState | undefined, problems: readonly Problem[], nothingBegan: boolean): string {
  if (!nothingBegan) return plain(operation?.summary || t.didNotSucceed);
  if (problems.length > 0) return t.nothingOwed;
  return t.nothingStarted(plain(operation?.summary || t.aPersonSaidSo));
}

/** What befell several servers alike is said once, with their names. */
export function shownProblems(problems: readonly Problem[]): readonly Problem[] {
  const alike = Map.groupBy(problems, ({ code, message, causes, action }) => JSON.stringify([code, message, causes, action]));
  return [...alike.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const names = [first, ...more].flatMap(({ server }) => server ?? []);
    return [{ ...first, server: names.length === 0 ? null : `${names.slice(0, 10).join(", ")}${names.length > 10 ? ` and ${names.length - 10} more` : ""}` }];
  });
}

/** Azure's own words, with its causes and what it recommends. */
export function problemBox(problem: Problem): CardJson {
  const where = problem.server === null || problem.message.startsWith(`${problem.server}:`) ? "" : `${plain(problem.server)}: `;
  return box([
    text(`**${where}${plain(problem.message)}**`),
    ...(problem.causes === "" ? [] : [text(t.causes(plain(problem.causes)), { spacing: "Small" })]),
    ...(problem.action === "" ? [] : [text(cardTexts.tryThis(plain(problem.action)), { spacing: "Small" })]),
    small(t.code(plain(problem.code)), { spacing: "Small" }),
  ]);
}

/** Nobody knows whether it started. A person looks in the portal and says. */
export function unknown(operation: OperationState, drill: string): Drawn {
  const data = { drill, operation: operation.key };
  const presses: readonly Button[] = [
    { ...buttons.lookAgain, verb: "look-again", data, primary: true },
    { ...buttons.notStarted, verb: "not-started", data },
  ];
  return {
    style: "attention",
    asks: asks.unknown,
    body: [
      text(t.answerLost, { weight: "Bolder" }),
      text(plain(operation.why)),
      text(t.lookInPortal(clockTime(operation.intendedAt), plain(operation.tag))),
      reasonInput(reasons.seen),
    ],
    buttons: presses,
  };
}
