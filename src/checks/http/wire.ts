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
};

export const probeOutcomes = ["answered", "refused", "timed-out", "reset", "unreachable", "tls-failed", "closed"] as const;
export type ProbeOutcome = (typeof probeOutcomes)[number];

/** Figures are milliseconds from the start of the exchange; -1 where it never came to that, so that a hang after the connection can be told from none. */
export type ProbeAnswer = {
  readonly id: string;
  readonly outcome: ProbeOutcome;
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly totalBytes: number;
  readonly received: Uint8Array;
};

/**
 * The form in which requests travel to a shipped probe script: base64 over one line a request, fields apart by tabs. Lines
 * and tabs, because a shell script and PowerShell both read them without a parser that could be fooled.
 */
export function encodeRequests(requests: readonly ProbeRequest[]): string {
  const lines = requests.map((r) =>
    [r.id, r.address, r.port, r.tls === null ? "-" : (r.tls.sni ?? "*"), r.timeoutMs, r.maxBytes, base64(r.bytes)].join("\t"),
  );
  return Buffer.from(lines.join("\n"), "utf8").toString("base64");
}

/** The other direction of `encodeRequests`. Throws `bad-input` on anything it would not have written. */
export function decodeRequests(text: string): readonly ProbeRequest[] {
  const lines = Buffer.from(text, "base64").toString("utf8").split("\n");
  return lines.map((line, index) => {
    const [id, address, port, tls, timeoutMs, maxBytes, bytes, ...rest] = line.split("\t");
    if (!id || !address || !port || !tls || !timeoutMs || !maxBytes || bytes === undefined || rest.length > 0) {
      throw new DrillbookError("bad-input", `Probe request ${index + 1} is malformed.`, "Send seven fields apart by tabs.");
    }
    return {
      id,
      address,
      port: Number(port),
      tls: tls === "-" ? null : { sni: tls === "*" ? null : tls },
      timeoutMs: Number(timeoutMs),
      maxBytes: Number(maxBytes),
      bytes: Buffer.from(bytes, "base64"),
    };
  });
}

/** What a probe script prints: one line an answer and a last line that says how many, so that a cut output is noticed. */
export function encodeAnswers(answers: readonly ProbeAnswer[]): string {
  const lines = answers.map((a) =>
    [a.id, a.outcome, a.connectMs, a.firstByteMs, a.totalMs, a.totalBytes, base64(a.received)].join("\t"),
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
    const [id, outcome, connectMs, firstByteMs, totalMs, totalBytes, received] = line.split("\t");
    const known = probeOutcomes.find((o) => o === outcome);
    if (!id || known === undefined || received === undefined) {
      throw new DrillbookError("bad-input", "The probe's output has a line that no probe writes.", "Look at the script's output.");
    }
    return {
      id,
      outcome: known,
      connectMs: Number(connectMs),
      firstByteMs: Number(firstByteMs),
      totalMs: Number(totalMs),
      totalBytes: Number(totalBytes),
      received: Buffer.from(received, "base64"),
    };
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
