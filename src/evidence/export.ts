import { basename } from "node:path";
import type { DrillEvent } from "../drills/events.ts";
import type { DrillStore } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { writeBundle } from "./bundle.ts";
import type { SigningKey } from "./keys.ts";
import { renderReport } from "./report/report.ts";
import { transcriptOf } from "./transcript/transcript.ts";

/** The evidence of one drill as the store holds it now. Throws `not-found` for a drill that it does not have. */
export async function exportBundle(store: DrillStore, drill: string, keyFor: (rehearsal: boolean) => SigningKey): Promise<Uint8Array> {
  const events = await store.read(drill);
  const first = events[0]?.event;
  if (first?.type !== "drill.launched") {
    throw new DrillbookError("not-found", `There is no drill ${drill}.`, "Type drills in the chat, or look at the list of drills.");
  }
  const key = keyFor(first.mode === "rehearsal");
  const blobs = new Map<string, Uint8Array>();
  for (const sha256 of named(events.map((e) => e.event))) {
    const bytes = await store.blob(sha256);
    if (bytes !== null) blobs.set(sha256, bytes);
  }
  return writeBundle({ events, blobs, report: await reportOf(store, drill, key), key });
}

/** The drill's page as it stands now. */
export async function reportOf(store: DrillStore, drill: string, key: SigningKey): Promise<string> {
  const events = await store.read(drill);
  const transcript = transcriptOf(events.map((e) => e.event));
  const signer = { kind: key.kind, fingerprint: key.fingerprint, publicFile: basename(key.publicFile) };
  return renderReport(transcript, { proof: { head: events.at(-1)?.head ?? "", signer } });
}

/** The bytes that a history speaks of by their hash. */
function named(events: readonly DrillEvent[]): readonly string[] {
  return [
    ...new Set(
      events.flatMap((e) => {
        if (e.type === "drill.launched") return [e.runbook.hash];
        return e.type === "approval.shown" ? [e.card] : [];
      }),
    ),
  ];
}
