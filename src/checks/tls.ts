import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import type { TLSSocket } from "node:tls";
import { z } from "zod";
import type { TestServer } from "../drills/events.ts";
import type { Check, Look } from "../drills/ports.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { parseDuration } from "../runbooks/duration.ts";
import { durationText } from "../runbooks/duration-text.ts";
import { readInput } from "../runbooks/read-input.ts";
import type { RowParts } from "./asked-rows.ts";
import { endpoint, oneOrMore, parseEndpoint, vantage } from "./endpoint.ts";
import { certificateExpectation, certificateFault, certificateOf, certificateShown, daysLeft, sayNames } from "./http/certificate.ts";
import type { CertificateFacts } from "./http/certificate.ts";
import { checkedAddress } from "./http/from-bot.ts";
import { hostName } from "./http/profile-schema.ts";
import { showCertificate } from "./http/show.ts";
import { askFromServer } from "./http/from-server.ts";
import { probeScripts } from "./http/probe-scripts.ts";
import type { Target } from "./http/target.ts";
import { sayOutcome } from "./http/say-outcome.ts";
import { runCommandPermissions } from "./permissions.ts";
import { noServer, observationOf, withScript } from "./rows.ts";
import type { CheckRow } from "./rows.ts";
import { serverNamed } from "./vantage.ts";
import type { VantageParts } from "./vantage.ts";

const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

const input = z.strictObject({
  from: vantage,
  targets: z.preprocess(oneOrMore, z.array(endpoint(443)).min(1).max(32)),
  /** Server names to ask for, each at every target; the target's own name unless said otherwise. */
  names: z.preprocess(oneOrMore, z.array(z.union([hostName, z.literal("none")])).min(1).max(8)).optional(),
  expect: certificateExpectation(hostName).extend({ protocol: z.enum(versions).optional() }).default({ trusted: true, name: true, days: 14 }),
  timeout: durationText({ min: 1000, max: 30_000 }).default("5s"),
  script: z.enum(["powershell", "posix"]).default("powershell"),
});

type Input = z.infer<typeof input>;

/** What the compiler knows of `check tls`. */
export const tlsCheckFacts: CheckFacts = { type: "tls", summary: "Reads certificates: name, chain, days left, with and without the server name", schema: input, permissions: runCommandPermissions };

type Shaken = { readonly certificate: CertificateFacts } | { readonly failed: string } | { readonly unasked: string };

/** The check `tls`: the certificate that each target shows for each name, held against what is expected. */
export function tlsCheck(parts: RowParts): Check {
  return {
    facts: tlsCheckFacts,
    async observe(given, look) {
      const wanted = readInput("tls", input, given);
      const server = serverNamed(wanted.from, look.testServers);
      if (server === undefined) return noServer(wanted.from, look.testServers);
      const at = parts.clock();
      const pairs = wanted.targets.flatMap((text) => {
        const target = parseEndpoint(text, 443);
        return target ? (wanted.names ?? [null]).map((name) => ({ target, name: name === "none" ? null : (name ?? nameOf(target)) })) : [];
      });
      const shaken = server ? await fromServer(pairs, server, wanted, parts, look) : await Promise.all(pairs.map((pair) => fromBot(pair, wanted, parts, look.signal)));
      const rows = pairs.map(({ target, name }, index) => rowOf(target.name, name, shaken[index] ?? { unasked: "not asked" }, wanted, at));
      return withScript(observationOf(rows, wanted.from, at, diagnose(rows), `${rows.length} of ${rows.length} certificates as expected`), server && probeScripts()[wanted.script]);
    },
  };
}

type Pair = { readonly target: Target; readonly name: string | null };

/** The server name that a target asks for by itself; null for an address, which is never one (RFC 6066 §3). */
function nameOf(target: Target): string | null {
  return isIP(target.address) === 0 ? target.address : null;
}

async function fromBot({ target, name }: Pair, wanted: Input, parts: RowParts, signal: AbortSignal): Promise<Shaken> {
  const to = await checkedAddress(target.address, target.port, target.name, { resolve: parts.resolve, policy: { allowPrivate: parts.allowPrivate } });
  return typeof to === "string" ? handshake(to, target.port, name, wanted, parts, signal) : to;
}

