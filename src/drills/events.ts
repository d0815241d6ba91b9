import type { Json, Mode, Purpose, Runbook } from "../runbooks/runbook.ts";

/** A person as every door knows them: `id` is the Entra object id (or a rehearsal id), never a name or an address. */
export type Person = { readonly id: string; readonly name: string };

/** What one HTTP request to Azure leaves in the evidence. Never a token, key, SAS or body: the body by its hash. */
export type RequestRecord = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** null: no answer came. */
  readonly status: number | null;
  readonly clientRequestId: string | null;
  readonly requestId: string | null;
  readonly correlationId: string | null;
  /** SHA-256 (hex) of the request body; null when there was none. */
  readonly bodySha256: string | null;
  readonly durationMs: number;
};

/** Something that went wrong, in the words of whoever reports it (Azure's own when it is Azure). */
export type Problem = {
  readonly code: string;
  readonly message: string;
  readonly causes: string;
  readonly action: string;
  /** The server it concerns; null: the whole operation. */
  readonly server: string | null;
};

/** A server that a test failover created; `id` is its ARM id. */
export type TestServer = { readonly name: string; readonly id: string };

export type ServerOutcome = {
  readonly name: string;
  readonly outcome: "waiting" | "running" | "succeeded" | "failed" | "removed";
  readonly detail: string;
  readonly testServer: TestServer | null;
};

export type TaskProgress = {
  /** With the names of the tasks above it, so that it can stand alone. */
  readonly name: string;
  /** 0: a task of the job itself; 1: a task within one of those, and so on. */
  readonly depth: number;
  readonly state: "waiting" | "running" | "succeeded" | "failed" | "skipped";
  readonly startedAt: string | null;
  readonly endedAt: string | null;
};

