import type { Json } from "../../runbooks/runbook.ts";
import type { Pause, Person, Problem, RequestRecord, ServerOutcome, TaskProgress } from "./facts.ts";

/** What is intended, before it is sent. */
export type Intent = {
  readonly operation: string;
  readonly action: string;
  readonly input: Json;
  /** The client-request id that Azure keeps: what recovery looks for. */
  readonly tag: string;
  readonly sendBy: string;
  /** The operation that this one takes back; null for an action of the runbook. */
  readonly undoOf: string | null;
  /** What takes this one back, registered before it is sent; null when nothing does. */
  readonly undo: { readonly action: string; readonly input: Json } | null;
  /** What it leaves owed that takes nothing back, registered once it has run. Absent: nothing. */
  readonly obligations?: readonly { readonly id: string; readonly text: string }[];
  /** Ids of what earlier operations left owed, and this one fulfils when it succeeds. Absent: nothing. */
  readonly settles?: readonly string[];
  /** After it nothing leads back. Absent: it can be taken back. */
  readonly pointOfNoReturn?: true;
};

/** How far an operation is, with its tasks and servers as Azure told them. */
export type Progress = {
  readonly operation: string;
  readonly summary: string;
  readonly tasks: readonly TaskProgress[];
  readonly servers: readonly ServerOutcome[];
  /** Absent: it waits for nobody. */
  readonly pause?: Pause;
};

/** How an operation ended. `refused`: Azure certainly did not start it, so nothing is owed for it. */
export type Ending = Progress & { readonly outcome: "succeeded" | "failed" | "refused"; readonly problems: readonly Problem[] };

/** What can happen to an operation and to what it leaves owed. `operation` names one attempt at an action or an undo. */
export type OperationEvent =
  | {
      /** In live nothing is taken back by itself: somebody who performed nothing said that this is to be. */
      readonly type: "undo.ordered";
      readonly operation: string;
      readonly reason: string;
    }
  | (Intent & { readonly type: "operation.intended"; readonly step: string; readonly requests: readonly RequestRecord[] })
  | {
      readonly type: "operation.started";
      readonly operation: string;
      readonly handle: string;
      /** Found by recovery instead of being answered to the sender. */
      readonly adopted: boolean;
      readonly requests: readonly RequestRecord[];
    }
  | (Progress & { readonly type: "operation.progressed"; readonly requests: readonly RequestRecord[] })
  | (Ending & { readonly type: "operation.ended"; readonly requests: readonly RequestRecord[] })
  | {
      /** Somebody did what the service waits for, and says so. */
      readonly type: "pause.answered";
      readonly operation: string;
      readonly pause: string;
      readonly reason: string;
    }
  | {
      /** Before the service is told that it may go on. */
      readonly type: "pause.release-intended";
      readonly operation: string;
      readonly pause: string;
      readonly tag: string;
      readonly sendBy: string;
    }
  | {
      /** What came of it; without a problem, the service goes on. */
      readonly type: "pause.released";
      readonly operation: string;
      readonly pause: string;
      readonly problem: Problem | null;
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
      /** How the undo of a people's step went, as the people say. */
      readonly type: "undo.answered";
      readonly operation: string;
      readonly answer: "done" | "failed";
      readonly reason: string;
    }
  | {
      /** A server is kept for investigation: nothing takes it away before `until`, and the debt stays. */
      readonly type: "server.held";
      readonly operation: string;
      readonly server: string;
      readonly owner: Person;
      readonly until: string;
      readonly reason: string;
    }
  | { readonly type: "server.released"; readonly operation: string; readonly server: string; readonly reason: string }
  | {
      /** What an action leaves owed that takes nothing back. */
      readonly type: "obligation.registered";
      readonly obligation: string;
      readonly operation: string;
      readonly step: string;
      readonly text: string;
    }
  | { readonly type: "obligation.settled"; readonly obligation: string; readonly reason: string };
