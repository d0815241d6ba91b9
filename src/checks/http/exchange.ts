import type { HttpInput } from "./input.ts";
import { hostHeader, requestBytes, serverName } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import { parseTarget } from "./target.ts";
import type { Target } from "./target.ts";
import { chooseViews } from "./views.ts";
import type { View } from "./views.ts";
import type { ProbeAnswer, ProbeRequest } from "./wire.ts";
import { parseDuration } from "../../runbooks/duration.ts";

/** One cell of the grid before it was asked. `host` null: this view cannot or need not name a host. */
export type Ask = {
  readonly target: Target;
  readonly host: string | null;
  /** The Host header as sent; null when none is. */
  readonly sentHost: string | null;
  readonly view: View;
  /** The verdict of the step rests on this one; the others are shown beside it. */
  readonly decides: boolean;
  readonly request: ProbeRequest;
};

/** What became of an ask: an answer of the wire, or the reason why nobody asked. */
export type Answered = ProbeAnswer | { readonly unasked: string };

/** One cell of the grid. `reason` is for people: "400 Bad Request", "connection refused". */
export type Exchange = Ask & {
  readonly answer: ProbeAnswer | null;
  readonly response: HttpResponse | null;
  readonly verdict: "up" | "down" | "unknown";
  readonly reason: string;
  /** What the runbook expected and did not get; null when it did, or expected nothing of this cell. */
  readonly unmet: string | null;
};

/** Kept of an answer: enough for the headers and the start of the body, and bounded for the evidence. */
const keptBytes = 16_384;

/** Every request that the check is going to make: targets by views, and by host names where a view sends one. */
export function planAsks(input: HttpInput): readonly Ask[] {
  const hosts = input.host ?? [];
  const views = chooseViews(input.as, input.compare, hosts.length > 0);
  const asks = input.targets.flatMap((url) => {
    const target = parseTarget(url);
    if ("problem" in target) return [];
    return views.shown.flatMap((view) => hostsFor(view, hosts).map((host) => ({ target, host, view, decides: view.form === views.decides?.form })));
  });
  return named(asks).map((ask, index) => ({ ...ask, sentHost: hostHeader(ask.view.form, ask.target, ask.host), request: probeRequest(`${index + 1}`, ask, input) }));
}

function hostsFor(view: View, hosts: readonly string[]): readonly (string | null)[] {
  const sendsOne = view.form.host === "given" || view.form.host === "given-or-address";
  return sendsOne && hosts.length > 0 ? hosts : [null];
}

type Bare = Pick<Ask, "target" | "host" | "view" | "decides">;

/** Two URLs on one address and port are told apart by their whole URL. */
function named(asks: readonly Bare[]): readonly Bare[] {
  const urls = new Map<string, Set<string>>();
  for (const { target } of asks) urls.set(target.name, (urls.get(target.name) ?? new Set()).add(target.url));
  return asks.map((ask) => ((urls.get(ask.target.name)?.size ?? 0) > 1 ? { ...ask, target: { ...ask.target, name: ask.target.url } } : ask));
}

function probeRequest(id: string, ask: Bare, input: HttpInput): ProbeRequest {
  return {
    id,
    address: ask.target.address,
    port: ask.target.port,
    tls: ask.target.scheme === "https" ? { sni: serverName(ask.view.form, ask.target, ask.host) } : null,
    timeoutMs: parseDuration(input.timeout) ?? 5000,
    maxBytes: keptBytes,
    bytes: requestBytes(ask.view.form, ask.target, ask.host, input.method),
  };
}
