import { isTlsAlert } from "./answers.ts";
import { system } from "./scene.ts";
import type { Diagnosis } from "./scene.ts";

export const handshakeFails: Diagnosis = (scene) => {
  const failed = scene.exchanges.filter((e) => e.answer?.outcome === "tls-failed");
  const works = scene.exchanges.find((e) => e.request.tls && e.response !== null);
  const [one] = failed;
  if (!one) return [];
  const bare = failed.find((e) => e.request.tls?.sni === null);
  const sni = works?.request.tls?.sni;
  if (bare && sni) {
    return [{ node: scene.node, say: (nodes) => `The TLS handshake with ${nodes} fails without a server name, as ${system(bare)} asks, and works with ${sni}: the site's binding requires SNI. Give one binding without it, or send the name in the health check.` }];
  }
  return [{ node: scene.node, say: (nodes) => `The TLS handshake with ${nodes} fails on port ${one.target.port}: look at whether that port speaks TLS at all, at the certificate of the binding (its private key may not have come along), and at the TLS versions it allows.` }];
};

/** Plain HTTP was sent to a port that expects TLS. */
export const plainToTls: Diagnosis = (scene) => {
  const told = scene.exchanges.find((e) => e.request.tls === null && (isTlsAlert(e) || (e.response?.status === 400 && /plain HTTP request was sent to HTTPS/i.test(e.response.body + e.response.reason))));
  return told ? [{ node: scene.node, say: (nodes, s) => `${nodes} expect${s} TLS on port ${told.target.port}: write https:// in the target, or check the HTTP port.` }] : [];
};
