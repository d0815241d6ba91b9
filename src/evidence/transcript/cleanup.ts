import type { DrillEvent } from "../../drills/events.ts";
import { openDebts } from "../../drills/debts.ts";
import type { DrillState, OperationState } from "../../drills/state.ts";
import type { CleanupRecord } from "./records.ts";
import { titleOf } from "./title.ts";

/** What was created, what of it is gone, and what is still owed. */
export function cleanupOf(events: readonly DrillEvent[], state: DrillState): CleanupRecord {
  return {
    why: state.cleanup?.why ?? null,
    reason: state.cleanup?.reason ?? "",
    servers: serversOf(events, state),
    debts: state.debts.map((d) => ({
      what: `${d.text === "" ? d.action : d.text} after "${titleOf(state, d.step)}"`,
      status: d.status,
      attempts: d.attempts,
      detail: d.detail,
    })),
    owed: openDebts(state).length,
  };
}

function serversOf(events: readonly DrillEvent[], state: DrillState): CleanupRecord["servers"] {
  return state.operations
    .filter((o) => o.undoOf === null)
    .flatMap((operation) =>
      operation.servers.flatMap(({ name, testServer }) =>
        testServer === null ? [] : [{ name: testServer.name, id: testServer.id, removedAt: removedAt(state, operation, name) ?? foundGoneAt(events, operation) }],
      ),
    );
}

/** By what the undo said of this server; an undo that told of no server speaks for all of them. */
function removedAt(state: DrillState, operation: OperationState, server: string): string | null {
  const undos = state.operations.filter((o) => o.undoOf === operation.key);
  const undo = undos.find((o) => {
    const row = o.servers.find((s) => s.name === server);
    return row === undefined ? o.outcome === "succeeded" : row.outcome === "removed";
  });
  return undo?.endedAt ?? null;
}

/** A look before an undo that found nothing to take back. */
function foundGoneAt(events: readonly DrillEvent[], operation: OperationState): string | null {
  return events.find((e) => e.type === "debt.cleared" && e.operation === operation.key)?.at ?? null;
}
