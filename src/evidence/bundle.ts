import { DrillbookError } from "../errors.ts";
import type { DrillEvent } from "../drills/events.ts";
import type { StoredEvent } from "../drills/ports.ts";
import { manifestText, type ManifestHead } from "./bundle/manifest.ts";
import { readmeText } from "./bundle/readme.ts";
import { writeZip } from "./bundle/zip.ts";
import { canonicalBytes } from "./canonical.ts";
import type { SigningKey } from "./keys.ts";
import { inclusionText, type LogProof } from "./log/proof.ts";

/** Everything that goes into a bundle; it is written from this alone. */
export type BundleContent = {
  /** Every event of one drill, from the first, as the store gives them. */
  readonly events: readonly StoredEvent[];
  /** What the events name, by SHA-256 (hex); the runbook's source bytes must be among it. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** The report, a page that stands by itself. */
  readonly report: string;
  /** Further files by name, none of which a bundle has to have: the report in other forms, the verifier. */
  readonly others?: ReadonlyMap<string, Uint8Array>;
  readonly key: SigningKey;
  /** How the drill lies under a signed checkpoint; null: under none yet. */
  readonly proof: LogProof | null;
};

type Launch = Extract<DrillEvent, { type: "drill.launched" }>;

/**
 * The evidence of one drill as one canonical zip, signed. Throws `not-found` when the runbook's source is not among the
 * blobs, `not-allowed` when a rehearsal and the key of real drills would meet, or the other way about.
 */
export async function writeBundle(content: BundleContent): Promise<Uint8Array> {
  const launch = launchOf(content.events);
  requireKeyFor(launch, content.key);
  const about = aboutDrill(launch, content.events);
  const files = new Map<string, Uint8Array>([
    ["README.txt", utf8(readmeText(launch.drill, launch.mode, content.key.kind))],
    ["report.html", utf8(content.report)],
    ...(content.others ?? []),
    ["events.jsonl", jsonLines(content.events)],
    ["heads.txt", headLines(content.events)],
    ["drill.json", drillJson(launch, content.events, about)],
    ["requests.jsonl", requestLines(content.events)],
    ["runbook.md", runbookSource(launch, content.blobs)],
    ["key.pem", utf8(content.key.publicPem)],
    ...checkpointFiles(content.proof),
    ...otherBlobs(launch, content.blobs),
  ]);
  const manifest = utf8(manifestText(about, files));
  const signature = await content.key.sign(manifest);
  files.set("manifest.txt", manifest);
  files.set("manifest.sig", utf8(`${Buffer.from(signature).toString("base64")}\n`));
  return writeZip(files);
}

function launchOf(events: readonly StoredEvent[]): Launch {
  const first = events[0]?.event;
  if (first?.type === "drill.launched") return first;
  throw new DrillbookError("not-found", "There is no such drill, or its first event is missing.", "Look at the list of drills for its number.");
}

function requireKeyFor(launch: Launch, key: SigningKey): void {
  if (key.rehearsal === (launch.mode === "rehearsal")) return;
  throw new DrillbookError(
    "not-allowed",
    `Drill ${launch.drill} has mode ${launch.mode}: the ${key.rehearsal ? "rehearsal key" : "key of real drills"} does not sign it.`,
    "Use the key that belongs to the mode.",
  );
}

function aboutDrill(launch: Launch, events: readonly StoredEvent[]): ManifestHead {
  // The id stands in lines of text that are compared byte by byte.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(launch.drill)) {
    throw new DrillbookError("bad-input", `The drill id ${JSON.stringify(launch.drill)} cannot stand in a manifest.`, "Use letters, digits, dot, dash and underscore.");
  }
  return { drill: launch.drill, mode: launch.mode, events: events.length, head: events.at(-1)!.head };
}

function jsonLines(events: readonly StoredEvent[]): Uint8Array {
  const newline = Buffer.from("\n");
  return Buffer.concat(events.flatMap(({ bytes }) => [bytes, newline]));
}

/** The head after each event: with the last alone, a verifier could not say which event was changed. */
function headLines(events: readonly StoredEvent[]): Uint8Array {
  return utf8(events.map(({ head }) => `${head}\n`).join(""));
}

/** Every request to Azure as a record of its own, with the event that tells of it. */
function requestLines(events: readonly StoredEvent[]): Uint8Array {
  const newline = Buffer.from("\n");
  return Buffer.concat(events.flatMap(({ event }) => {
    if (!("requests" in event)) return [];
    const [step, operation] = ["step" in event ? event.step : null, "operation" in event ? event.operation : null];
    return event.requests.flatMap((request) => [canonicalBytes({ event: event.seq, operation, request, step }), newline]);
  }));
}

function drillJson(launch: Launch, events: readonly StoredEvent[], about: ManifestHead): Uint8Array {
  const end = events.map(({ event }) => event).findLast((event) => event.type === "drill.ended");
  const summary = canonicalBytes({
    ...about,
    format: 1,
    purpose: launch.purpose,
    runbook: { id: launch.runbook.id, hash: launch.runbook.hash, title: launch.runbook.title },
    startedAt: launch.at,
    endedAt: end?.at ?? null,
    result: end?.result ?? null,
  });
  return Buffer.concat([summary, Buffer.from("\n")]);
}

function runbookSource(launch: Launch, blobs: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const source = blobs.get(launch.runbook.hash);
  if (source !== undefined) return source;
  throw new DrillbookError(
    "not-found",
    `The runbook that drill ${launch.drill} ran (${launch.runbook.hash}) is not in the store.`,
    "A launch stores the source bytes with its first event; without them there is no bundle.",
  );
}

function checkpointFiles(proof: LogProof | null): readonly [string, Uint8Array][] {
  return proof === null ? [] : [["checkpoint.txt", utf8(proof.checkpoint)], ["inclusion.txt", utf8(inclusionText(proof))], ["leaves.txt", utf8(proof.leaves.map((leaf) => `${leaf}\n`).join(""))]];
}

/** The runbook lies in the bundle under a name of its own already. */
function otherBlobs(launch: Launch, blobs: ReadonlyMap<string, Uint8Array>): readonly [string, Uint8Array][] {
  return [...blobs].filter(([hash]) => hash !== launch.runbook.hash).map(([hash, bytes]) => [`blobs/${hash}`, bytes]);
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
