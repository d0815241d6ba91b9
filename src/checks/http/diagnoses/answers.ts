import type { Exchange } from "../exchange.ts";
import { header } from "../response.ts";
import { readable } from "../show.ts";
import { capital, fromHttpSys, method, onePerText, remedy, system } from "./scene.ts";
import type { Diagnosis } from "./scene.ts";

/** The same answer is up for one system and down for another: a redirect, a sign-in. */
export const countedDifferently: Diagnosis = (scene) => {
  const answered = scene.exchanges.filter((e) => e.response !== null && e.response.status >= 200 && e.response.status < 500);
  return onePerText(answered.flatMap((down) => {
    const up = answered.find((e) => e.verdict === "up" && e.response?.status === down.response?.status);
    const status = down.response?.status ?? 0;
    if (down.verdict !== "down" || !up) return [];
    const where = location(down) === null ? "" : ` It leads to ${location(down)}, and no check follows it.`;
    return [{ node: scene.node, say: (nodes: string, s: string) => `${nodes} answer${s} ${status}: ${system(up)} counts that as up, ${system(down)} as down.${where} ${remedy(down, "status", String(status))}` }];
  }));
};

/** The probe's method is refused, while the same page answers another. */
export const methodRefused: Diagnosis = (scene) => {
  const works = scene.exchanges.find((e) => e.verdict === "up" && e.response !== null && method(e) === "GET");
  return onePerText(scene.exchanges.flatMap((refused) => {
    if (!works || method(refused) === "GET" || ![405, 501].includes(refused.response?.status ?? 0)) return [];
    return [{ node: scene.node, say: (nodes: string, s: string) => `${nodes} answer${s} ${refused.response?.status} to ${method(refused)}, which ${system(refused)} sends, and serve${s} GET. ${remedy(refused, "method", "GET")}` }];
  }));
};

/** The site itself is broken: no setting of the balancer mends that. */
export const serverError: Diagnosis = (scene) =>
  onePerText(scene.exchanges.flatMap((e) => {
    const status = e.response?.status ?? 0;
    // 501 to another method than GET speaks of the method, not of the site.
    if (!e.response || status < 500 || (status === 501 && method(e) !== "GET")) return [];
    const site = e.sentHost === null ? "the site that answers without Host" : e.sentHost;
    const why =
      status === 503 && fromHttpSys(e.response)
        ? "Windows answers in place of the site: its application pool is stopped or keeps failing. Start it, and read the System and Application event logs"
        : status === 502 || status === 504
          ? "it is a gateway whose own server does not answer: look at what stands behind it"
          : "the site is reached and fails: read its own log";
    return [{ node: scene.node, say: (nodes: string, s: string) => `${nodes} answer${s} ${e.reason} for ${site}; ${why}.` }];
  }));

/** Whatever listens there does not speak HTTP. */
export const notHttp: Diagnosis = (scene) => {
  const odd = scene.exchanges.find((e) => e.answer?.outcome === "answered" && e.response === null);
  if (!odd?.answer || isTlsAlert(odd)) return [];
  const begin = readable(Buffer.from(odd.answer.received.subarray(0, 24)).toString("latin1"), 24).replace(/\s+/g, " ").trim();
  return [{ node: scene.node, say: (nodes, s) => `${nodes} answer${s} something that is not HTTP (it begins "${begin}"): look at which program listens on port ${odd.target.port}.` }];
};

/** The runbook asks for more than the balancer does. */
export const expectationUnmet: Diagnosis = (scene) =>
  onePerText(scene.exchanges.flatMap((e) => {
    if (e.unmet === null) return [];
    return [{ node: scene.node, say: (nodes: string) => `${capital(system(e))} takes ${nodes} as up (${e.reason}), but the runbook expects more: ${e.unmet}.` }];
  }));

/** Where a redirect leads, bounded and without control characters; null when the answer is none. */
export function location(exchange: Exchange): string | null {
  const status = exchange.response?.status ?? 0;
  const value = exchange.response && status >= 300 && status < 400 ? header(exchange.response, "location") : null;
  return value === null ? null : readable(value, 120);
}

/** A TLS alert in answer to plain HTTP. */
export function isTlsAlert(exchange: Exchange): boolean {
  const [type, major] = exchange.answer?.received ?? [];
  return exchange.request.tls === null && type === 0x15 && major === 0x03;
}