/** What an approver is shown, and what the live targets are compared with again before the action is sent. */
export type Preview = {
  readonly action: string;
  readonly targets: readonly { readonly id: string; readonly name: string }[];
  /** SHA-256 (hex) over what Azure says of the plan: groups, order, members, actions. */
  readonly planDigest: string;
  /** The rule that chooses the recovery point, and its greatest age. */
  readonly recoveryPointRule: Json;
  readonly undo: string;
  /** What the undo goes back to, as it is now; part of what is approved. Absent: the undo needs no former value. */
  readonly former?: Json;
  /** Texts that the approver must see whole, such as a script. Absent: none. */
  readonly documents?: readonly { readonly title: string; readonly text: string }[];
  /** Sentences for people, in the order to show them. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
};

/** A file that somebody attached; its bytes are the blob that `sha256` (hex) names, taken when it was received. */
export type Attachment = { readonly name: string; readonly mediaType: string; readonly size: number; readonly sha256: string };

export type Verdict = "passed" | "failed" | "not-proved";

/** What a check saw. `result` is the check's own plain data: bytes, grids, figures. */
export type Observation = {
  readonly verdict: Verdict;
  readonly summary: string;
  /** Why, and what to try, in words; empty when there is nothing to say. */
  readonly diagnosis: readonly string[];
  readonly result: Json;
};

export type DrillResult = "passed" | "passed-with-findings" | "failed" | "aborted";

/**
 * The closed union of what can happen in a drill. `step` with `round` names one attempt at a step; `operation` names one
 * attempt at an action or an undo.
 */
export type EventBody =
  | {
      readonly type: "drill.launched";
      readonly runbook: Runbook;
      readonly params: Readonly<Record<string, string>>;
      readonly mode: Mode;
      readonly purpose: Purpose;
      /** Frozen at launch: role to the people in it. */
      readonly roles: Readonly<Record<string, readonly Person[]>>;
      /** Opaque to the drill: where it was started, so that its cards find their way back. */
      readonly conversation: Json;
    }
  | { readonly type: "step.opened"; readonly step: string; readonly round: number }
  | {
      readonly type: "step.answered";
      readonly step: string;
      readonly round: number;
      readonly answer: "done" | "failed" | "skipped";
      readonly reason: string;
      readonly ticks: readonly boolean[];
      /** What was answered to a step that asks; absent for every other. */
      readonly values?: Readonly<Record<string, string>>;
    }
  | {
      /** The step is not on the branch that was taken, or not for this mode: no deviation. */
      readonly type: "step.left-out";
      readonly step: string;
      readonly why: "branch" | "mode";
    }
  | {
      /** Nobody answered in time: the step has failed, because silence is never a yes. */
      readonly type: "step.timed-out";
      readonly step: string;
      readonly round: number;
      /** What it waited for, in words. */
      readonly reason: string;
    }
  | ({ readonly type: "check.observed"; readonly step: string; readonly round: number; readonly requests: readonly RequestRecord[] } & Observation)
  | ({
      /** A guard looked at again immediately before the operation `before` was to be sent. */
      readonly type: "guard.observed";
      readonly step: string;
      readonly before: string;
      readonly requests: readonly RequestRecord[];
    } & Observation)
  | { readonly type: "step.retried"; readonly step: string; readonly round: number; readonly reason: string }
  | ({
      /** One look of a step that waits until a check holds. */
      readonly type: "wait.looked";
      readonly step: string;
      readonly round: number;
      readonly requests: readonly RequestRecord[];
    } & Observation)
  | { readonly type: "wait.ended"; readonly step: string; readonly round: number }
  | {
      /** What was said to whom, as it was shown. */
      readonly type: "announcement.made";
      readonly step: string;
      readonly round: number;
      readonly audience: string;
      readonly text: string;
    }
  | { readonly type: "step.handed-over"; readonly step: string; readonly round: number; readonly to: Person; readonly reason: string }
  | {
      /** In live nothing is taken back by itself: somebody who performed nothing said that this is to be. */
      readonly type: "undo.ordered";
      readonly operation: string;
      readonly reason: string;
    }
  | { readonly type: "drill.paused"; readonly reason: string }
  | { readonly type: "drill.resumed"; readonly reason: string }
  | { readonly type: "step.continued"; readonly step: string; readonly round: number; readonly reason: string }
  | {
      readonly type: "approval.asked";
      readonly step: string;
      readonly round: number;
      /** SHA-256 (hex) of the canonical form of `subject`. */
      readonly digest: string;
      /** The short form of the digest that a person can type. */
      readonly code: string;
      readonly subject: Json;
      readonly previews: readonly Preview[];
      readonly approvers: readonly Person[];
      readonly expiresAt: string;
      readonly requests: readonly RequestRecord[];
    }
  | {
      readonly type: "approval.decided";
      readonly step: string;
      readonly round: number;
      readonly decision: "approve" | "reject";
      readonly digest: string;
      readonly reason: string;
    }
  | {
      /** The card that approvers were shown, by the SHA-256 of its bytes, stored before it was sent. */
      readonly type: "approval.shown";
      readonly step: string;
      readonly round: number;
      readonly card: string;
    }
  | { readonly type: "approval.expired"; readonly step: string; readonly round: number }
  | {
      readonly type: "approval.voided";
      readonly step: string;
      readonly round: number;
      readonly was: string;
      readonly now: string;
      readonly differences: readonly string[];
      readonly requests: readonly RequestRecord[];
    }
  | {
      /** What the operation needed could not be read: nothing was sent. */
      readonly type: "step.blocked";
      readonly step: string;
      readonly round: number;
      readonly problem: Problem;
      readonly requests: readonly RequestRecord[];
    }
  | {
      readonly type: "operation.intended";
      readonly operation: string;
      readonly step: string;
      readonly action: string;
      readonly input: Json;
      /** The client-request id that Azure keeps: what recovery looks for. */
      readonly tag: string;
      readonly sendBy: string;
      /** The operation that this one takes back; null for an action of the runbook. */
      readonly undoOf: string | null;
      /** What takes this one back, registered before it is sent; null when nothing does. */
      readonly undo: { readonly action: string; readonly input: Json } | null;
      readonly requests: readonly RequestRecord[];
    }
  | {
      readonly type: "operation.started";
      readonly operation: string;
      readonly handle: string;
      /** Found by recovery instead of being answered to the sender. */
      readonly adopted: boolean;
      readonly requests: readonly RequestRecord[];
    }
  | {
      readonly type: "operation.progressed";
      readonly operation: string;
      readonly summary: string;
      readonly tasks: readonly TaskProgress[];
      readonly servers: readonly ServerOutcome[];
      readonly requests: readonly RequestRecord[];
    }
  | {
      readonly type: "operation.ended";
      readonly operation: string;
      /** `refused`: Azure certainly did not start it, so nothing is owed for it. */
      readonly outcome: "succeeded" | "failed" | "refused";
      readonly summary: string;
      readonly tasks: readonly TaskProgress[];
      readonly servers: readonly ServerOutcome[];
      readonly problems: readonly Problem[];
      readonly requests: readonly RequestRecord[];
    }
  | {
      /** Whether Azure started it is not known, and a look did not tell: a person decides. */
      readonly type: "operation.unknown";
      readonly operation: string;
      readonly why: string;
      readonly requests: readonly RequestRecord[];
    }
  | {
      readonly type: "operation.resolved";
      readonly operation: string;
      readonly as: "not-started" | "look-again";
      readonly reason: string;
    }
  | {
      readonly type: "cleanup.began";
      readonly why: "finished" | "failed" | "aborted";
      readonly reason: string;
    }
  | {
      /** Looked, and there was nothing to take back. */
      readonly type: "debt.cleared";
      readonly operation: string;
      readonly why: string;
      readonly requests: readonly RequestRecord[];
    }
  | {
      /** The undo could not be sent: nothing was, and a person is asked. */
      readonly type: "undo.blocked";
      readonly operation: string;
      readonly problem: Problem;
      readonly requests: readonly RequestRecord[];
    }
  | { readonly type: "debt.accepted"; readonly operation: string; readonly reason: string }
  | { readonly type: "undo.retried"; readonly operation: string; readonly reason: string }
  | {
      readonly type: "finding.recorded";
      readonly finding: string;
      readonly step: string | null;
      readonly text: string;
      readonly owner: Person;
      /** ISO date by which it is to be dealt with. */
      readonly due: string;
    }
  | { readonly type: "note.added"; readonly step: string | null; readonly text: string }
  | ({ readonly type: "attachment.added"; readonly step: string | null } & Attachment)
  | { readonly type: "signoff.asked"; readonly proposed: DrillResult }
  | { readonly type: "drill.signed"; readonly as: "owner" | "reviewer"; readonly statement: string }
  | { readonly type: "drill.ended"; readonly result: DrillResult }
  | {
      /** A command that was refused: kept, because who tried what is part of the history. */
      readonly type: "command.refused";
      readonly command: string;
      readonly step: string | null;
      readonly code: string;
      readonly message: string;
    };

/** One entry of a drill's history. `seq` starts at 1 and has no gaps; `by` is null when no person acted. */
export type DrillEvent = {
  readonly v: 1;
  readonly drill: string;
  readonly seq: number;
  /** ISO 8601 in UTC, from Drillbook's own clock. */
  readonly at: string;
  readonly by: Person | null;
} & EventBody;
