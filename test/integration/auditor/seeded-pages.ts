import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { exportBundle, reportOf } from "../../../src/evidence/export.ts";
import { openLocalKey } from "../../../src/evidence/keys.ts";
import { verifyStored } from "../../../src/evidence/live-verify.ts";
import { startSequencer } from "../../../src/evidence/log/sequencer.ts";
import { checkpointSigner } from "../../../src/evidence/log/signer.ts";
import { reportPolicy } from "../../../src/evidence/report/style.ts";
import { openSqliteStore } from "../../../src/storage/sqlite/open.ts";
import { serveAuditorPages, type Admission } from "../../../src/web/auditor/pages.ts";
import { readLog, type ReadEntry } from "../../../src/web/auditor/read-log.ts";
import { openServer, type WebServer } from "../../../src/web/server.ts";
import { keptLog } from "../bot/kept-log.ts";

export type SeededPages = {
  readonly server: WebServer;
  readonly folder: string;
  readonly reads: () => readonly ReadEntry[];
  readonly close: () => Promise<void>;
};

export type Told = { readonly events: readonly DrillEvent[]; readonly blobs: ReadonlyMap<string, Uint8Array> };

const clock = (): Date => new Date("2026-11-21T09:00:00.000Z");

/** The auditor's pages over a store that holds these drills, each under a signed checkpoint. `onRead` hears how many events are asked for at most at once. */
export async function seededPages(drills: readonly Told[], admit: (server: WebServer) => Promise<Admission> = async () => () => ({ reader: null }), onRead: (limit: number) => void = () => undefined): Promise<SeededPages> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-auditor-"));
  const file = join(folder, "drillbook.db");
  const keyFor = (rehearsal: boolean) => openLocalKey(folder, { rehearsal });
  const writing = openSqliteStore(file, { clock });
  for (const { events, blobs } of drills) {
    const drill = events[0]!.drill;
    await writing.append({ drill, expectedSeq: 0, events, wakeAt: null, blobs: [...blobs.values()] });
  }
  const signer = (name: "rehearsal" | "drills") => checkpointSigner(folder, name, () => keyFor(name === "rehearsal"));
  const sequencer = await startSequencer({ store: writing.log, signer, clock, after: () => () => undefined, onFault: (fault) => { throw fault; } });
  await sequencer.pass({ sign: true });
  const { log } = keptLog();
  const server = await openServer({ host: "127.0.0.1", port: 0, access: "loopback", ready: () => true, log });
  const opened = openSqliteStore(file, { readOnly: true });
  const source: typeof opened = {
    ...opened,
    read(drill, afterSeq, limit) {
      onRead(limit ?? Infinity);
      return opened.read(drill, afterSeq, limit);
    },
  };
  const reads = join(folder, "reads.jsonl");
  await serveAuditorPages(server, {
    source,
    report: async (drill) => ({ html: await reportOf(source, drill), csp: reportPolicy }),
    bundle: async (drill) => ({ bytes: await exportBundle(source, drill, keyFor), filename: `${drill}.zip` }),
    verify: (drill) => verifyStored(source, drill, (rehearsal) => keyFor(rehearsal).publicPem),
    clock,
    logRead: readLog(reads),
  }, await admit(server));
  return {
    server,
    folder,
    reads: () => readFileSync(reads, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as ReadEntry),
    close: async () => {
      await server.close();
      source.close();
      writing.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same drill under another number. */
export function renumbered({ events, blobs }: Told, drill: string): Told {
  return { blobs, events: events.map((event) => ({ ...event, drill })) };
}
