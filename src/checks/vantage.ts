import type { TestServer } from "../drills/events.ts";
import type { Look } from "../drills/ports.ts";
import type { Answered } from "./http/exchange.ts";
import { checkedAddress } from "./http/from-bot.ts";
import type { Resolve } from "./http/from-bot.ts";
import { askFromServer } from "./http/from-server.ts";
import type { Wired } from "./http/from-server.ts";
import { exchange } from "./http/probe.ts";
import type { Connect, Until } from "./http/probe.ts";
import { probeScripts } from "./http/probe-scripts.ts";
import type { ScriptKind } from "./http/probe-scripts.ts";
import type { ScriptRunner } from "./ports.ts";

/** What lets a check look at the world: from the bot under its guard, or by the shipped script from a test server. */
export type VantageParts = {
  readonly scripts: ScriptRunner;
  readonly resolve: Resolve;
  readonly connect: Connect;
  readonly allowPrivate: boolean;
};

export type From = { readonly server: TestServer | null; readonly script: ScriptKind; readonly until: Until; readonly alsoPort?: number };

/** Makes raw exchanges from the bot or from a server. Answers by request id; a refusal of the guard is an answer too. */
export async function askFrom(wired: readonly Wired[], from: From, parts: VantageParts, look: Look): Promise<ReadonlyMap<string, Answered>> {
  if (from.server) return askFromServer(wired, { server: from.server, scripts: parts.scripts, script: probeScripts()[from.script] }, false, look);
  const policy = { allowPrivate: parts.allowPrivate, ...(from.alsoPort !== undefined && { alsoPort: from.alsoPort }) };
  const asked = wired.map(async ({ request, target }): Promise<readonly [string, Answered]> => {
    const to = await checkedAddress(request.address, request.port, target.name, { resolve: parts.resolve, policy });
    return [request.id, typeof to === "string" ? await exchange({ ...request, address: to }, parts.connect, look.signal, from.until) : to];
  });
  return new Map(await Promise.all(asked));
}

/** The named test server; null for the bot, undefined when the drill has none of that name. */
export function serverNamed(from: string, servers: readonly TestServer[]): TestServer | null | undefined {
  return from === "bot" ? null : servers.find((one) => one.name.toLowerCase() === from.toLowerCase());
}
