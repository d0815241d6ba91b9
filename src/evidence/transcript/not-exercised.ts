import type { DrillState, StepState } from "../../drills/state.ts";
import { failedServers } from "./recovery-time.ts";
import type { OperationRecord } from "./records.ts";

/** Parts of a real failover, and the actions that would have exercised them. */
const partsOfAFailover: readonly (readonly [what: string, by: RegExp])[] = [
  ["Shutting down the source servers", /shut-?down|planned-failover/],
  ["Switching users' traffic", /traffic|dns|front-door/],
  ["Committing the failover", /commit/],
  ["Re-protecting the servers afterwards", /re-?protect/],
  ["Failing back", /fail-?back/],
];

/** What a reader might take for tested and is not. */
export function notExercisedOf(state: DrillState, operations: readonly OperationRecord[]): readonly string[] {
  const done = operations.filter((o) => o.outcome === "succeeded").map((o) => o.action);
  return [
    ...(state.mode === "rehearsal" ? ["Anything real: Azure was simulated"] : []),
    ...partsOfAFailover.filter(([, by]) => !done.some((action) => by.test(action))).map(([what]) => what),
    ...failedServers(state).map((name) => `${name}: it did not come up`),
    ...state.steps.flatMap((step) => notDone(step, state.status === "running")),
  ];
}

function notDone({ step, status, reason, closedBy }: StepState, running: boolean): readonly string[] {
  // What Drillbook says of a step that failed says no more than that.
  const because = reason === "" || reason.startsWith(`"${step.title}" failed`) ? "" : `: ${reason}`;
  const who = closedBy === null ? "" : ` by ${closedBy.name}`;
  if (status === "skipped") return [`"${step.title}", skipped${who}${because}`];
  if (status === "continued") return [`"${step.title}", failed and passed over${who}${because}`];
  if (status === "left-out") return [`"${step.title}", ${reason === "mode" ? "not for this mode" : "not on the branch that was taken"}`];
  if (status === "failed") return [`"${step.title}", failed${because}`];
  return status === "pending" ? [`"${step.title}", not reached${running ? " yet" : ""}`] : [];
}
