import type { DrillEvent } from "../../drills/events.ts";
import type { DrillState } from "../../drills/state.ts";
import { titleOf, type Moment, type RequestEntry } from "./transcript.ts";

/** Every request that was sent to Azure, with the event that tells of it. */
export function requestsOf(moments: readonly Moment[]): readonly RequestEntry[] {
  return moments.flatMap(({ event, after }) =>
    "requests" in event ? event.requests.map((request) => ({ ...request, seq: event.seq, about: aboutOf(after, event) })) : [],
  );
}

function aboutOf(state: DrillState, event: DrillEvent): string {
  if ("operation" in event) {
    const operation = state.operations.find((o) => o.key === event.operation);
    return operation?.undoOf ? `Clean up after: ${titleOf(state, operation.step)}` : titleOf(state, operation?.step ?? event.operation);
  }
  return "step" in event ? titleOf(state, event.step) : "";
}
