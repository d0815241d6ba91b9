/** Plain data, as JSON knows it: what a compiled runbook, an event and a digest are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type Mode = "rehearsal" | "test" | "live";
export type Purpose = "exercise" | "incident";

/** `server`: an Azure virtual machine or an Arc machine, by its id. */
export type ParameterType = "text" | "number" | "choice" | "recovery-plan" | "azure-resource" | "server";

export type Parameter = {
  readonly name: string;
  readonly type: ParameterType;
  readonly label: string;
  readonly choices: readonly string[];
  /** null: the parameter must be given at launch. An empty string is a value. */
  readonly default: string | null;
};

/** Objectives carry their targets in milliseconds; null: the runbook sets none. */
export type Objective = {
  readonly id: string;
  readonly text: string;
  readonly rtoMs: number | null;
  readonly rpoMs: number | null;
};

/**
 * The author's prose, ready to be shown. `text` is the small Markdown that a card's TextBlock knows (bold, italic,
 * links, lists), already escaped: nothing in it becomes a mention, a card element or a link the author did not write.
 */
export type ProseBlock =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] };

/** `rollback`: what was changed so far is taken back at once, without asking first; never in live. */
export type OnFail = "stop" | "ask" | "continue" | "retry" | "rollback";

/** What a step's end says about the times of the drill: see `Times`. */
export type Mark = "disruption" | "detected" | "service-proved" | "users-confirmed";

/** What becomes of a step that nobody answered in time. Never a silent yes: `continue` leaves a deviation. */
export type OnTimeout = "fail" | "continue";

/** How a person takes a step of people back, in words; or why nothing is to be taken back. */
export type StepUndo = { readonly text: string } | { readonly none: string };

type StepCommon = {
  /** Stays the same when unrelated text changes: made from the headings, not from the position. */
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly prose: readonly ProseBlock[];
  /** 1-based line of the step's heading in the runbook. */
  readonly line: number;
  /** The role whose people perform or decide this step. */
  readonly role: string;
  readonly plannedMs: number | null;
  /** A guard can be neither skipped nor continued past, and is observed again immediately before an action. */
  readonly guard: boolean;
  readonly onFail: OnFail;
  /** With `onFail: retry`: how often the step is begun at most, and how long to wait before the second attempt; twice as long before each next one. */
  readonly retry?: { readonly attempts: number; readonly afterMs: number };
  /** The condition under which the step belongs to the drill; absent: always. */
  readonly when?: string;
  /** The modes in which it does; absent: in all. */
  readonly only?: readonly Mode[];
  /** Ids of the steps that must be over before this one opens; absent: the step before it in the file. The compiler writes them wherever tracks run side by side. */
  readonly needs?: readonly string[];
  /** The name of the track the step belongs to, within its phase; absent: the phase runs in one line. */
  readonly track?: string;
  /** What must be attached before the step can be done, in words. */
  readonly evidence?: readonly string[];
  /** The id of the objective that this step proves. */
  readonly objective?: string;
  readonly marks?: readonly Mark[];
  readonly undo?: StepUndo;
  /** The runbook the step was included from. */
  readonly included?: { readonly runbook: string; readonly hash: string };
};

/** How long people may take, in milliseconds: a step that nobody answered in time has failed. Absent: as long as they like. */
type ByPeople = StepCommon & { readonly timeoutMs?: number; readonly onTimeout?: OnTimeout; /** The role that is told when the time is up. */ readonly escalate?: string };

export type ManualStep = ByPeople & { readonly kind: "manual" };

export type ChecklistStep = ByPeople & { readonly kind: "checklist"; readonly items: readonly string[] };

/** `input` still holds `${name}` placeholders; `resolve` fills them at launch. */
export type CheckStep = StepCommon & { readonly kind: "check"; readonly type: string; readonly input: Json };

export type ActionStep = StepCommon & { readonly kind: "action"; readonly type: string; readonly input: Json };

/** So many people of one role. */
export type Quorum = { readonly role: string; readonly quorum: number };

export type ApprovalStep = StepCommon & {
  readonly kind: "approval";
  /** Of the step's own role. */
  readonly quorum: number;
  /** With several roles: what the others need; every one must be reached. */
  readonly also?: readonly Quorum[];
  readonly expiresMs: number;
  /** The role that is told when the approval expires; null: nobody. */
  readonly escalate: string | null;
};

/** `output`: what a tool printed, pasted by a person; many lines. */
export type AnswerType = "text" | "number" | "choice" | "date" | "person" | "resource" | "output";

/** Something that people are asked while the drill runs; later steps use it as `${name}`. */
export type AskedAnswer = {
  readonly name: string;
  readonly type: AnswerType;
  readonly label: string;
  readonly choices: readonly string[];
  /** What holds when the step is skipped; null: it cannot be. */
  readonly default: string | null;
};

export type AskStep = ByPeople & { readonly kind: "ask"; readonly answers: readonly AskedAnswer[] };

