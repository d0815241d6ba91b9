import type { Observation } from "../drills/events.ts";
import type { Check, Clock } from "../drills/ports.ts";
import type { Probed } from "./http/exchange.ts";
import { probeScripts, type ScriptKind } from "./http/probe-scripts.ts";
import type { Until } from "./http/probe.ts";
import type { Wired } from "./http/from-server.ts";
import { noServer, observationOf, withScript } from "./rows.ts";
import type { CheckRow } from "./rows.ts";
import { askFrom, serverNamed } from "./vantage.ts";
import type { VantageParts } from "./vantage.ts";

export type RowParts = VantageParts & { readonly clock: Clock };

/** What a check wants to know of the world: raw exchanges, and how each answer reads as a line of its result. */
export type Questions<One extends Wired> = {
  readonly from: string;
  readonly script: ScriptKind;
  readonly until: Until;
  readonly alsoPort?: number;
  readonly asks: readonly One[];
  readonly label: (ask: One) => string;
  readonly read: (ask: One, answer: Probed) => Omit<CheckRow, "target" | "label">;
  readonly diagnose: (rows: readonly CheckRow[]) => readonly string[];
  /** What follows "3 of 3" when all is well. */
  readonly good: string;
};

/** Asks from the bot or from the named test server, and makes one line of each answer; what could not be asked proves nothing. */
export async function observeRows<One extends Wired>(questions: Questions<One>, parts: RowParts, look: Parameters<Check["observe"]>[1]): Promise<Observation> {
  const server = serverNamed(questions.from, look.testServers);
  if (server === undefined) return noServer(questions.from, look.testServers);
  const at = parts.clock();
  const answers = await askFrom(questions.asks, { ...questions, server }, parts, look);
  const rows = questions.asks.map((ask): CheckRow => {
    const answer = answers.get(ask.request.id) ?? { unasked: "not asked" };
    const read = "unasked" in answer ? { verdict: "unknown" as const, status: "", reason: answer.unasked } : questions.read(ask, answer);
    return { target: ask.target.name, label: questions.label(ask), ...read };
  });
  return withScript(observationOf(rows, questions.from, at, questions.diagnose(rows), `${rows.length} of ${rows.length} ${questions.good}`), server && probeScripts()[questions.script]);
}
