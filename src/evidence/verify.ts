import { inMemory, readContainer, type ByteSource, type ReadFile } from "./verify/container.ts";
import { forkFault, leavesFault } from "./verify/earlier.ts";
import { eventLines } from "./verify/event-lines.ts";
import { unexpected, type Expected } from "./verify/expected.ts";
import { fault, type Fault } from "./verify/fault.ts";
import { filesAgainst, missingFiles } from "./verify/files.ts";
import { historyFollower, type History } from "./verify/history.ts";
import { checkpointOver, type Covered } from "./verify/inclusion.ts";
import { recordFaults } from "./verify/records.ts";
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
  /** The signed checkpoint under which the drill lies; null: the bundle has none, or what is broken keeps it from being proved. */
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly time: string; readonly event: number; readonly signer: string } | null;
  readonly bytes: number;
  /** Records and stored files that are gone by an event's word. */
  readonly erased: number;
};

/** What a verification found. */
export type VerifyReport = {
  /** `erased`: intact and signed by a known key, but an event says that records of people were erased. */
  readonly status: "intact" | "broken" | "unknown-signer" | "erased";
  /** The first names the first bad record, file or field. */
  readonly problems: readonly Fault[];
  /** What is no fault and yet worth knowing. */
  readonly remarks: readonly string[];
  /** null: not even the events could be followed. */
  readonly facts: BundleFacts | null;
};

const problemsShown = 50;

/** What the bundle is held against; nothing in the bundle itself can be trusted for that. */
export type VerifyOptions = {
  readonly knownKeys: readonly string[];
  /** Bundles or checkpoints kept from before: this bundle must go on from each of them. */
  readonly earlier?: readonly Uint8Array[];
  /** What was told beside the bundle. A signer that was told is as good as a known key. */
  readonly expected?: readonly Expected[];
};

/**
 * Checks a bundle down to its last bit: the container, the chain from genesis, every file against the events, the records
 * against their commitments, the manifest, its signature, and the signer against keys that the caller trusts already. It
 * reads in passing: what is kept in memory are heads and records, not events. The bytes may be hostile. Shares no code with
 * the writer but the hash function. Throws `bad-input` for a known key that is none.
 */
export function verifyBundle(bundle: Uint8Array | ByteSource, options: VerifyOptions): VerifyReport {
  const known = options.knownKeys.map(knownKey);
  const { expected = [] } = options;
  const source = bundle instanceof Uint8Array ? inMemory(bundle) : bundle;
  const { files, history, faults } = readBundle(source);
  const missing = missingFiles(files);
  const signer = bundledKey(files.get("key.pem")?.bytes ?? new Uint8Array(0));
  const records = history === null ? { faults: [], erased: 0, stored: new Set<string>() } : recordFaults(history, files);
  const content = history === null ? [] : filesAgainst(history, files, records.stored);
  const problems = [...missing, ...faults.events, ...content, ...records.faults, ...faults.container, ...("why" in signer ? [signer] : [])];
  let covered: Covered | null = null;
  if (problems.length === 0 && !("why" in signer) && history !== null) {
    problems.push(...signatureFaults(files, signer, history, known));
    const found = checkpointOver(history, new Map(["checkpoint.txt", "inclusion.txt"].flatMap((name) => (files.get(name)?.bytes ? [[name, files.get(name)!.bytes!]] : []))), signer.der);
    if (found !== null && "why" in found) problems.push(found);
    else {
      // What is held against a checkpoint that does not hold itself would be called missing, and it is there.
      covered = found;
      problems.push(...[leavesFault(files, found), ...(options.earlier ?? []).map((kept) => earlierFault(kept, history, files, found, signer.der))].filter((wrong) => wrong !== null));
    }
    problems.push(...expected.map((told) => unexpected(told, history, signer.fingerprint)).filter((wrong) => wrong !== null));
  }
  const fingerprint = "why" in signer ? null : signer.fingerprint;
  return {
    status: problems.length > 0 ? "broken" : ![...known, ...expected].some((key) => key.fingerprint === fingerprint) ? "unknown-signer" : records.erased > 0 ? "erased" : "intact",
    problems: problems.slice(0, problemsShown),
    remarks: history === null ? [] : [...erasedRemark(records.erased), ...remarksOn(history, covered, { uncovered: uncovered(files.has("checkpoint.txt"), problems.length > 0), open: "The drill was still open: this bundle is incomplete." })],
    facts: history === null ? null : factsOf(history, covered, fingerprint, source.size, records.erased),
  };
}

