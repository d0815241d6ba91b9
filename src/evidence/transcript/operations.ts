import type { DrillEvent } from "../../drills/events.ts";
import type { DrillState, OperationState } from "../../drills/state.ts";
import type { OperationRecord } from "./records.ts";
import { titleOf } from "./title.ts";

/** Every attempt at an action or an undo, with the servers and tasks as they were last seen. */
export function operationsOf(events: readonly DrillEvent[], state: DrillState): readonly OperationRecord[] {
  const lastServers = lastSeenServers(events);
  const seqOf = new Map(events.flatMap((event) => ("operation" in event ? [[`${event.type} ${event.operation}`, event.seq] as const] : [])));
  return state.operations.map((o) => ({
    key: o.key,
    title: o.undoOf === null ? titleOf(state, o.step) : `Clean up after: ${titleOf(state, o.step)}`,
    action: o.action,
    undo: o.undoOf !== null,
    input: o.input,
    tag: o.tag,
    handle: o.handle,
    adopted: o.adopted,
    intendedAt: o.intendedAt,
    endedAt: o.endedAt,
    intendedSeq: seqOf.get(`operation.intended ${o.key}`) ?? 0,
    startedSeq: seqOf.get(`operation.started ${o.key}`) ?? null,
    endedSeq: seqOf.get(`operation.ended ${o.key}`) ?? null,
    outcome: outcomeOf(o),
    summary: o.summary,
    servers: o.servers.length > 0 ? o.servers : (lastServers.get(o.key) ?? []),
    tasks: o.tasks,
    problems: o.problems,
  }));
}

function outcomeOf(operation: OperationState): string {
  if (operation.phase === "unknown") return "unknown";
  return operation.outcome ?? "under way";
}

/** An operation that ends without telling of its servers must not hide the ones it told of before. */
function lastSeenServers(events: readonly DrillEvent[]): ReadonlyMap<string, OperationRecord["servers"]> {
  const seen = new Map<string, OperationRecord["servers"]>();
  for (const event of events) {
    if ((event.type === "operation.progressed" || event.type === "operation.ended") && event.servers.length > 0) {
      seen.set(event.operation, event.servers);
    }
  }
  return seen;
}
