import { connect as connectTcp } from "node:net";
import type { Observation, TestServer } from "../../drills/events.ts";
import type { Check, Clock, Look } from "../../drills/ports.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { readInput } from "../../runbooks/read-input.ts";
import type { ScriptRunner } from "../ports.ts";
import { diagnose } from "./diagnose.ts";
import { planAsks } from "./exchange.ts";
import type { Answered, Ask, Exchange } from "./exchange.ts";
import { askFromBot } from "./from-bot.ts";
import type { Resolve } from "./from-bot.ts";
import { askFromServer } from "./from-server.ts";
import { httpCheckFacts, httpInput } from "./input.ts";
export { httpCheckFacts } from "./input.ts";
import type { HttpInput } from "./input.ts";
import { judge } from "./judge.ts";
import type { Connect } from "./probe.ts";
import { probeScripts } from "./probe-scripts.ts";
import type { ShippedScript } from "./probe-scripts.ts";
import { showRow } from "./show.ts";
import { summarise, verdictOf } from "./summary.ts";

export type HttpCheckParts = {
  readonly scripts: ScriptRunner;
  readonly resolve: Resolve;
  /** How a checked address is connected to; a plain TCP connection unless said otherwise. */
  readonly connect?: Connect;
  /** Whether the bot itself may ask private addresses. */
  readonly allowPrivate: boolean;
  readonly clock: Clock;
};

/**
 * The check `http`: asks each target as the named system asks, from the bot or from a test server, and judges as it judges.
 * `result.rows` is the grid: one row a target, view and host; a row whose `host` is null belongs to every host of its target.
 */
export function httpCheck(parts: HttpCheckParts): Check {
  const shipped = probeScripts();
  return {
    facts: httpCheckFacts,
    async observe(input, look) {
      const wanted = readInput("http", httpInput, input);
      const server = look.testServers.find((s) => s.name.toLowerCase() === wanted.from.toLowerCase());
      if (wanted.from !== "bot" && !server) return noVantage(wanted.from, look.testServers);
      const asks = planAsks(wanted);
      const at = parts.clock();
      const script = server ? shipped[wanted.script] : null;
      const answers = await ask(asks, wanted, server ?? null, script, parts, look);
      const exchanges = asks.map((each) => judge(each, answers.get(each.request.id), wanted.expect));
      return observation(exchanges, wanted.from, script, at);
    },
  };
}

function ask(asks: readonly Ask[], wanted: HttpInput, server: TestServer | null, script: ShippedScript | null, parts: HttpCheckParts, look: Look): Promise<ReadonlyMap<string, Answered>> {
  if (server && script) return askFromServer(asks, { server, scripts: parts.scripts, script }, wanted.expect?.contains !== undefined, look);
  return askFromBot(asks, { resolve: parts.resolve, connect: parts.connect ?? connectPlain, allowPrivate: parts.allowPrivate }, look.signal);
}

function observation(exchanges: readonly Exchange[], from: string, script: ShippedScript | null, at: Date): Observation {
  return {
    verdict: verdictOf(exchanges),
    summary: summarise(exchanges),
    diagnosis: [...unasked(exchanges), ...diagnose(exchanges, from)],
    result: {
      askedAt: at.toISOString(),
      from,
      script: script && { name: script.name, sha256: script.sha256 },
      rows: exchanges.map(showRow),
      profiles: profilesOf(exchanges),
    },
  };
}

function unasked(exchanges: readonly Exchange[]): readonly string[] {
  const reasons = exchanges.filter((e) => e.verdict === "unknown").map((e) => `Not proved: ${e.reason}.`);
  return [...new Set(reasons)].slice(0, 6);
}

/** What is known of the profiles that were used, and how surely: the reader of a transcript must be able to doubt us. */
function profilesOf(exchanges: readonly Exchange[]): Json {
  const used = [...new Set(exchanges.map((e) => e.view.profile))];
  return used.map((profile) => ({ name: profile.name, facts: profile.facts }));
}

function noVantage(from: string, servers: readonly TestServer[]): Observation {
  const known = servers.map((s) => s.name).join(", ");
  return {
    verdict: "not-proved",
    summary: `${from} is not a test server of this drill`,
    diagnosis: [known === "" ? "This drill has no test servers: run the test failover first." : `The test servers of this drill are ${known}: name one of them in from:.`],
    result: { from, rows: [] },
  };
}

function connectPlain(address: string, port: number) {
  return connectTcp({ host: address, port, autoSelectFamily: false });
}
