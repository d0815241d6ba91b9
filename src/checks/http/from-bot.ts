import { isIP } from "node:net";
import type { Answered, Ask } from "./exchange.ts";
import { needsBody } from "./answer-test.ts";
import { portAllowed, refusal } from "./guard.ts";
import type { Policy } from "./guard.ts";
import { exchange } from "./probe.ts";
import type { Connect } from "./probe.ts";

/** Looks a name up, once; every address it has. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export type BotVantage = { readonly resolve: Resolve; readonly connect: Connect; readonly policy: Policy; readonly ip?: 4 | 6 | undefined; readonly concurrency?: number };

/** Probes under way at the same time, unless said otherwise. */
const usualConcurrency = 8;

/** Asks from Drillbook's own host: each target is resolved once, every address checked, and the checked one connected to. */
export async function askFromBot(asks: readonly Ask[], vantage: BotVantage, wholeBodies: boolean, signal: AbortSignal): Promise<ReadonlyMap<string, Answered>> {
  const addresses = new Map<string, Promise<string | { readonly unasked: string }>>();
  const answers = new Map<string, Answered>();
  const waiting = [...asks];
  const work = async () => {
    for (let ask = waiting.shift(); ask; ask = waiting.shift()) {
      const { name, address, port } = { name: ask.target.name, ...ask.request };
      const checked = addresses.get(`${address} ${port}`) ?? checkedAddress(address, port, name, vantage);
      addresses.set(`${address} ${port}`, checked);
      const to = await checked;
      answers.set(ask.request.id, typeof to === "string" ? await exchange({ ...ask.request, address: to }, vantage.connect, signal, wholeBodies || needsBody(ask.view.form.answer) ? "end" : "head") : to);
    }
  };
  await Promise.all(Array.from({ length: vantage.concurrency ?? usualConcurrency }, work));
  return answers;
}

/** The address to connect to, or why not. One forbidden address among several refuses the name: which of them answers is chance. */
export async function checkedAddress(host: string, port: number, name: string, vantage: Pick<BotVantage, "resolve" | "policy" | "ip">): Promise<string | { readonly unasked: string }> {
  if (port !== vantage.policy.alsoPort && !portAllowed(port, vantage.policy)) return { unasked: `port ${port} of ${name} is not a web port: from the bot only 80, 443 and ports from 1024 may be asked` };
  const found = isIP(host) !== 0 ? [host] : await vantage.resolve(host).catch(() => []);
  const [first] = vantage.ip === undefined ? found : found.filter((address) => isIP(address) === vantage.ip);
  if (found.length === 0) return { unasked: `the name ${host} has no address` };
  if (first === undefined) return { unasked: `${host} has no IPv${vantage.ip} address` };
  for (const address of found) {
    const why = refusal(address, vantage.policy);
    if (why !== null) return { unasked: `${name} must not be asked${vantage.policy.own === true ? "" : " from the bot"}: ${address} is ${why}` };
  }
  return first;
}
