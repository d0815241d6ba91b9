import { isIP } from "node:net";
import type { Answered, Ask } from "./exchange.ts";
import { portAllowed, refusal } from "./guard.ts";
import { exchange } from "./probe.ts";
import type { Connect } from "./probe.ts";

/** Looks a name up, once; every address it has. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export type BotVantage = { readonly resolve: Resolve; readonly connect: Connect; readonly allowPrivate: boolean };

/** Probes under way at the same time. */
const concurrency = 8;

/** Asks from Drillbook's own host: each target is resolved once, every address checked, and the checked one connected to. */
export async function askFromBot(asks: readonly Ask[], vantage: BotVantage, signal: AbortSignal): Promise<ReadonlyMap<string, Answered>> {
  const addresses = new Map<string, Promise<string | { readonly unasked: string }>>();
  const answers = new Map<string, Answered>();
  const waiting = [...asks];
  const work = async () => {
    for (let ask = waiting.shift(); ask; ask = waiting.shift()) {
      const { name, address, port } = { name: ask.target.name, ...ask.request };
      const checked = addresses.get(`${address} ${port}`) ?? checkedAddress(address, port, name, vantage);
      addresses.set(`${address} ${port}`, checked);
      const to = await checked;
      answers.set(ask.request.id, typeof to === "string" ? await exchange({ ...ask.request, address: to }, vantage.connect, signal) : to);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return answers;
}

/** The address to connect to. One forbidden address among several refuses the name: which of them answers is chance. */
async function checkedAddress(host: string, port: number, name: string, vantage: BotVantage): Promise<string | { readonly unasked: string }> {
  if (!portAllowed(port)) return { unasked: `port ${port} of ${name} is not a web port: from the bot only 80, 443 and ports from 1024 may be asked` };
  const found = isIP(host) !== 0 ? [host] : await vantage.resolve(host).catch(() => []);
  const [first] = found;
  if (first === undefined) return { unasked: `the name ${host} has no address` };
  for (const address of found) {
    const why = refusal(address, vantage);
    if (why !== null) return { unasked: `${name} must not be asked from the bot: ${address} is ${why}` };
  }
  return first;
}
