import type { DrillEvent } from "../../drills/events.ts";
import type { DrillState } from "../../drills/state.ts";
import { replicationRows } from "./replication-rows.ts";

/** How far behind each server was, and the worst. `ms` null: not measured, and `why` says what was missing. */
export type RecoveryPoint = {
  readonly ms: number | null;
  readonly worst: string;
  readonly at: string | null;
  readonly servers: readonly { readonly name: string; readonly ms: number | null }[];
  readonly rule: string;
  readonly why: string;
};

const rule =
  "By server, the worst decides: the replication lag that Azure reported at the last look before the first action. The recovery point that Azure then used is not read.";

/** From the last replication check, or guard looked at again, before the first action was intended. */
export function recoveryPointOf(events: readonly DrillEvent[], state: DrillState): RecoveryPoint {
  const none = { ms: null, worst: "", at: null, servers: [], rule };
  const first = events.findIndex((event) => event.type === "operation.intended" && event.undoOf === null);
  const look = lastLook(first < 0 ? events : events.slice(0, first), state);
  if (look === null) return { ...none, why: "replication was not looked at before the first action" };
  const servers = look.rows.map((row) => ({ name: row.name, ms: row.rpoSeconds === null ? null : row.rpoSeconds * 1000 }));
  const known = servers.flatMap((s) => (s.ms === null ? [] : [{ name: s.name, ms: s.ms }]));
  const worst = known.reduce((a, b) => (b.ms > a.ms ? b : a), known[0] ?? { name: "", ms: 0 });
  const without = servers.filter((s) => s.ms === null).map((s) => s.name);
  if (without.length > 0) return { ...none, at: look.at, servers, why: `Azure gave no figure for ${without.join(", ")}` };
  return { ms: worst.ms, worst: worst.name, at: look.at, servers, rule, why: "" };
}

function lastLook(events: readonly DrillEvent[], state: DrillState) {
  const types = new Map(state.steps.flatMap(({ step }) => (step.kind === "check" ? [[step.id, step.type]] : [])));
  for (const event of events.toReversed()) {
    if (event.type !== "check.observed" && event.type !== "guard.observed") continue;
    if (types.get(event.step) !== "asr-replication") continue;
    const rows = replicationRows(event.result);
    if (rows !== null && rows.length > 0) return { at: event.at, rows };
  }
  return null;
}