/** By the shipped script, a run each: a certificate takes most of what a run command gives back. Trust is that server's. */
async function fromServer(pairs: readonly Pair[], server: TestServer, wanted: Input, parts: RowParts, look: Look): Promise<readonly Shaken[]> {
  const asks = pairs.map(({ target, name }, index) => {
    const request = { id: `${index + 1}`, address: target.address, port: target.port, tls: { sni: name }, timeoutMs: parseDuration(wanted.timeout) ?? 5000, maxBytes: 0, bytes: new Uint8Array(), certificate: true };
    return { target, request };
  });
  const answers = await askFromServer(asks, { server, scripts: parts.scripts, script: probeScripts()[wanted.script] }, true, look);
  return asks.map(({ request }) => {
    const answer = answers.get(request.id) ?? { unasked: "not asked" };
    if ("unasked" in answer) return answer;
    if (answer.outcome !== "answered" || !answer.shown) return { failed: sayOutcome(answer) };
    const certificate = certificateShown(answer.shown);
    return certificate ? { certificate } : { unasked: `the certificate of ${request.address} could not be brought from ${server.name}` };
  });
}

function handshake(address: string, port: number, name: string | null, wanted: Input, parts: Pick<VantageParts, "connect">, signal: AbortSignal): Promise<Shaken> {
  return new Promise((settle, reject) => {
    const socket = parts.connect(address, port);
    let secure: TLSSocket | null = null;
    const stop = () => {
      end({ failed: "stopped" });
      reject(signal.reason);
    };
    const timer = setTimeout(() => end({ failed: socket.connecting ? "no connection in time" : "connected, and no handshake in time" }), parseDuration(wanted.timeout) ?? 5000);
    const end = (shaken: Shaken) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      // Not inside a callback of the handshake, and from the top down: taking the socket away from under it brings the whole
      // process down (Node 24.21).
      setImmediate(() => {
        secure?.destroy();
        socket.destroy();
      });
      settle(shaken);
    };
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", (error: NodeJS.ErrnoException) => end({ failed: error.code === "ECONNREFUSED" ? "connection refused" : "the connection failed" }));
    socket.on("connect", () => {
      secure = connectTls({ socket, rejectUnauthorized: false, minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0", ...(name === null ? {} : { servername: name }) });
      secure.on("error", () => end({ failed: "the handshake failed" }));
      secure.on("close", () => end({ failed: "the handshake failed" }));
      secure.on("secureConnect", () => {
        const certificate = secure && certificateOf(secure);
        end(certificate ? { certificate } : { failed: "no certificate was shown" });
      });
    });
  });
}

function rowOf(target: string, name: string | null, shaken: Shaken, wanted: Input, at: Date): CheckRow {
  const label = name ?? "no server name";
  if ("unasked" in shaken) return { target, label, verdict: "unknown", status: "", reason: shaken.unasked };
  if ("failed" in shaken) return { target, label, verdict: "down", status: "", reason: shaken.failed };
  const { certificate } = shaken;
  const days = daysLeft(certificate, at);
  const old = wanted.expect.protocol !== undefined && versions.findIndex((v) => v === certificate.protocol) < versions.indexOf(wanted.expect.protocol);
  const fault = certificateFault(wanted.expect, certificate, name, at) ?? (old ? `the server speaks ${certificate.protocol} at most` : null);
  return { target, label, verdict: fault === null ? "up" : "down", status: `${days} days`, reason: fault ?? `${sayNames(certificate)}, ${days} days left`, facts: showCertificate(certificate, at) };
}

function diagnose(rows: readonly CheckRow[]): readonly string[] {
  return rows.flatMap((row) => {
    if (row.verdict !== "down") return [];
    const works = rows.find((other) => other.target === row.target && other.facts !== undefined);
    if (row.facts === undefined && works) return [`${row.target} shows a certificate for ${works.label} and fails for ${row.label}: the binding of that name is missing there, or requires SNI.`];
    if (/distrust|not trusted/.test(row.reason)) return [`${row.target} (${row.label}): ${row.reason}. Install the whole chain on the server, or give this machine the authority (NODE_EXTRA_CA_CERTS).`];
    return [`${row.target} (${row.label}): ${row.reason}.`];
  });
}
