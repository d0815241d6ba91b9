import { DrillbookError } from "../../errors.ts";

/** One exchange to make: connect to `address`, send `bytes` as they are, keep the first `maxBytes` of what comes back. */
export type ProbeRequest = {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  /** null: plain TCP. `sni` null: TLS without a server name. */
  readonly tls: { readonly sni: string | null } | null;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly bytes: Uint8Array;
  /** Wants the certificate and nothing else: the handshake is made, nothing sent. */
  readonly certificate?: boolean;
};

/** `forbidden`: on the test server the name led to a server of the platform, and nobody asked it. */
export const probeOutcomes = ["answered", "refused", "timed-out", "reset", "unreachable", "tls-failed", "closed", "forbidden"] as const;
export type ProbeOutcome = (typeof probeOutcomes)[number];

/** A certificate as a probe script brings it: what it needs to be judged here, as small as a run command's output. */
export type ShownCertificate = {
  readonly protocol: string;
  /** null: the server that asked trusts it; otherwise why not, in a code. */
  readonly distrust: string | null;
  /** Subjects as sent, the server's own first; empty where the script cannot see them. */
  readonly chain: readonly string[];
  /** The server's own certificate in DER; empty when it was too large to bring. */
  readonly leaf: Uint8Array;
};

/**
 * Figures are milliseconds from the start of the exchange; -1 where it never came to that, so that a hang after the connection
 * can be told from none. `tlsMs` is how long the handshake took by itself; absent or -1 where none was finished.
 */
export type ProbeAnswer = {
  readonly id: string;
  readonly outcome: ProbeOutcome;
  readonly connectMs: number;
  readonly tlsMs?: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly totalBytes: number;
  readonly received: Uint8Array;
  readonly shown?: ShownCertificate;
};

/**
 * The form in which requests travel to a shipped probe script: base64 over one line a request, fields apart by tabs. Lines
 * and tabs, because a shell script and PowerShell both read them without a parser that could be fooled.
 */
export function encodeRequests(requests: readonly ProbeRequest[]): string {
  const lines = requests.map((r) =>
    [r.id, r.address, r.port, r.tls === null ? "-" : (r.tls.sni ?? "*"), r.timeoutMs, r.maxBytes, base64(r.bytes), r.certificate === true ? "certificate" : "-"].join("\t"),
  );
  return Buffer.from(lines.join("\n"), "utf8").toString("base64");
}

/** The other direction of `encodeRequests`. Throws `bad-input` on anything it would not have written. */
export function decodeRequests(text: string): readonly ProbeRequest[] {
  const lines = Buffer.from(text, "base64").toString("utf8").split("\n");
  return lines.map((line, index) => {
    const [id, address, port, tls, timeoutMs, maxBytes, bytes, wants, ...rest] = line.split("\t");
    if (!id || !address || !port || !tls || !timeoutMs || !maxBytes || bytes === undefined || (wants !== "-" && wants !== "certificate") || rest.length > 0) {
      throw new DrillbookError("bad-input", `Probe request ${index + 1} is malformed.`, "Send eight fields apart by tabs.");
    }
    return {
      id,
      address,
      port: Number(port),
      tls: tls === "-" ? null : { sni: tls === "*" ? null : tls },
      timeoutMs: Number(timeoutMs),
      maxBytes: Number(maxBytes),
      bytes: Buffer.from(bytes, "base64"),
      ...(wants === "certificate" && { certificate: true }),
    };
  });
}

/** What a probe script prints: one line an answer and a last line that says how many, so that a cut output is noticed. */
export function encodeAnswers(answers: readonly ProbeAnswer[]): string {
  const lines = answers.map((a) =>
    [a.id, a.outcome, a.connectMs, a.tlsMs ?? -1, a.firstByteMs, a.totalMs, a.totalBytes, base64(a.received), a.shown ? encodeShown(a.shown) : "-"].join("\t"),
  );
  return [...lines, `end\t${answers.length}`].join("\n");
}

/** Reads a probe script's output. Throws `bad-input` when it is cut, or not the output of the script. */
export function decodeAnswers(output: string): readonly ProbeAnswer[] {
  const lines = output.trim().split(/\r?\n/);
  const end = lines.pop()?.split("\t");
  if (end?.[0] !== "end" || Number(end[1]) !== lines.length) {
    throw new DrillbookError("bad-input", "The probe's output is incomplete.", "Ask fewer targets at once, or look at the script's error output.");
  }
  return lines.map((line) => {
    const [id, outcome, connectMs, tlsMs, firstByteMs, totalMs, totalBytes, received, certificate] = line.split("\t");
    const known = probeOutcomes.find((o) => o === outcome);
    const shown = certificate === undefined ? null : decodeShown(certificate);
    if (!id || known === undefined || received === undefined || shown === null) {
      throw new DrillbookError("bad-input", "The probe's output has a line that no probe writes.", "Look at the script's output.");
    }
    return {
      id,
      outcome: known,
      connectMs: Number(connectMs),
      tlsMs: Number(tlsMs),
      firstByteMs: Number(firstByteMs),
      totalMs: Number(totalMs),
      totalBytes: Number(totalBytes),
      received: Buffer.from(received, "base64"),
      ...shown,
    };
  });
}

/** Four parts apart by commas, which neither base64 nor a code holds. */
function encodeShown({ protocol, distrust, chain, leaf }: ShownCertificate): string {
  return [protocol, distrust ?? "-", base64(Buffer.from(chain.join("\n"), "utf8")), base64(leaf)].join(",");
}

function decodeShown(field: string): { readonly shown?: ShownCertificate } | null {
  if (field === "-") return {};
  const [protocol, distrust, chain, leaf, ...rest] = field.split(",");
  if (protocol === undefined || distrust === undefined || chain === undefined || leaf === undefined || rest.length > 0) return null;
  const subjects = Buffer.from(chain, "base64").toString("utf8").split("\n").filter((subject) => subject !== "");
  return { shown: { protocol, distrust: distrust === "-" ? null : distrust, chain: subjects, leaf: Buffer.from(leaf, "base64") } };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
