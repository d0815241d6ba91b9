import type { DrillEvent } from "../../drills/events.ts";
import type { DrillState } from "../../drills/state.ts";
import type { RequestEntry } from "./records.ts";
import { titleOf } from "./title.ts";

/** Every request that was sent to Azure, with the event that tells of it. */
export function requestsOf(events: readonly DrillEvent[], state: DrillState): readonly RequestEntry[] {
  return events.flatMap((event) =>
    "requests" in event ? event.requests.map((request) => ({ ...request, seq: event.seq, about: aboutOf(event, state) })) : [],
  );
}

function aboutOf(event: DrillEvent, state: DrillState): string {
  if ("operation" in event) {
    const operation = state.operations.find((o) => o.key === event.operation);
    return operation?.undoOf ? `Clean up after: ${titleOf(state, operation.step)}` : titleOf(state, operation?.step ?? event.operation);
  }
  return "step" in event ? titleOf(state, event.step) : "";
}
