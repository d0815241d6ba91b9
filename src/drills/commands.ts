import type { Question } from "./events/approvals.ts";
import type { Attachment, Observation, Person, Problem, RequestRecord } from "./events.ts";
import type { Ending, Intent, Progress } from "./events/operations.ts";

type Requests = { readonly requests: readonly RequestRecord[] };
type AtStep = { readonly step: string; readonly round: number };

/** What a person can ask of a drill that is under way. */
export type PersonCommand = { readonly by: Person } & (
  | (AtStep & { readonly type: "answer"; readonly answer: "done" | "failed" | "skipped"; readonly reason: string; readonly ticks: readonly boolean[]; readonly values?: Readonly<Record<string, string>> })
  | (AtStep & { readonly type: "retry"; readonly reason: string })
  | (AtStep & { readonly type: "continue"; readonly reason: string })
  | (AtStep & { readonly type: "decide"; readonly decision: "approve" | "reject"; readonly code: string; readonly reason: string })
  | { readonly type: "abort"; readonly reason: string }
  | { readonly type: "give-up"; readonly reason: string }
  /** `to`: a name or an id of somebody who has a role in the drill. */
  | (AtStep & { readonly type: "hand-over"; readonly to: string; readonly reason: string })
  /** From the person who gives it to somebody else who has a role in the drill. */
  | { readonly type: "hand-over-role"; readonly role: string; readonly to: string; readonly reason: string }
  | { readonly type: "propose-approver"; readonly role: string; readonly to: string; readonly reason: string }
  | { readonly type: "admit-approver"; readonly proposal: string }
  /** How the undo of a people's step went. */
  | { readonly type: "answer-undo"; readonly operation: string; readonly answer: "done" | "failed"; readonly reason: string }
  /** `until`: ISO 8601. `server`: by name; "" means every server of the operation. */
  | { readonly type: "hold"; readonly operation: string; readonly server: string; readonly until: string; readonly reason: string }
  | { readonly type: "release"; readonly operation: string; readonly server: string; readonly reason: string }
  | { readonly type: "settle"; readonly obligation: string; readonly reason: string }
  /** `owner`: a name or an id; "" means whoever records it. `due`: an ISO date; "" means the usual time. */
  | { readonly type: "record-finding"; readonly step: string | null; readonly text: string; readonly owner: string; readonly due: string }
  | { readonly type: "order-undo"; readonly operation: string; readonly reason: string }
  | { readonly type: "pause"; readonly reason: string }
  | { readonly type: "resume"; readonly reason: string }
  | { readonly type: "note"; readonly step: string | null; readonly text: string }
  /** The bytes go with the command to the runner, which stores them in the same append. */
  | ({ readonly type: "attach"; readonly step: string | null } & Attachment)
  | { readonly type: "resolve"; readonly operation: string; readonly as: "not-started" | "look-again"; readonly reason: string }
  /** What an operation waits for is done, and the service may go on. `pause`: its id. */
  | { readonly type: "answer-pause"; readonly operation: string; readonly pause: string; readonly reason: string }
  | { readonly type: "retry-undo"; readonly operation: string; readonly reason: string }
  | { readonly type: "accept-debt"; readonly operation: string; readonly reason: string }
  | { readonly type: "sign"; readonly as: "owner" | "reviewer"; readonly statement: string }
);

/** What the runner reports: facts, with nobody's name on them. */
export type MachineCommand = { readonly by: null } & (
  /** The bytes go with the report, as they do with what a person attaches. */
  | ({ readonly type: "kept"; readonly step: string } & Attachment)
  | (AtStep & Requests & { readonly type: "observed"; readonly observation: Observation })
  | (Requests & { readonly type: "guard-observed"; readonly step: string; readonly before: string; readonly observation: Observation })
  | (AtStep & Requests & Question & { readonly type: "asked" })
  | (AtStep & { readonly type: "shown"; readonly card: string })
  | (AtStep & { readonly type: "expired" })
  | (AtStep & Requests & { readonly type: "looked"; readonly observation: Observation })
  | (AtStep & { readonly type: "waited" })
  | (AtStep & { readonly type: "try-again"; readonly reason: string })
  | (AtStep & { readonly type: "timed-out"; readonly reason: string })
  | (AtStep & Requests & { readonly type: "voided"; readonly now: string; readonly differences: readonly string[] })
  | (AtStep & Requests & { readonly type: "blocked"; readonly problem: Problem })
  | (AtStep & Requests & Intent & { readonly type: "intend" })
  | { readonly type: "intend-release"; readonly operation: string; readonly pause: string; readonly tag: string; readonly sendBy: string }
  | (Requests & { readonly type: "released"; readonly operation: string; readonly pause: string; readonly problem: Problem | null })
  | (Requests & { readonly type: "started"; readonly operation: string; readonly handle: string; readonly adopted: boolean })
  | (Requests & Progress & { readonly type: "progressed" })
  | (Requests & Ending & { readonly type: "ended" })
  | (Requests & { readonly type: "unknown"; readonly operation: string; readonly why: string })
  | { readonly type: "hold-over"; readonly operation: string; readonly server: string }
  | { readonly type: "overdue" }
  /** An incident was declared on what this exercise protects. */
  | { readonly type: "stand-aside"; readonly reason: string }
  | (Requests & { readonly type: "undo-not-needed"; readonly operation: string; readonly why: string })
  | (Requests & { readonly type: "undo-blocked"; readonly operation: string; readonly problem: Problem })
);

/** Everything that can be asked of a drill or reported to it. */
export type Command = PersonCommand | MachineCommand;
