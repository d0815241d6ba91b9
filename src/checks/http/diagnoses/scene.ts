import { isIP } from "node:net";
import type { Remedies } from "../profile.ts";
import type { Exchange } from "../exchange.ts";
import { header } from "../response.ts";
import type { HttpResponse } from "../response.ts";

/** What a diagnosis looks at: every exchange of one target, and where it was asked from ("bot" or a server's name). */
export type Scene = { readonly from: string; readonly at: Date; readonly node: string; readonly exchanges: readonly Exchange[] };

/**
 * A sentence that may be true of several nodes; `diagnose` says it once, naming them all. `s` ends a verb whose subject the
 * nodes are: "s" for one, nothing for several.
 */
export type Remark = { readonly node: string; readonly say: (nodes: string, s: "s" | "") => string };

/** Pure: derives remarks from captured exchanges, and says nothing where it is not sure. */
export type Diagnosis = (scene: Scene) => readonly Remark[];

/** The product that asks in this way, as its profile calls it. */
export function system(exchange: Exchange): string {
  return exchange.view.profile.system;
}

/** For a product's name that begins a sentence: profiles write some of them small. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** "HTTP/1.0 without Host", "HTTP/1.1 with Host payroll.contoso.example". */
export function asks(exchange: Exchange): string {
  return exchange.view.form.asks.replaceAll("{host}", exchange.sentHost ?? "");
}

/** What to change in this product's own settings, from its profile, with the value put in. */
export function remedy(exchange: Exchange, kind: Exclude<keyof Remedies, "names">, value: string): string {
  return exchange.view.profile.remedies[kind].replaceAll(`{${kind}}`, value);
}

/** The method that was really sent, which a runbook may have changed from the form's own. */
export function method(exchange: Exchange): string {
  return Buffer.from(exchange.request.bytes.subarray(0, 16)).toString("latin1").split(" ")[0] ?? "";
}

/** Whether the request named a site: a name was sent, and not the address or nothing. */
export function namesSite(exchange: Exchange): exchange is Exchange & { readonly sentHost: string } {
  return exchange.sentHost !== null && !exchange.sentHost.startsWith("[") && isIP(exchange.sentHost.replace(/:\d+$/, "")) === 0;
}

/** Answers that come from HTTP.sys itself, before any site is chosen or while its application pool is stopped. */
export function fromHttpSys(response: HttpResponse): boolean {
  return /^Microsoft-HTTPAPI\//i.test(header(response, "server") ?? "");
}

/** Several ways of asking one node may lead to the same sentence: it is said once for each node. */
export function onePerText(remarks: readonly Remark[]): readonly Remark[] {
  return remarks.filter((remark, index) => remarks.findIndex((other) => other.say("", "") === remark.say("", "") && other.node === remark.node) === index);
}
