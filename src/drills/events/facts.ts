import type { Json } from "../../runbooks/runbook.ts";

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

/** Where one server of an operation stands; `testServer` null: none was made of it. */
export type ServerOutcome = {
  readonly name: string;
  readonly outcome: "waiting" | "running" | "succeeded" | "failed" | "removed";
  readonly detail: string;
  readonly testServer: TestServer | null;
};

/** A task of an operation as Azure last told it. */
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

/** A part of the runbook that has to be shown again in its next drill, because an objective was missed or not measured. */
export type Retest = {
  /** The objective with its target, "O1 RTO 1 h". */
  readonly objective: string;
  readonly result: string;
  /** Phases of the runbook, by name. */
  readonly segment: readonly string[];
};

/** What the drill before this one, of the same runbook, left to be shown again. */
export type EarlierRetests = { readonly drill: string; readonly retests: readonly Retest[] };

/** Where an operation waits for people: `id` is the service's own, and another one for every such place. */
export type Pause = { readonly id: string; readonly name: string; readonly text: string };

/** `not-proved` is no pass: nothing was seen that would allow one, or it could not be looked at. */
export type Verdict = "passed" | "failed" | "not-proved";

/** What a check saw. `result` is the check's own plain data: bytes, grids, figures. */
export type Observation = {
  readonly verdict: Verdict;
  readonly summary: string;
  /** Why, and what to try, in words; empty when there is nothing to say. */
  readonly diagnosis: readonly string[];
  readonly result: Json;
};

/** What people closed the drill as. */
export type DrillResult = "passed" | "passed-with-findings" | "failed" | "aborted";
