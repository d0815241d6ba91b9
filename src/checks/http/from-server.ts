import type { Look } from "../../drills/ports.ts";
import type { TestServer } from "../../drills/events.ts";
import { asDrillbookError } from "../../errors.ts";
import type { ScriptRunner } from "../ports.ts";
import { certificateShown } from "./certificate.ts";
import type { Answered, Ask } from "./exchange.ts";
import { refusalFromServer } from "./guard.ts";
import type { ShippedScript } from "../shipped-script.ts";
import { decodeAnswers, encodeRequests } from "./wire.ts";
import type { ProbeAnswer } from "./wire.ts";

/** Azure run command gives back no more than this of what a script prints, and cuts it at the front. */
const outputBytes = 4096;
/** What a line costs beside the received bytes: id, outcome, four figures, tabs, line end. */
const lineBytes = 72;
const mostAsksPerRun = 4;
/** Starting a script through the agent takes about 20 s before its first line runs; a slow one is given three times that. */
const startingMs = 60_000;

export type ServerVantage = { readonly server: TestServer; readonly scripts: ScriptRunner; readonly script: ShippedScript };

/** What is asked from a server, of whatever check. */
export type Wired = Pick<Ask, "request" | "target">;

/** Certificates by address, port and server name, as far as they are known: each costs a run of its own. */
export type Certificates = Map<string, Answered>;

/**
 * The certificates that a test server sees where `asks` speak TLS, added to those answers that finished a handshake. Asked apart
 * from the exchanges, because certificate and answer together do not fit into what a run command gives back.
 */
export async function withCertificates(asks: readonly Wired[], answers: ReadonlyMap<string, Answered>, vantage: ServerVantage, known: Certificates, look: Look): Promise<ReadonlyMap<string, Answered>> {
  const shaken = asks.filter(({ request }) => {
    const answer = answers.get(request.id);
    return request.tls !== null && answer !== undefined && !("unasked" in answer) && (answer.tlsMs ?? -1) >= 0;
  });
  const keyOf = ({ request }: Wired) => `${request.address} ${request.port} ${request.tls?.sni ?? "*"}`;
  const missing = [...new Map(shaken.map((ask) => [keyOf(ask), ask])).entries()].filter(([key]) => !known.has(key));
  for (const [key, ask] of missing) {
    const wired = { ...ask, request: { ...ask.request, bytes: new Uint8Array(), certificate: true } };
    for (const [, answer] of await runProbe([wired], vantage, look)) known.set(key, answer);
  }
  const found = shaken.map((ask) => [ask.request.id, certificateIn(known.get(keyOf(ask)))] as const);
  return new Map([...answers, ...found.flatMap(([id, certificate]) => {
    const answer = answers.get(id);
    return answer ? [[id, { ...answer, certificate }] as const] : [];
  })]);
}

function certificateIn(answered: Answered | undefined) {
  return answered === undefined || "unasked" in answered || answered.shown === undefined ? null : certificateShown(answered.shown);
}

/**
 * Asks from a test server: the shipped script, once a target (oftener when its answers would not fit), one run after the
 * other because a server's agent runs them one at a time. `wholeBodies` gives each answer a run of its own.
 */
export async function askFromServer(asks: readonly Wired[], vantage: ServerVantage, wholeBodies: boolean, look: Look): Promise<ReadonlyMap<string, Answered>> {
  const answers = new Map<string, Answered>();
  const allowed: Wired[] = [];
  for (const ask of asks) {
    const why = refusalFromServer(ask.request.address);
    if (why === null) allowed.push(ask);
    else answers.set(ask.request.id, { unasked: `${ask.target.name} must not be asked: it is ${why}` });
  }
  for (const batch of batches(allowed, wholeBodies ? 1 : mostAsksPerRun)) {
    for (const [id, answer] of await runProbe(batch, vantage, look)) answers.set(id, answer);
  }
  return answers;
}

function batches(asks: readonly Wired[], size: number): readonly (readonly Wired[])[] {
  const byTarget = Map.groupBy(asks, (ask) => ask.target.url);
  return [...byTarget.values()].flatMap((same) => {
    const runs = Math.ceil(same.length / size);
    const even = Math.ceil(same.length / runs);
    return Array.from({ length: runs }, (_, run) => same.slice(run * even, (run + 1) * even)).filter((batch) => batch.length > 0);
  });
}

async function runProbe(batch: readonly Wired[], vantage: ServerVantage, look: Look): Promise<readonly (readonly [string, Answered])[]> {
  const maxBytes = Math.floor(Math.floor((outputBytes - lineBytes) / batch.length - lineBytes) / 4) * 3;
  const requests = batch.map((ask) => ({ ...ask.request, maxBytes }));
  const none = (unasked: string) => batch.map((ask) => [ask.request.id, { unasked }] as const);
  try {
    const run = await vantage.scripts.run(
      vantage.server,
      {
        name: vantage.script.name,
        text: vantage.script.text,
        parameters: { requests: encodeRequests(requests) },
        timeoutMs: requests.reduce((sum, request) => sum + request.timeoutMs, startingMs),
      },
      look,
    );
    if (run.exitCode !== 0) return none(`the probe script ended with exit code ${run.exitCode} on ${vantage.server.name}${sayError(run.error)}`);
    return matched(batch, decodeAnswers(run.output)) ?? none(`the probe script on ${vantage.server.name} answered something else than it was asked`);
  } catch (thrown) {
    if (look.signal.aborted) throw thrown;
    const why = asDrillbookError(thrown).message.replace(/\.+$/, "");
    return none(`the probe script did not run on ${vantage.server.name}: ${why}. Try: look at its screen in the Azure portal (Boot diagnostics). A server that Azure calls running may sit in its boot manager, where no agent answers`);
  }
}

/** Answers by the ids that were asked, each once: an output cut inside its first line may still have the right number of lines. */
function matched(batch: readonly Wired[], answers: readonly ProbeAnswer[]): readonly (readonly [string, Answered])[] | null {
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  const pairs = batch.flatMap((ask): readonly (readonly [string, Answered])[] => {
    const answer = byId.get(ask.request.id);
    if (answer?.outcome === "forbidden") return [[ask.request.id, { unasked: `${ask.target.name} must not be asked: its name leads to a metadata or platform address there` }] as const];
    return answer ? [[ask.request.id, answer] as const] : [];
  });
  return pairs.length === batch.length && answers.length === batch.length ? pairs : null;
}

/** The script's own last words, bounded, without control characters: they come from a server nobody vouches for. */
function sayError(error: string): string {
  const text = error.replace(/[\p{C}\s]+/gu, " ").trim().slice(0, 300);
  return text === "" ? "" : `: ${text}`;
}
