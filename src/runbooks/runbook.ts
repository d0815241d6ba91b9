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

export type OnFail = "stop" | "ask" | "continue";

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

export type Step = ManualStep | ChecklistStep | CheckStep | ActionStep | ApprovalStep;
export type Kind = Step["kind"];

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
