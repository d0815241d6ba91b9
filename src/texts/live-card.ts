import { counted, listed } from "./words.ts";

/** What the live card of a drill says. What comes in as an argument has been made safe to show. */
export const liveTexts = {
  started: (drill: string, time: string, by: string, scheduled: boolean) => `${drill} · started ${time} by ${scheduled ? `the schedule, in the name of ${by}` : by}`,
  sinceLaunch: "since launch",
  wholeTime: "from launch to end",
  waitingForDecisions: "waiting for decisions",
  notYet: "not yet",
  /** Short, for it stands large: the line under it says of what. */
  none: "none",
  noTarget: (unmeasured: boolean) => `recovery time${unmeasured ? " measured" : ""}, no target set`,
  target: (allowed: string) => (unmeasured: boolean) => `recovery time${unmeasured ? " measured" : ""}, of ${allowed} allowed`,
  pausedBy: (name: string, time: string, reason: string) => `Paused by ${name} at ${time}: ${reason}`,
  cleaningUp: (why: string) => `Cleaning up: ${why}`,
  stepsDone: "all steps are done",
  signing: "Everything is cleaned up; waiting for the signatures.",
  sideBySide: (numbers: readonly string[], steps: number) => `Steps ${listed(numbers)} of ${steps}, side by side`,
  step: (number: string, steps: number) => `Step ${number} of ${steps}`,
  shares: (work: number, waiting: number) => ` · ${work} % of the time so far used by work, ${waiting} % by waiting`,
  gone: (percent: number) => ` · ${percent} % of the time allowed is gone`,
  declared: (time: string, by: string, criterion: string, more: string) => `**Declared** ${time} by ${by}: ${criterion}${more}`,
  disrupted: (time: string) => ` · disrupted since ${time}`,
  detected: (time: string) => ` · noticed at ${time}`,
  decideBy: (time: string) => ` · decide by ${time}`,
  expectedEnd: (time: string, unplanned: string, against: string) => `Expected end ${time}${unplanned}${against}`,
  unplanned: (steps: number) => `, or later: ${counted(steps, "step")} without a planned time`,
  recovery: (expected: string, allowed: string, difference: string) => `. Recovery expected in ${expected} of ${allowed} allowed: **${difference}**`,
  tooLate: (time: string) => `${time} too late`,
  toSpare: (time: string) => `${time} to spare`,
  earlierClosed: (steps: number) => `${counted(steps, "earlier step")} closed`,
  moreSteps: (steps: number) => counted(steps, "more step"),
  afterTracks: "then, when all tracks are through",
  phase: (name: string, over: number, all: number) => `${name} · ${over} of ${all} done`,
  track: (name: string) => `track: ${name}`,
  planned: (time: string) => `planned ${time}`,
  owed: (what: string) => `**Owed:** ${what}`,
  kept: (server: string, owner: string, until: string, reason: string) => `**Kept:** ${server || "every server"}, by ${owner} until ${until}: ${reason}`,
  waitingFor: (whom: string) => `**Waiting for:** ${whom}`,
  finding: (id: string, text: string, owner: string, due: string) => `Finding ${id}: ${text} (${owner}, by ${due})`,
  files: (count: number) => `${counted(count, "file")} kept as evidence`,
  rehearsal: "A rehearsal on simulated Azure: it never counts as a test.",
  nothing: "nothing",
  signedFor: (count: number) => `nothing more; ${count} left behind and signed for`,
  cleanups: (count: number) => counted(count, "cleanup"),
  obligations: (count: number) => counted(count, "obligation"),
  testServers: (count: number, age: string) => `${counted(count, "test server")} running${age}`,
  age: (time: string) => ` for ${time}`,
  pausedOnCard: "paused on the card",
};

/** What the colour of the card says, beside the kind of event. */
export const standingWords = {
  undoFailed: " · an undo failed",
  stepFailed: " · a step failed",
  cleaningUp: " · cleaning up",
  toSign: " · to be signed",
  paused: " · paused",
  result: (result: string) => ` · ${resultName(result)}`,
};

/** A result as people say it: "passed with findings". */
export function resultName(result: string): string {
  return result.replaceAll("-", " ");
}

/** How a drill ended. */
export const resultWords = {
  passed: "Passed.",
  "passed-with-findings": "Passed with findings: see what was skipped, continued past or left behind.",
  failed: "Failed.",
  aborted: "Aborted.",
} as const;

/** What is left of a drill that is over, read after how it ended. */
export const leftWords = {
  nothing: "Nothing had to be taken back.",
  removed: "Everything that was started has been taken back.",
  settled: "Nothing is owed any more.",
  stays: "What people changed stays.",
  signedFor: "What was left behind is signed for.",
};

/** What there is to say of a step in one line. */
export const detailTexts = {
  skipped: (by: string, reason: string) => `skipped by ${by}: ${reason}`,
  notInRehearsal: "not in a rehearsal",
  notInMode: (mode: string) => `not in a ${mode} drill`,
  notOnBranch: "not on this branch",
  answered: (answers: readonly string[], by: string) => `${answers.join(", ")} (${by})`,
  continued: (reason: string) => `failed, recorded as a finding: ${reason}`,
  unknown: "nobody knows whether it started",
  approvals: (given: readonly string[], needed: number) => `${given.length} of ${needed}${given.length > 0 ? `: ${listed(given)}` : ""}`,
  alone: (by: readonly string[]) => `released by standing authority: ${listed(by)}`,
  approval: (status: string) => `approval ${status}`,
  done: (by: string, remark: string) => `done by ${by}${remark === "" ? "" : `: ${remark}`}`,
};

/** Whom or what a drill waits for; read after "Waiting for". */
export const waitWords = {
  signatures: (missing: readonly string[]) => missing.join(" and "),
  toSign: (people: string, as: string) => `${people} (${as})`,
  noReviewerLeft: "a reviewer: whoever has that role took part, so hand it over (hand over role reviewer to …)",
  toResume: (ago: string) => `somebody to resume the drill, paused ${ago} ago`,
  azure: "Azure",
  toSayOfUndo: (people: string) => `${people} to say what became of an undo`,
  undoFailed: (people: string) => `${people}: an undo failed`,
  toTakeBack: (people: string) => `${people} to take a step back`,
  toOrder: (people: string) => `${people} to order an undo`,
  toSettle: (people: string) => `${people} to settle what is owed`,
  endOfHold: (people: string) => `the end of a hold, or ${people} to release it`,
  toSignForRest: (people: string) => `${people} to sign for what stays`,
  toDecide: (people: readonly string[]) => `${listed(people, "or")} to decide`,
  toApprove: (people: readonly string[]) => `${listed(people, "or")} to approve`,
  timeToPass: "the time to pass",
  checkToHold: "a check to hold",
  toLetGoOn: (people: string) => `${people} to do what Azure waits for`,
  toSay: (people: string) => `${people} to say what became of it`,
  since: (time: string) => `, ${time}`,
  anyOf: (names: readonly string[]) => listed(names, "or"),
};
