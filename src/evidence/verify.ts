import { readContainer } from "./verify/container.ts";
import { fault, type Fault } from "./verify/fault.ts";
import { filesAgainst, missingFiles } from "./verify/files.ts";
import { followHistory, type History } from "./verify/history.ts";
import { checkpointOver, type Covered } from "./verify/inclusion.ts";
import { remarksOn } from "./verify/remarks.ts";
import { bundledKey, knownKey, signatureFault, type KnownKey } from "./verify/signer.ts";

/** What a bundle says of itself; to be believed as far as `status` goes. */
export type BundleFacts = {
  readonly drill: string;
  readonly runbook: { readonly id: string; readonly hash: string; readonly title: string };
  readonly mode: string;
  readonly purpose: string;
  readonly events: number;
  readonly head: string;
  /** An open drill is incomplete: it went on, or was to go on, after this bundle was written. */
  readonly state: "open" | "closed";
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly result: string | null;
  /** SHA-256 (hex) of the signing key's SPKI; null when there is no readable key. */
  readonly signer: string | null;
  /** The signed checkpoint under which the drill lies; null: the bundle has none. */
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly time: string; readonly event: number; readonly signer: string } | null;
  readonly bytes: number;
};

export type VerifyReport = {
  readonly status: "intact" | "broken" | "unknown-signer";
  /** The first names the first bad record, file or field. */
  readonly problems: readonly Fault[];
  /** What is no fault and yet worth knowing. */
  readonly remarks: readonly string[];
  /** null: not even the events could be followed. */
  readonly facts: BundleFacts | null;
};

const problemsShown = 50;

/**
 * Checks a bundle down to its last bit: the container, the chain from genesis, every file against the events, the
 * manifest, its signature, and the signer against keys that the caller trusts already. `bytes` may be hostile. Shares no
 * code with the writer but the hash function. Throws `bad-input` for a known key that is none.
 */
export function verifyBundle(bytes: Uint8Array, options: { readonly knownKeys: readonly string[] }): VerifyReport {
  const known = options.knownKeys.map(knownKey);
  const { files, faults } = readContainer(bytes);
  const missing = missingFiles(files);
  const followed = followHistory(files.get("events.jsonl") ?? new Uint8Array(0));
  const signer = bundledKey(files.get("key.pem") ?? new Uint8Array(0));
  const history = followed.history;
  const content = history === null ? [] : filesAgainst(history, files);
  const problems = [...missing, ...followed.faults, ...content, ...faults, ...("why" in signer ? [signer] : [])];
  let covered: Covered | null = null;
  if (problems.length === 0 && !("why" in signer) && history !== null) {
    problems.push(...signatureFaults(files, signer, history, known));
    const found = checkpointOver(history, files, signer.der);
    if (found !== null && "why" in found) problems.push(found);
    else covered = found;
  }
  const fingerprint = "why" in signer ? null : signer.fingerprint;
  return {
    status: problems.length > 0 ? "broken" : known.some((key) => key.fingerprint === fingerprint) ? "intact" : "unknown-signer",
    problems: problems.slice(0, problemsShown),
    remarks: history === null ? [] : remarksOn(history, covered),
    facts: history === null ? null : factsOf(history, covered, fingerprint, bytes.length),
  };
}

/** What the command line exits with: 0 intact and signer known, 1 broken, 3 consistent but signer unknown. */
export function verifyExitCode(report: VerifyReport): 0 | 1 | 3 {
  return report.status === "intact" ? 0 : report.status === "broken" ? 1 : 3;
}

type Signer = Exclude<ReturnType<typeof bundledKey>, Fault>;

function signatureFaults(
  files: ReadonlyMap<string, Uint8Array>,
  signer: Signer,
  history: History,
  known: readonly KnownKey[],
): readonly Fault[] {
  const wrong = signatureFault(files.get("manifest.txt")!, files.get("manifest.sig")!, signer.der);
  if (wrong !== null) return [wrong];
  const trusted = known.filter((key) => key.fingerprint === signer.fingerprint);
  // A key that is trusted for rehearsals alone is kept less carefully; it must not vouch for anything real.
  if (history.mode !== "rehearsal" && trusted.length > 0 && trusted.every((key) => key.rehearsalOnly)) {
    return [fault("key.pem", `is a rehearsal key, but the drill has mode ${history.mode}`)];
  }
  return [];
}

function factsOf(history: History, covered: Covered | null, signer: string | null, bytes: number): BundleFacts {
  const { named: _named, heads: _heads, clockWentBackAt: _clock, ...facts } = history;
  return { ...facts, state: history.endedAt === null ? "open" : "closed", signer, checkpoint: covered && { origin: covered.origin, size: covered.size, time: covered.time, event: covered.event, signer: covered.signer }, bytes };
}
