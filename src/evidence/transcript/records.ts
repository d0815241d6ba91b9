import type { Observation, Person, Preview, Problem, RequestRecord, ServerOutcome, TaskProgress } from "../../drills/events.ts";
import type { StepStatus } from "../../drills/state.ts";
import type { Json, Kind } from "../../runbooks/runbook.ts";

export type StepRecord = {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly kind: Kind;
  readonly status: StepStatus;
  readonly guard: boolean;
  readonly rounds: number;
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  readonly closedBy: string;
  readonly reason: string;
  readonly items: readonly { readonly text: string; readonly ticked: boolean }[];
  readonly plannedMs: number | null;
  readonly machineMs: number;
  readonly peopleMs: number;
  readonly waitingMs: number;
};

export type ApprovalRecord = {
  readonly title: string;
  readonly round: number;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly quorum: number;
  readonly approvers: readonly Person[];
  readonly digest: string;
  readonly code: string;
  readonly previews: readonly Preview[];
  /** SHA-256 (hex) of the card as it was shown; null: none was stored. */
  readonly card: string | null;
  /** The event in which it was asked, and the one that says that the card was shown. */
  readonly seq: number;
  readonly shownSeq: number | null;
  readonly decisions: readonly { readonly at: string; readonly by: string; readonly decision: "approve" | "reject"; readonly reason: string }[];
  readonly outcome: "granted" | "rejected" | "expired" | "voided" | "open";
  readonly differences: readonly string[];
};

export type OperationRecord = {
  readonly key: string;
  readonly title: string;
  readonly action: string;
  readonly undo: boolean;
  readonly input: Json;
  readonly tag: string;
  readonly handle: string | null;
  readonly adopted: boolean;
  readonly intendedAt: string;
  readonly endedAt: string | null;
  /** The events that say so; null: none does. */
  readonly intendedSeq: number;
  readonly startedSeq: number | null;
  readonly endedSeq: number | null;
  readonly outcome: string;
  readonly summary: string;
  readonly servers: readonly ServerOutcome[];
  readonly tasks: readonly TaskProgress[];
  readonly problems: readonly Problem[];
};

export type CheckRecord = Observation & {
  readonly seq: number;
  readonly at: string;
  readonly title: string;
  readonly type: string;
  readonly input: Json;
  readonly round: number;
  /** Looked at again immediately before an operation was sent. */
  readonly again: boolean;
};

export type Deviation = { readonly at: string; readonly by: string; readonly what: string; readonly why: string };

export type CleanupRecord = {
  readonly why: "finished" | "failed" | "aborted" | null;
  readonly reason: string;
  /** What the drill's operations created, and whether it is still there. */
  readonly servers: readonly { readonly name: string; readonly id: string; readonly removedAt: string | null }[];
  readonly debts: readonly {
    readonly what: string;
    readonly status: "owed" | "undoing" | "failed" | "undone" | "accepted" | "kept";
    readonly attempts: number;
    readonly detail: string;
  }[];
  readonly owed: number;
};

export type SignatureRecord = {
  readonly as: "owner" | "reviewer";
  readonly by: Person;
  readonly at: string;
  readonly statement: string;
  /** Whether this person neither launched, performed nor approved. */
  readonly independent: boolean;
};

export type ParticipantRecord = { readonly person: Person; readonly roles: readonly string[]; readonly did: readonly string[] };

export type TimelineEntry = { readonly seq: number; readonly at: string; readonly by: string; readonly what: string; readonly detail: string };

export type RequestEntry = RequestRecord & { readonly seq: number; readonly about: string };

/** A file that somebody attached. `by` is null for what Drillbook kept itself, such as the screen of a test server. */
export type FileRecord = { readonly at: string; readonly by: string | null; readonly about: string; readonly name: string; readonly mediaType: string; readonly size: number; readonly sha256: string };
