import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { z } from "zod";
import type { ShownCertificate } from "./wire.ts";

/** What a server's certificate says of itself, and what this machine's list of authorities says of it. */
export type CertificateFacts = {
  readonly subject: string;
  readonly names: readonly string[];
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly fingerprint: string;
  /** null: trusted by the authorities that Node knows; otherwise why not. */
  readonly distrust: string | null;
  /** Subjects from the server's own to the last that it sent. */
  readonly chain: readonly string[];
  readonly protocol: string;
  readonly matches: (name: string) => boolean;
};

/** Schema of what a certificate must be. `name` true: it must cover the name that was asked. */
export const certificateExpectation = (hostName: z.ZodType<string>) =>
  z.strictObject({
    name: z.union([z.literal(true), hostName], { error: "Write true, or the name that it must cover." }).optional(),
    days: z.number().int().min(0).max(3650).optional(),
    trusted: z.boolean().optional(),
  });

export type CertificateExpectation = z.infer<ReturnType<typeof certificateExpectation>>;

/** Reads the certificate of a finished handshake; null when there is none. */
export function certificateOf(socket: TLSSocket): CertificateFacts | null {
  const leaf = socket.getPeerX509Certificate();
  if (!leaf) return null;
  const trust: unknown = socket.authorizationError;
  return {
    ...factsOf(leaf),
    distrust: socket.authorized || !trust ? null : codeOf(trust),
    chain: chainOf(leaf),
    protocol: socket.getProtocol() ?? "",
  };
}

/** Reads a certificate that a test server's probe brought; null when it did not fit, or is none. Trust is that server's. */
export function certificateShown({ leaf, chain, distrust, protocol }: ShownCertificate): CertificateFacts | null {
  try {
    const own = new X509Certificate(leaf);
    const others = chain.slice(1, 10).map(flat);
    return { ...factsOf(own), distrust: distrust === null ? null : (opensslCodes[distrust] ?? flat(distrust).slice(0, 60)), chain: [flat(own.subject), ...others], protocol: /^[\w.]{1,10}$/.test(protocol) ? protocol : "" };
  } catch {
    // A server nobody vouches for may bring anything.
    return null;
  }
}

/** OpenSSL's numbers, which Python gives, in the names that Node gives. */
const opensslCodes: Readonly<Record<string, string>> = {
  "9": "CERT_NOT_YET_VALID",
  "10": "CERT_HAS_EXPIRED",
  "18": "DEPTH_ZERO_SELF_SIGNED_CERT",
  "19": "SELF_SIGNED_CERT_IN_CHAIN",
  "20": "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "21": "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "23": "CERT_REVOKED",
};

function factsOf(leaf: X509Certificate): Omit<CertificateFacts, "distrust" | "chain" | "protocol"> {
  return {
    subject: flat(leaf.subject),
    names: (leaf.subjectAltName ?? "").split(", ").filter((name) => name !== "").map((name) => name.replace(/^(?:DNS|IP Address):/, "")),
    issuer: flat(leaf.issuer),
    validFrom: leaf.validFromDate.toISOString(),
    validTo: leaf.validToDate.toISOString(),
    fingerprint: leaf.fingerprint256,
    matches: (name) => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined,
  };
}

/** What is wrong with a certificate at `now`, in words; null when it is as expected. */
export function certificateFault(wanted: CertificateExpectation, found: CertificateFacts | null, asked: string | null, now: Date): string | null {
  if (found === null) return "there was no certificate, because TLS was not spoken";
  const days = daysLeft(found, now);
  if (days < 0) return `the certificate ended on ${found.validTo.slice(0, 10)}`;
  if (Date.parse(found.validFrom) > now.getTime()) return `the certificate begins on ${found.validFrom.slice(0, 10)}`;
  if (wanted.days !== undefined && days < wanted.days) return `the certificate ends on ${found.validTo.slice(0, 10)}, in ${days} days, and ${wanted.days} are expected`;
  const name = wanted.name === true ? asked : (wanted.name ?? null);
  if (wanted.name !== undefined && (name === null || !found.matches(name.replace(/:\d+$/, "")))) return `the certificate does not cover ${name ?? "the address"}: it names ${sayNames(found)}`;
  if (wanted.trusted === true && found.distrust !== null) return `the certificate is not trusted here (${found.distrust})`;
  return null;
}

/** Whole days until the certificate ends; negative when it has ended. */
export function daysLeft(found: CertificateFacts, now: Date): number {
  return Math.floor((Date.parse(found.validTo) - now.getTime()) / 86_400_000);
}

/**
 * The names that a certificate covers, five at most, or its subject. They come from a stranger's server: control characters are
 * taken out and the rest is cut.
 */
export function sayNames(found: CertificateFacts): string {
  const names = found.names.length > 0 ? found.names : [found.subject];
  return `${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`.replace(/\p{C}/gu, "").slice(0, 300);
}

function chainOf(leaf: X509Certificate): readonly string[] {
  const subjects: string[] = [];
  for (let one: X509Certificate | undefined = leaf; one && subjects.length < 10; one = one.issuerCertificate) {
    if (subjects.includes(flat(one.subject))) break;
    subjects.push(flat(one.subject));
  }
  return subjects;
}

function flat(name: string): string {
  return name.replaceAll("\n", ", ").replace(/\p{C}/gu, "").slice(0, 300);
}

function codeOf(trust: unknown): string {
  if (typeof trust === "string") return trust;
  return trust instanceof Error && "code" in trust ? String(trust.code) : "not trusted";
}
