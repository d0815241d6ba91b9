import { DrillbookError } from "../errors.ts";
import type { DrillStore, StoredEvent } from "../drills/ports.ts";
import type { Json } from "../runbooks/runbook.ts";
import { writeBundle } from "./bundle.ts";
import type { SigningKey } from "./keys.ts";
import { renderReport } from "./report/report.ts";
import { transcriptOf } from "./transcript/transcript.ts";
import { verifyBundle } from "./verify.ts";

/**
 * The signed bundle of a drill, as of now. Throws `not-found` for an unknown drill or when the store lacks the runbook's
 * source, `evidence-broken` when the store was tampered with, `not-allowed` for a key of the wrong kind.
 */
export async function exportDrill(store: Pick<DrillStore, "read" | "blob">, drill: string, key: SigningKey): Promise<Uint8Array> {
  const events = await store.read(drill);
  const last = events.at(-1);
  if (last === undefined) throw new DrillbookError("not-found", `There is no drill ${drill}.`, "Look at the list of drills for its number.");
  const { kind, fingerprint, publicFile } = key;
  const proof = { head: last.head, signer: { kind, fingerprint, publicFile: publicFile.replace(/^.*[\\/]/, "") } };
  const report = renderReport(transcriptOf(events.map((stored) => stored.event)), { proof });
  const bundle = await writeBundle({ events, blobs: await blobsNamed(store, events), report, key });
  requireIntact(bundle, key);
  return bundle;
}

/** Whatever an event names by SHA-256 and the store holds. Other hashes stand for what was never stored, such as digests. */
async function blobsNamed(store: Pick<DrillStore, "blob">, events: readonly StoredEvent[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const blobs = new Map<string, Uint8Array>();
  for (const hash of new Set(events.flatMap(({ event }) => hashesIn(event)))) {
    const bytes = await store.blob(hash);
    if (bytes !== null) blobs.set(hash, bytes);
  }
  return blobs;
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
