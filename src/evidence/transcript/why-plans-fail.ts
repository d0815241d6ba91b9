import type { DrillState } from "../../drills/state.ts";
import { timesOf } from "../../drills/times.ts";
import type { Clocks } from "./clocks.ts";
import type { StepRecord } from "./records.ts";
import { measuredDuration } from "./words.ts";
import { between, counted } from "../../texts/words.ts";

/** One of the reasons why plans fail, and how this drill stands to it. `measured` false: `words` say why not. */
export type FailureReason = { readonly reason: string; readonly measured: boolean; readonly words: string };

/** The same three of every drill, so that drills can be compared: noticing, parts that were never tried, waiting for people. */
export function whyPlansFail(state: DrillState, parts: { readonly steps: readonly StepRecord[]; readonly notExercised: readonly string[]; readonly clocks: Clocks }): readonly FailureReason[] {
  return [detection(state), exercised(state, parts.notExercised), waiting(parts.steps, parts.clocks)];
}

function detection(state: DrillState): FailureReason {
  const reason = "Nobody noticed, and the failover never began";
  const { disruptionAt, detectedAt } = timesOf(state, new Date(state.endedAt ?? state.launchedAt));
  if (disruptionAt !== null && detectedAt !== null && disruptionAt <= detectedAt) {
    return { reason, measured: true, words: `${measuredDuration(between(disruptionAt, detectedAt))} from the disruption until it was noticed` };
  }
  return { reason, measured: false, words: `Time to detect was not measured: ${whyNoDetection(state, detectedAt)}` };
}

function whyNoDetection(state: DrillState, detectedAt: string | null): string {
  if (state.declared !== null) return detectedAt === null ? "whoever declared the incident did not say when it was noticed" : "whoever declared the incident did not say when it began";
  const step = state.steps.find(({ step: { marks } }) => marks?.includes("detected"));
  if (step === undefined) return "everybody knew of the drill beforehand, and no step of its runbook marks a moment at which somebody noticed";
  return detectedAt === null ? `"${step.step.title}" was not done` : "no step says when the disruption began";
}

function exercised({ steps, status, operations }: DrillState, notExercised: readonly string[]): FailureReason {
  const reason = "One part did not work, because it was never tried";
  const meant = steps.filter((step) => step.status !== "left-out");
  const done = meant.filter((step) => step.status === "passed").length;
  const servers = new Map(operations.filter(({ undoOf }) => undoOf === null).flatMap((operation) => operation.servers.map(({ name, outcome }) => [name, outcome] as const)));
  const well = [...servers.values()].filter((outcome) => outcome === "succeeded").length;
  const ofServers = servers.size === 0 ? "no server was started" : `${well} of ${counted(servers.size, "server")} came through`;
  const left = notExercised.length === 0 ? "" : `; ${counted(notExercised.length, "part")} not exercised, listed above`;
  return { reason, measured: true, words: `${done} of ${counted(meant.length, "step")} done${status === "running" ? " so far" : ""}, ${ofServers}${left}` };
}

function waiting(steps: readonly StepRecord[], { waitingMs, totalMs }: Clocks): FailureReason {
  const reason = "It waited for people";
  if (waitingMs === 0) return { reason, measured: true, words: "Nothing stood still for a decision" };
  const longest = steps.toSorted((a, b) => b.waitingMs - a.waitingMs)[0];
  const most = longest === undefined || longest.waitingMs === 0 ? "" : `; longest at "${longest.title}", ${measuredDuration(longest.waitingMs)}`;
  return { reason, measured: true, words: `${measuredDuration(waitingMs)} of ${measuredDuration(totalMs)} in which nothing moved until somebody decided${most}` };
}
