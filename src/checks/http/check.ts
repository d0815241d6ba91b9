import { connect as connectTcp, isIP } from "node:net";
import type { Observation, TestServer } from "../../drills/events.ts";
import type { Check, Clock, Look } from "../../drills/ports.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { readInput } from "../../runbooks/read-input.ts";
import { asDrillbookError } from "../../errors.ts";
import type { ScriptRunner, ServerAddresses } from "../ports.ts";
import { needsBody } from "./answer-test.ts";
import { diagnose } from "./diagnose.ts";
import { planAsks } from "./exchange.ts";
import type { Answered, Ask, Exchange } from "./exchange.ts";
import { follow } from "./follow.ts";
import { askFromBot } from "./from-bot.ts";
import type { Resolve } from "./from-bot.ts";
import { askFromServer, withCertificates } from "./from-server.ts";
import type { Certificates } from "./from-server.ts";
import { httpCheckFactsFor, httpInputFor } from "./input.ts";
export { httpCheckFacts } from "./input.ts";
import type { HttpInput } from "./input.ts";
import { expectOf, judge } from "./judge.ts";
import type { Connect } from "./probe.ts";
import { probeScripts } from "./probe-scripts.ts";
import type { ShippedScript } from "../shipped-script.ts";
import { showRow } from "./show.ts";
import { summarise, verdictOf } from "./summary.ts";
import { builtInViews } from "./views.ts";
import type { Views } from "./views.ts";
import { overWindow } from "./window.ts";

