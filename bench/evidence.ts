import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StoredEvent } from "../src/drills/ports.ts";
import type { DrillEvent } from "../src/drills/events.ts";
import { sealEvent, genesisHead } from "../src/evidence/chain.ts";
import { writeBundle } from "../src/evidence/bundle.ts";
import { exportBundle } from "../src/evidence/export.ts";
import { sha256 } from "../src/evidence/hash.ts";
import { openLocalKey } from "../src/evidence/keys.ts";
import { referencingStore } from "../src/evidence/personal/referencing-store.ts";
import { verifyBundle } from "../src/evidence/verify.ts";
import { openSqliteStore } from "../src/storage/sqlite/open.ts";
import { cost } from "./figure.ts";
import type { Bench, Effort, Figure } from "./figure.ts";
import { drillOf, source } from "./evidence-drill.ts";

/** Storing one event, sealed and synced, against the same bytes put into a plain table and committed. */
export const append: Bench = {
  name: "append",
  run: async (effort) =>
    inFolder(async (folder) => {
      const rounds = effort === "quick" ? 200 : 3_000;
      const events = drillOf(rounds + 1);
      const store = openSqliteStore(join(folder, "drills.db"), { clock: () => new Date(0) });
      await store.append({ drill: "D-1", expectedSeq: 0, events: events.slice(0, 1), wakeAt: null, blobs: [source] });
      const plain = plainTable(join(folder, "plain.db"));
      const times: { floor: number[]; ours: number[] } = { floor: [], ours: [] };
      for (const event of events.slice(1)) {
        times.floor.push(await took(() => plain(event)));
        times.ours.push(await took(() => store.append({ drill: "D-1", expectedSeq: event.seq - 1, events: [event], wakeAt: null })));
      }
      store.close();
      const at = (share: number) => cost(`append one event, p${share * 100}`, "ms", quantile(times.ours, share), quantile(times.floor, share), 2);
      return [at(0.5), at(0.99)];
    }),
};

/** Checking a bundle, against parsing its events as JSON and hashing them once. */
export const verify: Bench = {
  name: "verify",
  run: async (effort) =>
    inFolder(async (folder) => {
      const count = sizeOf(effort, 100_000);
      const events = sealedDrill(count);
      const bundle = await writeBundle({ events, blobs: new Map([[sha256(source), source]]), report: "", key: openLocalKey(folder, { rehearsal: false }), proof: null });
      const floor = await best(() => events.forEach(({ bytes }) => void [JSON.parse(Buffer.from(bytes).toString("utf8")), createHash("sha256").update(bytes).digest()]));
      const ours = await best(() => requireIntact(bundle));
      return [cost(`verify a bundle of ${count} events`, "ms", ours, floor, 3)];
    }),
};

/** Exporting a drill with its report: two seconds for 10,000 events are good. */
export const exporting: Bench = {
  name: "export",
  run: async (effort) =>
    inFolder(async (folder) => {
      const count = sizeOf(effort, 10_000);
      // As the bot opens it: people and what they wrote lie beside the events.
      const store = referencingStore(openSqliteStore(join(folder, "drills.db"), { clock: () => new Date(0) }), randomBytes, () => performance.now());
      await store.append({ drill: "D-1", expectedSeq: 0, events: drillOf(count), wakeAt: null, blobs: [source] });
      const ours = await best(() => exportBundle(store, "D-1", (rehearsal) => openLocalKey(folder, { rehearsal })));
      store.close();
      return [cost(`export a drill of ${count} events with its report`, "ms", ours, (2_000 * count) / 10_000, 1)];
    }),
};

function sizeOf(effort: Effort, full: number): number {
  return effort === "quick" ? full / 100 : full;
}

function sealedDrill(count: number): readonly StoredEvent[] {
  const sealed: StoredEvent[] = [];
  for (const event of drillOf(count)) sealed.push(sealEvent(sealed.at(-1)?.head ?? genesisHead("D-1"), event));
  return sealed;
}

async function inFolder(work: (folder: string) => Promise<readonly Figure[]>): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function plainTable(file: string): (event: DrillEvent) => void {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE event (drill TEXT, seq INTEGER, bytes BLOB, PRIMARY KEY (drill, seq)) STRICT");
  const insert = db.prepare("INSERT INTO event VALUES (?, ?, ?)");
  return (event) => {
    insert.run(event.drill, event.seq, Buffer.from(JSON.stringify(event)));
  };
}

function requireIntact(bundle: Uint8Array): void {
  const report = verifyBundle(bundle, { knownKeys: [] });
  if (report.status !== "unknown-signer") throw new Error(`the bench's own bundle is ${report.status}`);
}

async function took(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The best of three: what else the machine does only ever makes a run slower. */
async function best(work: () => unknown): Promise<number> {
  const times = [await took(work), await took(work), await took(work)];
  return Math.min(...times);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
