import type { Observation, TestServer, Verdict } from "../drills/events.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { ShippedScript } from "./shipped-script.ts";

/** One line of a check's result, in the shape that cards and reports draw. `status` is a word or a number beside the verdict. */
export type CheckRow = { readonly target: string; readonly label: string; readonly verdict: "up" | "down" | "unknown"; readonly status: string; readonly reason: string; readonly facts?: Json };

/** Passed when every row is up; one that could not be asked proves nothing. */
function verdictOfRows(rows: readonly CheckRow[]): Verdict {
  if (rows.some((row) => row.verdict === "down")) return "failed";
  return rows.length > 0 && rows.every((row) => row.verdict === "up") ? "passed" : "not-proved";
}

/**
 * What a check says by its rows: `good` when all are up, else the first that is down, or could not be asked. What was not proved
 * is said before the diagnosis, twelve sentences in all.
 */
export function observationOf(rows: readonly CheckRow[], from: string, at: Date, diagnosis: readonly string[], good: string): Observation {
  const bad = rows.filter((row) => row.verdict === "down");
  const unknown = rows.filter((row) => row.verdict === "unknown");
  const first = bad[0] ?? unknown[0];
  const others = (bad.length > 0 ? bad : unknown).length - 1;
  return {
    verdict: verdictOfRows(rows),
    summary: first === undefined ? good : `${first.target}: ${first.reason}${others > 0 ? `, and ${others} more` : ""}`,
    diagnosis: [...new Set([...unknown.map((row) => `Not proved: ${row.reason}.`), ...diagnosis])].slice(0, 12),
    result: { askedAt: at.toISOString(), from, rows: rows.map((row) => ({ ...row, decides: true })) },
  };
}

/** The same with the script that was run for it, by its hash: the bundle brings its bytes. Null: none was run. */
export function withScript(observed: Observation, script: Pick<ShippedScript, "name" | "sha256"> | null): Observation {
  return script === null ? observed : { ...observed, result: { ...(observed.result as Readonly<Record<string, Json>>), script: { name: script.name, sha256: script.sha256 } } };
}

/** For a vantage point that is no test server of this drill: nothing was asked, so nothing is proved. */
export function noServer(from: string, servers: readonly TestServer[]): Observation {
  const known = servers.map((one) => one.name).join(", ");
  return {
    verdict: "not-proved",
    summary: `${from} is not a test server of this drill`,
    diagnosis: [known === "" ? "This drill has no test servers: run the test failover first." : `The test servers of this drill are ${known}: name one of them in from:.`],
    result: { from, rows: [] },
  };
}