type Files = ReadonlyMap<string, ReadFile>;

/** Files that are small, or that something is computed from; all others are hashed in passing. */
const kept = /^(checkpoint\.txt|drill\.json|heads\.txt|inclusion\.txt|key\.pem|leaves\.txt|manifest\.(sig|txt)|records\.jsonl)$/;

function readBundle(source: ByteSource): { readonly files: Files; readonly history: History | null; readonly faults: { readonly events: readonly Fault[]; readonly container: readonly Fault[] } } {
  const follower = historyFollower();
  const lines = eventLines(follower);
  const { files, faults } = readContainer(source, (name) => (name === "events.jsonl" ? lines.take : kept.test(name) ? null : () => undefined));
  const wrong = lines.end();
  return { files, history: wrong === null ? follower.history() : null, faults: { events: wrong === null ? [] : [wrong], container: faults } };
}

function earlierFault(bytes: Uint8Array, history: History, files: Files, covered: Covered | null, spki: Buffer): Fault | null {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isZip) return forkFault({ note: bytes, drill: null, heads: [] }, history, files, covered, spki);
  const before = readBundle(inMemory(bytes));
  const [wrong] = [...before.faults.events, ...before.faults.container];
  if (wrong !== undefined || before.history === null) return fault("earlier bundle", `is broken itself: ${wrong?.where ?? ""} ${wrong?.why ?? ""}`);
  const note = before.files.get("checkpoint.txt")?.bytes;
  if (note === undefined || note === null) return fault("earlier bundle", "has no checkpoint");
  return forkFault({ note, drill: before.history.drill, heads: before.history.heads }, history, files, covered, spki);
}

function erasedRemark(erased: number): readonly string[] {
  return erased === 0 ? [] : [`${erased} ${erased === 1 ? "record or file was" : "records or files were"} erased, as events of this drill say: what they held is gone, everything else is as it was.`];
}

/** A bundle that is broken may hold a checkpoint that was not reached, or that could not be read: then none is said to be missing. */
function uncovered(carried: boolean, broken: boolean): string | null {
  if (carried) return "A checkpoint lies in this bundle, but what is broken keeps it from proving anything.";
  return broken ? null : "No signed checkpoint lies in this bundle: nothing but the manifest's signature stands behind it.";
}

/** What the command line exits with: 0 intact and signer known, 1 broken, 3 consistent but signer unknown, 4 intact but for what was erased. */
export function verifyExitCode(report: VerifyReport): 0 | 1 | 3 | 4 {
  return ({ intact: 0, broken: 1, "unknown-signer": 3, erased: 4 } as const)[report.status];
}

type Signer = Exclude<ReturnType<typeof bundledKey>, Fault>;

function signatureFaults(
  files: Files,
  signer: Signer,
  history: History,
  known: readonly KnownKey[],
): readonly Fault[] {
  const wrong = signatureFault(files.get("manifest.txt")!.bytes!, files.get("manifest.sig")!.bytes!, signer.der);
  if (wrong !== null) return [wrong];
  const trusted = known.filter((key) => key.fingerprint === signer.fingerprint);
  // A key that is trusted for rehearsals alone is kept less carefully; it must not vouch for anything real.
  if (history.mode !== "rehearsal" && trusted.length > 0 && trusted.every((key) => key.rehearsalOnly)) {
    return [fault("key.pem", `is a rehearsal key, but the drill has mode ${history.mode}`)];
  }
  return [];
}

function factsOf(history: History, covered: Covered | null, signer: string | null, bytes: number, erased: number): BundleFacts {
  const { named: _named, heads: _heads, clockWentBackAt: _clock, references: _references, erased: _erased, requestsHash: _requests, included: _included, ...facts } = history;
  return { ...facts, state: history.endedAt === null ? "open" : "closed", signer, checkpoint: covered && { origin: covered.origin, size: covered.size, time: covered.time, event: covered.event, signer: covered.signer }, bytes, erased };
}
