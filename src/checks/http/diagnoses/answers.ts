import type { Exchange } from "../exchange.ts";
import { header } from "../response.ts";
import { readable } from "../show.ts";
import { capital, fromHttpSys, method, namesSite, onePerText, remedy, system } from "./scene.ts";
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
  if (!odd?.answer || isTlsAlert(odd) || /^HTTP\/\d/.test(Buffer.from(odd.answer.received.subarray(0, 8)).toString("latin1"))) return [];
  const begin = readable(Buffer.from(odd.answer.received.subarray(0, 24)).toString("latin1"), 24).replace(/\s+/g, " ").trim();
  return [{ node: scene.node, say: (nodes, s) => `${nodes} answer${s} something that is not HTTP (it begins "${begin}"): look at which program listens on port ${odd.target.port}.` }];
};

/** The runbook asks for more than the balancer does. */
export const expectationUnmet: Diagnosis = (scene) =>
  onePerText(scene.exchanges.flatMap((e) => {
    // Redirects that do not arrive are told with what to do by their own diagnoses.
    if (e.unmet === null || e.unmet === e.hops?.say) return [];
    return [{ node: scene.node, say: (nodes: string) => `${capital(system(e))} takes ${nodes} as up (${e.reason}), but the runbook expects more: ${e.unmet}.` }];
  }));

/** The protocol version itself is refused, whatever the name. */
export const versionRefused: Diagnosis = (scene) =>
  onePerText(scene.exchanges.flatMap((e) => {
    const status = e.response?.status ?? 0;
    const works = scene.exchanges.find((other) => other.verdict === "up" && other.view.form.version !== e.view.form.version);
    if (e.verdict !== "down" || ![426, 505].includes(status) || !works) return [];
    return [{ node: scene.node, say: (nodes: string, s: string) => `${nodes} answer${s} ${e.reason} to HTTP/${e.view.form.version}, which ${system(e)} asks, and serve${s} HTTP/${works.view.form.version}: set the health check to HTTP/${works.view.form.version}, with a Host.` }];
  }));

/** HAProxy is stricter than a browser: the same bytes are an answer for the one and none for the other. */
export const refusedByReader: Diagnosis = (scene) =>
  onePerText(scene.exchanges.flatMap((e) => {
    const fault = /^HAProxy refuses the answer: (.*)$/.exec(e.reason)?.[1];
    if (e.verdict !== "down" || fault === undefined || notHttp(scene).length > 0) return [];
    const other = scene.exchanges.find((o) => o.verdict === "up");
    return [{ node: scene.node, say: (nodes: string, s: string) => `${nodes} answer${s}, but HAProxy refuses the answer: ${fault}.${other ? ` ${capital(system(other))} takes it (${other.reason}).` : ""} Mend what the application writes.` }];
  }));

/** The probe itself is held to be too frequent. */
export const rateLimited: Diagnosis = (scene) => {
  const limited = scene.exchanges.find((e) => e.response?.status === 429 || (e.response?.status === 503 && header(e.response, "retry-after") !== null && /too many|rate/i.test(e.response.body)));
  if (!limited) return [];
  return [{ node: scene.node, say: (nodes, s) => `${nodes} answer${s} ${limited.reason}: the server limits how often it is asked, and health checks count. Exempt the path or the addresses of the balancer.` }];
};

/** The page asks everybody to sign in: a check has nobody to sign in as. */
export const needsSignIn: Diagnosis = (scene) => {
  const answered = scene.exchanges.filter((e) => e.response !== null);
  const [one] = answered;
  const down = answered.find((e) => e.decides && e.verdict === "down");
  if (!one || !down || !answered.every((e) => e.response?.status === 401)) return [];
  return [{ node: scene.node, say: (nodes, s) => `${nodes} ask${s} everybody to sign in (401), and a health check cannot: let the check ask a path that needs no sign-in. ${remedy(down, "status", "401")}` }];
};

/** Whoever asks and however: the path is not there. */
export const pathMissing: Diagnosis = (scene) => {
  const answered = scene.exchanges.filter((e) => e.response !== null);
  const [one] = answered;
  if (!one || !answered.some(namesSite) || !answered.every((e) => e.response?.status === 404)) return [];
  return [{ node: scene.node, say: (nodes, s) => `${nodes} answer${s} 404 to everybody, by name too: ${one.view.form.path ?? one.target.path} is not there. Look at the path of the check, and at whether the site's content has come along.` }];
};

/** Up, but so late that the next busy hour makes it down. */
export const nearlyTooLate: Diagnosis = (scene) => {
  const late = scene.exchanges.find((e) => e.decides && e.verdict === "up" && e.answer !== null && e.answer.totalMs > e.request.timeoutMs * 0.7);
  if (!late?.answer) return [];
  const ms = late.answer.totalMs;
  return [{ node: scene.node, say: (nodes, s) => `${nodes} take${s} ${ms} ms of the ${late.request.timeoutMs} ms that are allowed: up now, and down as soon as it is a little busier. Let the check ask a cheaper page, or allow more time.` }];
};

/** Sometimes up, sometimes not. */
export const flapping: Diagnosis = (scene) =>
  onePerText(scene.exchanges.flatMap((e) => {
    const ups = e.tries.filter((one) => one.verdict === "up").length;
    if (ups === 0 || ups === e.tries.length) return [];
    const bad = e.tries.find((one) => one.verdict !== "up");
    return [{ node: scene.node, say: (nodes: string, s: string) => `${nodes} flap${s}: up ${ups} of ${e.tries.length} times for ${system(e)}, otherwise ${bad?.reason}. Something behind it answers only sometimes: a second worker, a restart, a limit.` }];
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
