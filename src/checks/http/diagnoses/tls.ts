import { isTlsAlert } from "./answers.ts";
import { daysLeft, sayNames } from "../certificate.ts";
import type { CertificateFacts } from "../certificate.ts";
import type { Exchange } from "../exchange.ts";
import { system } from "./scene.ts";
import type { Diagnosis, Remark, Scene } from "./scene.ts";

/** Tells a binding that wants a server name (SNI), which many balancers do not send, from one that does not come to a handshake at all. */
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

/** A balancer does not look at the certificate; a person's browser does, and stops there. */
export const certificateName: Diagnosis = (scene) => certified(scene, (e, found) => {
  const name = e.sentHost?.replace(/:\d+$/, "") ?? null;
  return name === null || found.matches(name) ? null : (nodes, s) => `${nodes} show${s} a certificate that does not cover ${name} (it names ${sayNames(found)}): balancers do not look, and every browser stops there. Bind the site's own certificate.`;
});

/** A certificate that has ended, or ends within 14 days: balancers do not look, so that people are the first to notice. */
export const certificateEnds: Diagnosis = (scene) => certified(scene, (_e, found) => {
  const days = daysLeft(found, scene.at);
  if (days >= 14) return null;
  return (nodes, s) => (days < 0 ? `The certificate of ${nodes} ended on ${found.validTo.slice(0, 10)}: balancers do not look, and every browser stops there. Install the new one.` : `The certificate of ${nodes} end${s} in ${days} days, on ${found.validTo.slice(0, 10)}: renew it on every server of the farm.`);
});

/** A chain that leads to no authority known to the machine that asked. One that merely ended is left to `certificateEnds`. */
export const certificateDistrusted: Diagnosis = (scene) => certified(scene, (_e, found) => {
  if (found.distrust === null || daysLeft(found, scene.at) < 0) return null;
  return (nodes, s) => `${nodes} show${s} a certificate that is not trusted here (${found.distrust}): a balancer takes it, a browser does not unless it knows the authority. Look at whether the chain came along.`;
});

/** What a browser would see, which asks by name. */
function certified(scene: Scene, find: (e: Exchange, found: CertificateFacts) => Remark["say"] | null): readonly Remark[] {
  const seen = scene.exchanges.find((e) => e.certificate !== null && e.view.profile.name === "browser") ?? scene.exchanges.find((e) => e.certificate !== null && e.request.tls?.sni);
  const say = seen?.certificate ? find(seen, seen.certificate) : null;
  return say === null ? [] : [{ node: scene.node, say }];
}
