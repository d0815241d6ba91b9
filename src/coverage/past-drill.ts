import type { DrillEvent } from "../drills/events.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json, Mode } from "../runbooks/runbook.ts";

/** What a drill that has ended says about what it exercised. */
export type PastDrill = {
  readonly id: string;
  readonly runbook: string;
  /** The version of the runbook, by its hash. */
  readonly version: string;
  readonly mode: Mode;
  readonly endedAt: string;
  readonly result: string;
  /** Ids of the recovery plans it acted on, in lower case. */
  readonly plans: readonly string[];
  /** Servers by name, and whether each came through every operation that it was in. */
  readonly servers: readonly { readonly name: string; readonly well: boolean }[];
};

/** The gist of a history; null when the drill has not ended. */
export function pastDrillOf(events: readonly DrillEvent[]): PastDrill | null {
  const launched = events.find((event) => event.type === "drill.launched");
  const ended = events.findLast((event) => event.type === "drill.ended");
  if (launched?.type !== "drill.launched" || ended?.type !== "drill.ended") return null;
  const plans = new Set<string>();
  const servers = new Map<string, boolean>();
  for (const event of events) {
    if (event.type === "operation.intended" && event.undoOf === null) {
      const plan = planIn(event.input);
      if (plan !== null) plans.add(plan.toLowerCase());
    }
    if (event.type === "operation.ended") for (const { name, outcome } of event.servers) servers.set(name, (servers.get(name) ?? true) && outcome !== "failed");
  }
  return {
    id: launched.drill,
    runbook: launched.runbook.id,
    version: launched.runbook.hash,
    mode: launched.mode,
    endedAt: ended.at,
    result: ended.result,
    plans: [...plans],
    servers: [...servers].map(([name, well]) => ({ name, well })),
  };
}

function planIn(input: Json): string | null {
  const plan = isRecord(input) ? input["plan"] : undefined;
  return typeof plan === "string" ? plan : null;
}
