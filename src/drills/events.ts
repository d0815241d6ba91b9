import type { ApprovalEvent } from "./events/approvals.ts";
import type { CourseEvent } from "./events/course.ts";
import type { Person } from "./events/facts.ts";
import type { OperationEvent } from "./events/operations.ts";
import type { StepEvent } from "./events/steps.ts";

export type {
  Person,
  RequestRecord,
  Pause,
  Problem,
  TestServer,
  ServerOutcome,
  TaskProgress,
  Preview,
  Attachment,
  EarlierRetests,
  Retest,
  Verdict,
  Observation,
  DrillResult,
} from "./events/facts.ts";

/** The closed union of what can happen in a drill. */
export type EventBody = StepEvent | ApprovalEvent | OperationEvent | CourseEvent;

/** One entry of a drill's history. `seq` starts at 1 and has no gaps; `by` is null when no person acted. */
export type DrillEvent = {
  readonly v: 1;
  readonly drill: string;
  readonly seq: number;
  /** ISO 8601 in UTC, from Drillbook's own clock. */
  readonly at: string;
  readonly by: Person | null;
} & EventBody;
