import { askAt } from "./exchange.ts";
import type { Answered, Ask, Exchange } from "./exchange.ts";
import type { Hop, Hops } from "./hops.ts";
import { header, parseResponse } from "./response.ts";
import type { HttpResponse } from "./response.ts";
import { readable, redact } from "./show.ts";
import { parseTarget } from "./target.ts";

export type AskOne = (ask: Ask) => Promise<Answered>;

/**
 * Follows a redirect, hop by hop, from where the first request was asked and at most `most` times. A hop to the name that
 * is being checked stays on the checked node, because its name leads elsewhere (to production, for one) while a test runs;
 * every other name is resolved and guarded anew by whoever asks.
 */
export async function follow(first: Exchange, most: number, ask: AskOne): Promise<Hops | null> {
  if (first.response === null || locationOf(first.response) === null || most === 0) return null;
  const hops: Hop[] = [];
  const seen = new Set<string>();
  let url = nameOf(first);
  let response: HttpResponse | null = first.response;
  for (;;) {
    const location: string | null = response === null ? null : locationOf(response);
    if (location === null) return ended(hops, response === null || response.status >= 400 ? "lost" : "arrived");
    if (hops.length === most) return ended(hops, grows(hops) ? "grows" : "too-many");
    const next = URL.canParse(location, url) ? new URL(location, url) : null;
    if (next === null) return { hops, end: "lost", say: `the redirect leads to ${shown(location)}, which is no URL` };
    next.hash = "";
    if (seen.has(next.href)) return { hops, end: "loop", say: `the redirect turns in a circle: ${shown(next.href)} leads back to itself after ${hops.length} ${hops.length === 1 ? "hop" : "hops"}` };
    seen.add(next.href);
    const hop = hopTo(first, next);
    if ("problem" in hop) return { hops, end: "lost", say: `the redirect leads to ${shown(next.href)}: ${hop.problem}` };
    const answered = await ask(hop);
    response = "unasked" in answered || answered.outcome !== "answered" ? null : parseResponse(answered.received);
    hops.push({
      url: shown(next.href),
      host: hop.sentHost,
      address: hop.target.address,
      status: response?.status ?? null,
      reason: "unasked" in answered ? answered.unasked : response ? `${response.status} ${response.reason}`.trim() : answered.outcome,
      location: response && locationOf(response) !== null ? shown(locationOf(response) ?? "") : null,
    });
    url = next.href;
    if (grows(hops)) return ended(hops, "grows");
  }
}

/** Where an answer redirects to; null when it does not. */
function locationOf(response: HttpResponse): string | null {
  return [301, 302, 303, 307, 308].includes(response.status) ? header(response, "location") : null;
}

/** Each hop's path holds the one before it once more: the mark of a redirect URL without its scheme. */
function grows(hops: readonly Pick<Hop, "url">[]): boolean {
  const paths = hops.slice(-3).map((hop) => new URL(hop.url).pathname);
  if (paths.length < 3) return false;
  return paths.every((path, at) => {
    const before = paths[at - 1];
    return before === undefined || (path.length > before.length && path.startsWith(before.slice(0, before.lastIndexOf("/") + 1)) && path.split("/").some((part, _at, all) => part !== "" && all.filter((other) => other === part).length > 1));
  });
}

function hopTo(first: Exchange, next: URL): Ask | { readonly problem: string } {
  const target = parseTarget(next.href);
  if ("problem" in target) return target;
  const checked = [first.sentHost, first.host].some((name) => name !== null && name.replace(/:\d+$/, "").toLowerCase() === next.hostname.toLowerCase());
  // The name leads to a balancer's port, and the node may listen on another: what stays at the same origin stays there too.
  const port = next.origin === new URL(nameOf(first)).origin ? first.target.port : target.port;
  return checked ? askAt(first, { ...target, address: first.target.address, port }, next.host) : askAt(first, target, target.address === first.target.address ? null : next.host);
}

function nameOf(first: Exchange): string {
  const url = new URL(first.target.url);
  if (first.sentHost === null) return url.href;
  const named = `${url.protocol}//${first.sentHost}${first.view.form.path ?? first.target.path}`;
  return URL.canParse(named) ? new URL(named).href : url.href;
}

function ended(hops: readonly Hop[], end: "arrived" | "grows" | "too-many" | "lost"): Hops {
  const last = hops.at(-1);
  const count = `${hops.length} ${hops.length === 1 ? "redirect" : "redirects"}`;
  const say = {
    arrived: `${count} end at ${last?.url} (${last?.reason})`,
    grows: `the redirect's address grows on every hop (${last?.url}): its target lacks http:// or https://`,
    "too-many": `${count} and no end`,
    lost: `after ${count}, ${last?.url} answers nothing that serves (${last?.reason})`,
  }[end];
  return { hops, end, say };
}

function shown(text: string): string {
  return readable(redact(text), 300);
}
