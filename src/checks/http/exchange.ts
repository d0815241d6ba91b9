import { isIP } from "node:net";
import { parseDuration } from "../../runbooks/duration.ts";
import type { CertificateFacts } from "./certificate.ts";
import type { Hops } from "./hops.ts";
import { haproxyForm } from "./haproxy-config.ts";
import { namesHost } from "./input.ts";
import type { HttpInput } from "./input.ts";
import type { Form } from "./profile.ts";
import { hostHeader, requestBytes, serverName } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import { parseTarget } from "./target.ts";
import type { Target } from "./target.ts";
import { chooseViews } from "./views.ts";
import type { View, Views } from "./views.ts";
import type { ProbeAnswer, ProbeRequest } from "./wire.ts";

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

/** An answer of the wire, with what only our own probe knows: the certificate, and whether the server closed. */
export type Probed = ProbeAnswer & { readonly certificate?: CertificateFacts | null; readonly ended?: boolean };

/** What became of an ask: an answer, or the reason why nobody asked. */
export type Answered = Probed | { readonly unasked: string };

/** How the tries of a window ended, in order. */
export type Try = { readonly verdict: "up" | "down" | "unknown"; readonly reason: string; readonly totalMs: number | null };

/** One cell of the grid. `reason` is for people: "400 Bad Request", "connection refused". */
export type Exchange = Ask & {
  readonly answer: ProbeAnswer | null;
  readonly response: HttpResponse | null;
  readonly verdict: "up" | "down" | "unknown";
  readonly reason: string;
  /** What the runbook expected and did not get; null when it did, or expected nothing of this cell. */
  readonly unmet: string | null;
  readonly certificate: CertificateFacts | null;
  readonly hops: Hops | null;
  /** Empty unless a window was asked for. */
  readonly tries: readonly Try[];
};

/** Kept of an answer: enough for the headers and the start of the body, and bounded for the evidence. */
const keptBytes = 16_384;

/** Every request that the check is going to make: targets by views, and by host names where a view sends one. */
export function planAsks(input: HttpInput, views: Views, testServers: readonly PlacedServer[] = []): readonly Ask[] {
  const hosts = hostsOf(input);
  const shown = viewsFor(input, views);
  const asks = targetsOf(input, testServers).flatMap((target) =>
    shown.flatMap(({ view, decides }) => hostsFor(view, hosts).map((host) => ({ target, host, view, decides }))),
  );
  return named(asks).map((ask, index) => planned(ask, `${index + 1}`, input));
}

/** The ask for a redirect's next hop: the same way of asking, at another URL. */
export function askAt(before: Ask, target: Target, host: string | null): Ask {
  const form = before.view.form;
  const bare = { ...before, target, host, view: { ...before.view, form: { ...form, host: form.host === "none" ? form.host : ("given-or-address" as const), path: null } } };
  return { ...bare, sentHost: hostHeader(bare.view.form, target, host), request: { ...before.request, ...wireOf(bare.view.form, target, host, null) } };
}

function viewsFor(input: HttpInput, views: Views): readonly { readonly view: View; readonly decides: boolean }[] {
  const { decides, shown } = chooseViews(views, input.as, input.compare, namesHost(input));
  return shown.map((view) => {
    const deciding = view.form === decides?.form;
    return { view: { profile: view.profile, form: changed(view, input, deciding, view.profile === decides?.profile) }, decides: deciding };
  });
}

