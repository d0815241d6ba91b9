import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openPostgresStore, type PostgresStore } from "../../src/storage/postgres/open.ts";
import { startPostgres, type TestServer } from "../postgres/server.ts";
import { judge, tell } from "./drills/judge.ts";
import { startOutside, type Outside } from "./drills/outside.ts";
import type { Order } from "./drills/plan.ts";
import { copyOfCode, edit } from "./drills/release.ts";
import { full, runDrills, seed, type DrillProcess } from "./drills/run.ts";

describe(`two releases on one database (seed ${seed})`, function () {
  this.timeout(full ? 1_000_000 : 300_000);
  let server: TestServer;
  let outside: Outside;
  let store: PostgresStore;
  let next: string;
  const schema = `v_${randomBytes(6).toString("hex")}`;
  const running: DrillProcess[] = [];
  const data = mkdtempSync(join(tmpdir(), "drillbook-releases-"));

  before(async () => {
    server = await startPostgres();
    outside = await startOutside();
    store = await openPostgresStore(server.secret, { schema });
    next = nextRelease();
  });
  after(async () => {
    for (const { child } of running) child.kill("SIGKILL");
    await Promise.all(running.map((r) => r.ended));
    await store.close();
    await outside.close();
    await server.close();
    for (const folder of [next, data]) rmSync(folder, { recursive: true, force: true });
  });

  const start = async (root: string | undefined, more: Partial<Order> = {}): Promise<DrillProcess> => {
    const replica = runDrills({ store: { url: server.url, schema }, data, outside: outside.url, seed: seed + running.length, launch: 0, until: 0, sendWithinMs: 3_000, ...more }, root === undefined ? {} : { root });
    running.push(replica);
    await replica.ready;
    return replica;
  };
  const versions = async (drill: string): Promise<readonly number[]> => [...new Set((await store.read(drill)).map(({ event }) => Number(event.v)))];

  it("both finish their drills: what the newer one wrote into is left to it, even after it died", async () => {
    const each = full ? { upTo: { drills: 200, atOnce: 40 } } : { launch: 15 };
    // Slow enough for the newer release to meet its drills under way.
    const older = [await start(undefined, { ...each, slowMs: 150 })];
    const newer = await start(next, each);
    const summaries = async () => store.list();
    const wrote = async (...by: readonly number[]): Promise<boolean> => (await Promise.all((await summaries()).map((d) => versions(d.id)))).some((v) => v.join() === by.join());
    // Whose drill somebody presses on is chance: what is killed must have drills of its own, and one that the older release began.
    while (newer.child.exitCode === null && !((await wrote(2)) && (await wrote(1, 2)))) {
      await pause(300);
      if ((await summaries()).every((d) => d.endedAt !== null)) older.push(await start(undefined, { launch: 15, slowMs: 150 }));
    }
    await pause(full ? 20_000 : 1_500);
    newer.child.kill("SIGKILL");
    await newer.ended;
    await start(next, full ? each : {});
    for (const end = Date.now() + (full ? 900_000 : 200_000); (await summaries()).some((d) => d.endedAt === null) || (full && (await summaries()).length < 200); await pause(300)) {
      assert.ok(Date.now() < end, `open: ${(await summaries()).filter((d) => d.endedAt === null).map((d) => d.id).join()}; ${running.map((r) => r.said().slice(-2_000)).join("\n")}`);
    }
    for (const { child, said } of older) assert.equal(child.exitCode, null, said());
    assert.ok(older.some(({ said }) => said().includes("store-newer")), "the old release never met anything newer");
    const written = await Promise.all((await summaries()).map((d) => versions(d.id)));
    const handed = written.filter((v) => v.length === 2).length;
    tell(await judge(store, outside, "two releases", { data, waitMs: 30_000 }), `${handed} went from the old release to the new, `);
    assert.ok(handed > 0);
    assert.ok(written.some((v) => v.join() === "2"));
  });
});

/** This code as its next release might be: events have another version, and those of this one are lifted. */
function nextRelease(): string {
  const copy = copyOfCode();
  edit(copy, { file: "src/drills/upcast/upcast.ts", from: "export const eventVersion = 1;", to: "export const eventVersion = 2;" });
  edit(copy, { file: "src/drills/upcast/upcast.ts", from: "Readonly<Record<string, unknown>>)[] = [];", to: "Readonly<Record<string, unknown>>)[] = [(event) => ({ ...event, v: 2 })];" });
  edit(copy, { file: "src/drills/decide.ts", from: "= { v: 1, drill", to: "= { v: 2, drill" });
  edit(copy, { file: "src/drills/launch.ts", from: "= { v: 1, drill", to: "= { v: 2, drill" });
  return copy;
}
