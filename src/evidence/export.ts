import { basename } from "node:path";
import type { DrillStore, KeptRecord, StoredEvent } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { Anchors } from "./anchors/anchors.ts";
import { canonicalBytes } from "./canonical.ts";
import { verifierFile } from "./bundle/verifier-file.ts";
import { writeBundle } from "./bundle.ts";
import { earlierRetests } from "./earlier.ts";
import type { SigningKey } from "./keys.ts";
import type { LogStore } from "./log/ports.ts";
import { proofOf } from "./log/proof.ts";
import { picturesOf } from "./report/files.ts";
import { reportData, timelineCsv } from "./report/data.ts";
import { renderReport } from "./report/report.ts";
import { transcriptOf } from "./transcript/transcript.ts";
import { verifyBundle } from "./verify.ts";

type Evidence = Pick<DrillStore, "list" | "read" | "blob" | "records"> & { readonly log: Pick<LogStore, "entries" | "lastCheckpoint"> };

/**
 * The signed bundle of a drill as the store holds it now. Throws `not-found` for an unknown drill or when the store lacks the
 * runbook's source, `evidence-broken` when the store was tampered with, `not-allowed` for a key of the wrong kind. `internal`
 * when the bundle does not pass our own verifier.
 */
export async function exportBundle(store: Evidence, drill: string, keyFor: (rehearsal: boolean) => SigningKey, more: { readonly anchors?: Pick<Anchors, "of">; readonly shipped?: ReadonlyMap<string, Uint8Array> } = {}): Promise<Uint8Array> {
  // Before the events: a head that comes into the log in between would be of an event that is not among them.
  const proofs = { rehearsal: await proofOf(store.log, "rehearsal", drill), drills: await proofOf(store.log, "drills", drill) };
  const events = await store.read(drill);
  const first = events[0]?.event;
  if (first?.type !== "drill.launched") throw unknown(drill);
  const key = keyFor(first.mode === "rehearsal");
  const proof = proofs[first.mode === "rehearsal" ? "rehearsal" : "drills"];
  const anchored = proof === null ? [] : (more.anchors?.of(proof.checkpoint) ?? []);
  const { report, others } = await readable(store, drill, events, key, [...anchored].length > 0);
  const records = await store.records(drill);
  const bundle = await writeBundle({
    events, blobs: await blobsNamed(store, events, records, more.shipped ?? new Map()), report, key, proof,
    others: new Map([...others, ...verifierFile(), ...anchored, ...(records.length === 0 ? [] : [["records.jsonl", recordLines(records)] as const])]),
  });
  requireIntact(bundle, key);
  return bundle;
}

/** The drill's page as it stands now; nothing is signed for it. Throws `not-found`, `evidence-broken`. */
export async function reportOf(store: Pick<DrillStore, "list" | "read" | "blob">, drill: string): Promise<string> {
  const events = await store.read(drill);
  if (events.length === 0) throw unknown(drill);
  return (await readable(store, drill, events, null)).report;
}

/** The forms for people and programs, all made from the same transcript. */
async function readable(store: Pick<DrillStore, "list" | "read" | "blob">, drill: string, events: readonly StoredEvent[], key: SigningKey | null, anchored = false) {
  const signer = key && { kind: key.kind, fingerprint: key.fingerprint, publicFile: basename(key.publicFile) };
  const transcript = transcriptOf(events.map((e) => e.event));
  const earlier = transcript.earlier ?? (await earlierRetests(store, drill));
  const report = renderReport(transcript, { proof: { head: events.at(-1)?.head ?? "", signer, anchored }, earlier, pictures: await picturesOf(transcript.files, (sha256) => store.blob(sha256)) });
  const others = new Map([["report.json", reportData(transcript)], ["timeline.csv", Buffer.from(timelineCsv(transcript), "utf8")]]);
  return { report, others };
}

/** Whatever an event names by SHA-256, in the clear or by reference, and the store holds, or Drillbook ships, as the scripts of its checks. Other hashes stand for what was never stored, such as digests. */
async function blobsNamed(store: Evidence, events: readonly StoredEvent[], records: readonly KeptRecord[], shipped: ReadonlyMap<string, Uint8Array>): Promise<ReadonlyMap<string, Uint8Array>> {
  const blobs = new Map<string, Uint8Array>();
  const inClear = events.flatMap(({ bytes }) => hashesIn(JSON.parse(Buffer.from(bytes).toString("utf8")) as Json));
  // Of records only those of files: somebody could write the hash of another drill's file into a note.
  const byReference = records.flatMap(({ ref, value }) => (ref.startsWith("h-") ? hashesIn(value) : []));
  for (const hash of new Set([...inClear, ...byReference])) {
    const bytes = (await store.blob(hash)) ?? shipped.get(hash);
    if (bytes !== undefined) blobs.set(hash, bytes);
  }
  return blobs;
}

/** In the order of the references, as the store gives them: by what they are called, not by when they were written. */
function recordLines(records: readonly KeptRecord[]): Uint8Array {
  const newline = Buffer.from("\n");
  return Buffer.concat(records.toSorted((a, b) => (a.ref < b.ref ? -1 : 1)).flatMap(({ ref, salt, value }) => [canonicalBytes({ ref, salt, value }), newline]));
}

function hashesIn(value: Json): readonly string[] {
  if (typeof value === "string") return /^[0-9a-f]{64}$/.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap((member: Json) => hashesIn(member)) : [];
}

/** A bundle that our own verifier would refuse must not reach an auditor: the verifier shares no code with the writer. */
function requireIntact(bundle: Uint8Array, key: SigningKey): void {
  const [problem] = verifyBundle(bundle, { knownKeys: [key.publicPem] }).problems;
  if (problem === undefined) return;
  throw new DrillbookError("internal", `The bundle just written does not verify: ${problem.where} ${problem.why}.`, "This is a fault in Drillbook: keep the store and report it.");
}

function unknown(drill: string): DrillbookError {
  return new DrillbookError("not-found", `There is no drill ${drill}.`, "Type drills in the chat, or look at the list of drills.");
}