/** The form as the check wants it. Version and lines change the deciding way of asking alone: the others are there to compare with. */
function changed({ form }: View, input: HttpInput, decides: boolean, sameSystem: boolean): Form {
  if (decides && input.httpchk !== undefined) {
    const read = haproxyForm(input.httpchk);
    if ("form" in read) return read.form;
  }
  const version = decides ? (input.version ?? form.version) : form.version;
  const path = input.path ?? form.path;
  if (!sameSystem) return { ...form, path };
  const added = Object.entries(input.headers ?? {});
  const kept = form.headers.filter(([name]) => !added.some(([other]) => other.toLowerCase() === name.toLowerCase()));
  const length = input.body === undefined ? [] : [["Content-Length", String(Buffer.byteLength(input.body))] as const];
  return {
    ...form,
    method: input.method ?? form.method,
    version,
    path,
    asks: form.asks.replace(/HTTP\/1\.[01]/, `HTTP/${version}`).replace(form.method, input.method ?? form.method),
    headers: [...kept, ...added, ...length],
    body: input.body ?? form.body,
  };
}

function hostsOf(input: HttpInput): readonly string[] {
  if (input.host) return input.host;
  if (!namesHost(input)) return [];
  return (input.targets ?? []).slice(0, 1).map((url) => new URL(url).host);
}

/** A test server; by its name where its address is not known. */
export type PlacedServer = { readonly name: string; readonly address?: string };

function targetsOf(input: HttpInput, testServers: readonly PlacedServer[]): readonly Target[] {
  const written = (input.targets ?? []).flatMap((url) => {
    const target = parseTarget(url);
    if ("problem" in target) return [];
    return input.connectTo ? input.connectTo.map((to) => at(target, to)) : [target];
  });
  return [...written, ...testServers.flatMap((server) => targetOn(server, input.testServers))];
}

/** The URL of a test server at its address, shown with its name, because nobody knows addresses by heart. */
function targetOn({ name, address }: PlacedServer, template: string | undefined): readonly Target[] {
  const target = parseTarget(template?.replaceAll("{name}", name) ?? "");
  if ("problem" in target) return [];
  if (address === undefined || target.address !== name.toLowerCase()) return [target];
  const placed = at(target, address);
  return [{ ...placed, name: `${name} (${placed.name})` }];
}

function at(target: Target, address: string): Target {
  const url = new URL(target.url);
  const shown = isIP(address) === 6 ? `[${address}]` : address;
  return { ...target, url: `${url.protocol}//${shown}${url.port === "" ? "" : `:${url.port}`}${target.path}`, name: `${shown}${url.port === "" ? "" : `:${url.port}`}`, address };
}

function hostsFor({ form }: View, hosts: readonly string[]): readonly (string | null)[] {
  if (form.host === "fixed") return [form.fixedHost];
  const sendsOne = form.host === "given" || form.host === "given-or-address";
  return sendsOne && hosts.length > 0 ? hosts : [null];
}

type Bare = Pick<Ask, "target" | "host" | "view" | "decides">;

/** Two URLs on one address and port are told apart by their whole URL. */
function named(asks: readonly Bare[]): readonly Bare[] {
  const urls = new Map<string, Set<string>>();
  for (const { target } of asks) urls.set(target.name, (urls.get(target.name) ?? new Set()).add(target.url));
  return asks.map((ask) => ((urls.get(ask.target.name)?.size ?? 0) > 1 ? { ...ask, target: { ...ask.target, name: ask.target.url } } : ask));
}

function planned(ask: Bare, id: string, input: HttpInput): Ask {
  const { form } = ask.view;
  const limits = { timeoutMs: parseDuration(input.timeout) ?? 5000, maxBytes: keptBytes };
  return { ...ask, sentHost: hostHeader(form, ask.target, ask.host), request: { id, ...limits, ...wireOf(form, ask.target, ask.host, ask.decides ? (input.sni ?? null) : null) } };
}

function wireOf(form: Form, target: Target, host: string | null, sni: string | null) {
  const ownName = sni === "host" ? serverName({ ...form, sni: "host" }, target, host) : sni === "none" ? null : sni;
  return {
    address: target.address,
    port: target.port,
    tls: target.scheme === "https" ? { sni: sni === null ? serverName(form, target, host) : ownName } : null,
    bytes: requestBytes(form, target, host),
  };
}
