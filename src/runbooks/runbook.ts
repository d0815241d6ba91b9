/** Plain data, as JSON knows it: what a compiled runbook, an event and a digest are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type Mode = "rehearsal" | "test" | "live";
export type Purpose = "exercise" | "incident";

export type ParameterType = "text" | "number" | "choice" | "recovery-plan" | "azure-resource";

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

export type OnFail = "stop" | "ask" | "continue" | "retry";

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
};

/** How long people may take, in milliseconds: a step that nobody answered in time has failed. Absent: as long as they like. */
type ByPeople = StepCommon & { readonly timeoutMs?: number };

export type ManualStep = ByPeople & { readonly kind: "manual" };

export type ChecklistStep = ByPeople & { readonly kind: "checklist"; readonly items: readonly string[] };

/** `input` still holds `${name}` placeholders; `resolve` fills them at launch. */
export type CheckStep = StepCommon & { readonly kind: "check"; readonly type: string; readonly input: Json };

export type ActionStep = StepCommon & { readonly kind: "action"; readonly type: string; readonly input: Json };

export type ApprovalStep = StepCommon & {
  readonly kind: "approval";
  readonly quorum: number;
  readonly expiresMs: number;
  /** The role that is told when the approval expires; null: nobody. */
  readonly escalate: string | null;
};

export type AnswerType = "text" | "number" | "choice" | "date" | "person";

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
  readonly schedule?: { readonly everyMs: number };
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
