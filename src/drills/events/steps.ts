import type { Observation, Person, Problem, RequestRecord } from "./facts.ts";

/** What can happen to a step. `step` with `round` names one attempt at it. */
export type StepEvent =
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
      /** The names of those that are a person's own words and steer nothing: they are kept so that they can be erased. Absent: none. */
      readonly personal?: readonly string[];
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
  | { readonly type: "step.continued"; readonly step: string; readonly round: number; readonly reason: string }
  | {
      /** What the operation needed could not be read: nothing was sent. */
      readonly type: "step.blocked";
      readonly step: string;
      readonly round: number;
      readonly problem: Problem;
      readonly requests: readonly RequestRecord[];
    }
  | {
      /** Somebody has to be told that nobody answered in time, or that a decision is overdue. Being told is no yes. */
      readonly type: "escalation.raised";
      /** null: the whole drill, as when an incident's decide-by time has passed. */
      readonly step: string | null;
      readonly round: number;
      readonly role: string;
      readonly people: readonly Person[];
      readonly reason: string;
    };