export type HttpCheckParts = {
  readonly scripts: ScriptRunner;
  readonly resolve: Resolve;
  /** Where the addresses of a drill's test servers come from; without it they are asked by name. */
  readonly addresses?: ServerAddresses;
  /** How a checked address is connected to; a plain TCP connection unless said otherwise. */
  readonly connect?: Connect;
  /** Whether the bot itself may ask private addresses; `own`: whoever asks is at their own machine. */
  readonly allowPrivate: boolean;
  readonly own?: boolean;
  /** The profiles that there are; our own unless said otherwise. */
  readonly views?: Views;
  /** Probes under way at the same time. */
  readonly concurrency?: number;
  /** Time between two tries of a window. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
};

/**
 * The check `http`: asks each target as the named system asks, from the bot or from a test server, and judges as it judges.
 * `result.rows` is the grid: one row a target, view and host; a row whose `host` is null belongs to every host of its target.
 */
export function httpCheck(parts: HttpCheckParts): Check {
  const views = parts.views ?? builtInViews;
  const shipped = probeScripts();
  const schema = httpInputFor(views);
  return {
    facts: httpCheckFactsFor(views),
    async observe(input, look) {
      const wanted = readInput("http", schema, input);
      const server = look.testServers.find((s) => s.name.toLowerCase() === wanted.from.toLowerCase());
      if (wanted.from !== "bot" && !server) return noVantage(wanted.from, look.testServers);
      if (wanted.testServers !== undefined && look.testServers.length === 0) return noTestServers(wanted.from);
      const chosen = chosenServers(wanted, look.testServers);
      if (typeof chosen === "string") return noVantage(chosen, look.testServers);
      const placed = wanted.testServers === undefined ? [] : await placedServers(chosen, look, wanted, parts);
      const lost = placed.filter((one) => "problem" in one);
      if (lost.length > 0) return withoutAddress(wanted.from, lost);
      const asks = planAsks(wanted, views, placed);
      const at = parts.clock();
      const script = server ? shipped[wanted.script] : null;
      const ask = asker(wanted, server ?? null, script, parts, look);
      const exchanges = await overWindow(wanted.window, (each) => observed(asks.filter(each), wanted, ask, at), parts.wait ?? waited, look.signal);
      return observation(exchanges, wanted, script, at);
    },
  };
}

type Asker = (asks: readonly Ask[]) => Promise<ReadonlyMap<string, Answered>>;

function asker(wanted: HttpInput, server: TestServer | null, script: ShippedScript | null, parts: HttpCheckParts, look: Look): Asker {
  const bodies = needsBody(wanted.expect);
  if (server && script) {
    const vantage = { server, scripts: parts.scripts, script };
    const known: Certificates = new Map();
    return async (asks) => withCertificates(asks, await askFromServer(asks, vantage, bodies, look), vantage, known, look);
  }
  const vantage = {
    resolve: parts.resolve,
    connect: parts.connect ?? connectPlain,
    policy: { allowPrivate: parts.allowPrivate, own: parts.own === true },
    ip: wanted.ip,
    ...(parts.concurrency !== undefined && { concurrency: parts.concurrency }),
  };
  return (asks) => askFromBot(asks, vantage, bodies, look.signal);
}

/** One round: every cell asked, judged, its redirects followed, and held against the expectation. */
async function observed(asks: readonly Ask[], wanted: HttpInput, ask: Asker, at: Date): Promise<readonly Exchange[]> {
  const answers = await ask(asks);
  const judged = asks.map((each) => judge(each, answers.get(each.request.id)));
  const askOne = async (one: Ask) => (await ask([one])).get(one.request.id) ?? { unasked: "not asked" };
  const walked: Exchange[] = [];
  for (const each of judged) {
    const follows = wanted.follow > 0 && (each.decides || each.view.profile.name === "browser");
    const hops = follows ? await follow(each, wanted.follow, askOne) : null;
    walked.push(expectOf({ ...each, hops }, wanted.expect, at));
  }
  return walked;
}

function observation(exchanges: readonly Exchange[], wanted: HttpInput, script: ShippedScript | null, at: Date): Observation {
  return {
    verdict: verdictOf(exchanges, wanted.mustFail),
    summary: summarise(exchanges, wanted.mustFail),
    diagnosis: [...unasked(exchanges), ...diagnose(exchanges, wanted.from, at)],
    result: {
      askedAt: at.toISOString(),
      from: wanted.from,
      script: script && { ...script },
      mustFail: wanted.mustFail ?? false,
      rows: exchanges.map((each) => showRow(each, at)),
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

function noTestServers(from: string): Observation {
  return { verdict: "not-proved", summary: "There is no test server to ask", diagnosis: ["This drill has no test servers: run the test failover first."], result: { from, rows: [] } };
}

/** The test servers that the check is about, or the first name that is none. */
function chosenServers({ servers }: HttpInput, known: readonly TestServer[]): readonly TestServer[] | string {
  if (servers === undefined) return known;
  const found = servers.map((name) => known.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? name);
  return found.find((one) => typeof one === "string") ?? found.filter((one) => typeof one !== "string");
}

type Placed = { readonly name: string; readonly address?: string } | { readonly name: string; readonly problem: string };

/** The test servers with their addresses as Azure has them now: their names lead nowhere, or to production. */
async function placedServers(servers: readonly TestServer[], look: Look, { ip }: HttpInput, parts: HttpCheckParts): Promise<readonly Placed[]> {
  const { addresses } = parts;
  if (addresses === undefined) return servers;
  return Promise.all(servers.map(async (server): Promise<Placed> => {
    try {
      const found = await addresses.of(server, look);
      const fitting = ip === undefined ? (found.find((one) => isIP(one) === 4) ?? found[0]) : found.find((one) => isIP(one) === ip);
      return fitting === undefined ? { name: server.name, problem: `${server.name} has no ${ip === undefined ? "" : `IPv${ip} `}address` } : { name: server.name, address: fitting };
    } catch (thrown) {
      if (look.signal.aborted) throw thrown;
      return { name: server.name, problem: asDrillbookError(thrown).message };
    }
  }));
}

function withoutAddress(from: string, lost: readonly Placed[]): Observation {
  const diagnosis = lost.flatMap((one) => ("problem" in one ? [`Not proved: ${one.problem}`] : []));
  return { verdict: "not-proved", summary: `The address of ${lost.map((one) => one.name).join(", ")} is not known`, diagnosis: diagnosis.slice(0, 6), result: { from, rows: [] } };
}

/** A plain TCP connection to an address that was checked; no proxy, whatever the environment says. */
export function connectPlain(address: string, port: number) {
  return connectTcp({ host: address, port, autoSelectFamily: false });
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((settle, reject) => {
    const stopped = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stopped);
      settle();
    }, ms);
    signal.addEventListener("abort", stopped, { once: true });
  });
}
