import type { Json } from "../../runbooks/runbook.ts";
import { daysLeft } from "./certificate.ts";
import type { CertificateFacts } from "./certificate.ts";
import type { Exchange } from "./exchange.ts";

const mostSent = 2048;
const mostReceived = 1024;

/** One row of `result.rows`: a cell of the grid with what was sent and received, fit for evidence and cards. */
export function showRow(exchange: Exchange, at: Date): Json {
  const { answer, request } = exchange;
  return {
    target: exchange.target.name,
    url: redact(exchange.target.url),
    host: exchange.host,
    profile: exchange.view.profile.name,
    form: exchange.view.form.name,
    label: exchange.view.form.label,
    decides: exchange.decides,
    verdict: exchange.verdict,
    status: exchange.response?.status ?? null,
    reason: readable(exchange.reason, 300),
    unmet: exchange.unmet,
    timings: answer && { connectMs: answer.connectMs, ...(answer.tlsMs !== undefined && answer.tlsMs >= 0 && { tlsMs: answer.tlsMs }), firstByteMs: answer.firstByteMs, totalMs: answer.totalMs },
    sent: readable(redact(latin1(request.bytes)), mostSent),
    received: answer && readable(redact(latin1(answer.received)), mostReceived),
    receivedBytes: answer?.totalBytes ?? 0,
    ...(exchange.certificate && { certificate: showCertificate(exchange.certificate, at) }),
    ...(exchange.hops && { hops: exchange.hops.hops.map((hop) => ({ ...hop })), end: exchange.hops.say }),
    ...(exchange.tries.length > 0 && { tries: exchange.tries.map((one) => ({ ...one, reason: readable(one.reason, 200) })) }),
    cut: answer !== null && answer.totalBytes > Math.min(answer.received.length, mostReceived),
  };
}

/** What evidence keeps of a certificate that was looked at then. */
export function showCertificate(certificate: CertificateFacts, at: Date): Json {
  const { subject, names, issuer, validFrom, validTo, fingerprint, distrust, chain, protocol } = certificate;
  return { subject, names: names.slice(0, 50), issuer, validFrom, validTo, daysLeft: daysLeft(certificate, at), sha256: fingerprint, trusted: distrust === null, distrust, chain, protocol };
}

/**
 * Takes out what opens doors: values of credential headers (with folded lines), bearer tokens, and signatures or keys in a
 * query. The value goes, the name stays, because that a cookie was set is part of the proof.
 */
export function redact(text: string): string {
  return text
    .replace(/^((?:proxy-)?authorization|cookie2?|set-cookie2?|x-api-key|x-ms-authorization[\w-]*)([ \t]*:)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gim, "$1$2 [redacted]")
    .replace(/\bbearer +[\w.~+/=-]+/gi, "Bearer [redacted]")
    .replace(/\beyJ[\w-]{8,}\.[\w.-]+/g, "[redacted]")
    .replace(/([?&](?:sig|signature|code|key|api[-_]?key|token|access[-_]token|password|secret)=)[^&\s"'<>#]+/gi, "$1[redacted]");
}

/** Line ends stay, every other control character is spelled out, and the end is cut where the bound is. */
export function readable(text: string, most: number): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replace(/(?![\t\r\n])\p{Cc}|\r(?!\n)/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