/** People choose one of the options; its key becomes the value of `name`. */
export type DecideStep = ByPeople & {
  readonly kind: "decide";
  readonly name: string;
  readonly options: readonly { readonly key: string; readonly label: string }[];
};

/** Until a check held so many times in a row, looked at every so often; failed when it did not within the limit. */
export type Until = {
  readonly type: string;
  readonly input: Json;
  readonly times: number;
  readonly everyMs: number;
  readonly limitMs: number;
};

/** Either a time or something to wait for. */
export type WaitStep = StepCommon & { readonly kind: "wait"; readonly forMs: number | null; readonly until: Until | null };

/** Words for people, which somebody in the step's role confirms to have been passed on. Still with placeholders. */
export type AnnounceStep = ByPeople & { readonly kind: "announce"; readonly audience: string; readonly text: string };

export type Step = ManualStep | ChecklistStep | CheckStep | ActionStep | ApprovalStep | AskStep | DecideStep | WaitStep | AnnounceStep;
export type Kind = Step["kind"];

/** What a step asks of people, whatever its kind: a decision is one answer with choices. */
export function answersOf(step: Step): readonly AskedAnswer[] {
  if (step.kind === "ask") return step.answers;
  if (step.kind !== "decide") return [];
  return [{ name: step.name, type: "choice", label: step.title, choices: step.options.map((o) => o.key), default: null }];
}

/** Whether people perform the step and say how it went. */
export function isByPeople(step: Step): boolean {
  return ["manual", "checklist", "ask", "decide", "announce"].includes(step.kind);
}

/** How often, and when not. `cron` has five fields and is read in `timeZone` (IANA). Exactly one of `everyMs` and `cron` is set. */
export type Schedule = {
  readonly everyMs: number | null;
  readonly cron: string | null;
  readonly timeZone: string;
  /** ISO dates, both included, in `timeZone`, on which nothing is launched. */
  readonly blackouts: readonly { readonly from: string; readonly to: string }[];
  /** How long before the drill it is announced, and how long after it is due somebody is told that it was not run. */
  readonly announceMs: number;
  readonly overdueMs: number;
};

/** Something that must be up first, and the step or words that prove it. */
export type Dependency = { readonly name: string; readonly why: string };

/** Who may release which steps alone in an incident, agreed beforehand. */
export type StandingAuthority = { readonly role: string; readonly steps: readonly string[]; readonly agreed: string };

/** What opens an incident: who may declare is the role; one of the criteria is named; decided by then, or escalated. */
export type Declaration = { readonly role: string; readonly criteria: readonly string[]; readonly decideByMs: number };

/** Where a runbook's file was last committed. `changed`: its bytes are not those of that commit. */
export type Checkout = { readonly commit: string; readonly author: string; readonly at: string; readonly changed: boolean };

/** A compiled runbook: frozen plain data. `hash` is the SHA-256 (hex) of the source bytes. */
export type Runbook = {
  readonly format: 1;
  readonly id: string;
  readonly hash: string;
  readonly title: string;
  readonly summary: readonly ProseBlock[];
  readonly mode: "test" | "live";
  readonly purpose: Purpose;
  readonly owner: string;
  readonly objectives: readonly Objective[];
  readonly parameters: readonly Parameter[];
  /** Role name to the alias of the group that fills it. */
  readonly roles: Readonly<Record<string, string>>;
  /** How often the runbook is to be drilled. Absent: people decide. */
  readonly schedule?: Schedule;
  /** Names of the servers the drill cannot do without. */
  readonly requiredServers?: readonly string[];
  readonly dependencies?: readonly Dependency[];
  readonly appliesTo?: readonly { readonly product: string; readonly versions: readonly string[] }[];
  readonly standingAuthority?: readonly StandingAuthority[];
  readonly declaration?: Declaration;
  /** The id of the runbook that leads back after this one was run live. */
  readonly failback?: string;
  /** The standards the drill claims to exercise, by their ids in the report. */
  readonly standards?: readonly string[];
  /** Rows of the field notes that the runbook answers. */
  readonly covers?: readonly number[];
  /** Every included runbook, by id and hash, in the order of first inclusion. */
  readonly includes?: readonly { readonly runbook: string; readonly hash: string }[];
  /** Absent: the file lies in no Git checkout, or was never committed. */
  readonly checkout?: Checkout;
  /** The file had changed and did not compile when this version was taken, which is the last good one. */
  readonly stale?: true;
  readonly steps: readonly Step[];
};

/** One fault in a runbook, as data. Lines and columns are 1-based; `to` is exclusive. */
export type Diagnostic = {
  readonly rule: string;
  readonly severity: "error" | "warning";
  readonly file: string;
  readonly from: { readonly line: number; readonly column: number };
  readonly to: { readonly line: number; readonly column: number };
  readonly message: string;
  readonly suggestion: string;
};
