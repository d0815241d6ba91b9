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
  /** Build of the operating system by server (name in lower case), where a check saw it. */
  readonly builds: Readonly<Record<string, string>>;
};

/** The four numbers of a build in any text that names one; null when there is none. */
export function buildIn(text: string): string | null {
  return /\b\d{1,3}\.\d{1,3}\.\d{3,6}(?:\.\d{1,6})?\b/.exec(text)?.[0] ?? null;
}

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
    builds: Object.fromEntries(events.flatMap((event) => (event.type === "check.observed" ? buildsIn(event.result) : []))),
  };
}

function planIn(input: Json): string | null {
  const plan = isRecord(input) ? input["plan"] : undefined;
  return typeof plan === "string" ? plan : null;
}

/** Rows of checks that name a server and its system; a test server stands for the one that it is a copy of. */
function buildsIn(result: Json): readonly (readonly [string, string])[] {
  const rows = isRecord(result) ? result["rows"] : null;
  return (rows instanceof Array ? rows : []).flatMap((row) => {
    const facts = isRecord(row) ? row["facts"] : null;
    const os = isRecord(facts) && typeof facts["os"] === "string" ? buildIn(facts["os"]) : null;
    const name = isRecord(row) && typeof row["target"] === "string" ? row["target"].toLowerCase().replace(/-test$/, "") : "";
    return os === null || name === "" ? [] : [[name, os] as const];
  });
}
