import type { DrillEvent } from "../drills/events.ts";
import type { Append, DrillSummary } from "../drills/ports.ts";

/** The summary row after an append: what lists show without reading any history. */
export function summaryAfter(before: DrillSummary | null, append: Append): DrillSummary {
  const summary = append.events.reduce(withEvent, before);
  if (summary === null) throw new Error("an append to a new drill begins with drill.launched");
  return { ...summary, events: append.expectedSeq + append.events.length };
}

function withEvent(summary: DrillSummary | null, event: DrillEvent): DrillSummary | null {
  if (event.type === "drill.launched") {
    return {
      id: event.drill,
      runbook: event.runbook.id,
      title: event.runbook.title,
      mode: event.mode,
      startedAt: event.at,
      endedAt: null,
      result: null,
      events: 0,
    };
  }
  if (event.type === "drill.ended" && summary !== null) return { ...summary, endedAt: event.at, result: event.result };
  return summary;
}
