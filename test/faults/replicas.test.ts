import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openPostgresStore, openSharedStore, type PostgresStore } from "../../src/storage/postgres/open.ts";
import { Secret } from "../../src/secret.ts";
import { crashPoints } from "../../src/drills/perform.ts";
import { startPostgres, type TestServer } from "../postgres/server.ts";
import { launched, noted } from "../unit/storage/events.ts";
import { judge, tell } from "./drills/judge.ts";
import { lossyProxy } from "./drills/lossy-proxy.ts";
import { startOutside, type Outside } from "./drills/outside.ts";
import type { Fault, Order } from "./drills/plan.ts";
import { randomsOf } from "./drills/randoms.ts";
import { finish, full, runDrills, seed, type DrillProcess } from "./drills/run.ts";

describe(`replicas on bad days (seed ${seed})`, function () {
  this.timeout(full ? 2 * 3_600_000 : 300_000);
  let server: TestServer;
  let schema: string;
  let data: string;
  let outside: Outside;
  let random: () => number;
  let running: DrillProcess[];
  let store: PostgresStore;

  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());
  beforeEach(async () => {
    schema = `f_${randomBytes(6).toString("hex")}`;
    data = mkdtempSync(join(tmpdir(), "drillbook-replicas-"));
    outside = await startOutside();
    random = randomsOf(seed);
    running = [];
    store = await openPostgresStore(server.secret, { schema });
  });
  afterEach(async () => {
    for (const { child } of running) child.kill("SIGKILL");
    await Promise.all(running.map((r) => r.ended));
    await store.close();
    await outside.close();
    rmSync(data, { recursive: true, force: true });
  });

  const start = async (more: Partial<Order>): Promise<DrillProcess> => {
    const replica = runDrills({ store: { url: server.url, schema }, data, outside: outside.url, seed: seed + running.length, launch: 0, until: 0, ...more });
    running.push(replica);
    await replica.ready;
    return replica;
  };
  /** A run of an hour says now and then how far it is. */
  let toldAt = Date.now();
  const count = async (): Promise<{ readonly all: number; readonly ended: number }> => {
    const all = await store.list();
    if (full && Date.now() - toldAt > 60_000) {
      toldAt = Date.now();
      process.stderr.write(`      ${new Date().toISOString()} ${all.filter((d) => d.endedAt !== null).length} of ${all.length} ended\n`);
    }
    return { all: all.length, ended: all.filter((d) => d.endedAt !== null).length };
  };
  const untilEnded = async (drills: number, ms: number): Promise<void> => {
    for (const end = Date.now() + ms; (await count()).ended < drills; await pause(300)) {
      assert.ok(Date.now() < end, `${(await count()).ended} of ${drills} drills ended; ${running.map((r) => r.said().slice(-3_000)).join("\n")}`);
    }
  };
  it("stopped between intent and send until another has taken over, then continued: sent at most once", async () => {
    const nths = full ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 4, 7];
    const places: readonly Fault["at"][] = full ? ["after-intent", "before-call"] : ["before-call"];
    const stopped: DrillProcess[] = [];
    // Every other one finds its clock an hour back, when by that clock there is time left to send.
    const back = () => (stopped.length % 2 === 0 ? { backMs: 3_600_000 } : {});
    for (const at of places) for (const nth of nths) stopped.push(await start({ launch: 1, fault: { at, nth, signal: "SIGSTOP", ...back() } }));
    // Whoever is not stopped takes over the drills of those that are.
    await start({});
    await untilEnded(stopped.length, full ? 600_000 : 180_000);
    const before = outside.starts.length;
    for (const { child } of stopped) child.kill("SIGCONT");
    await pause(3_000);
    assert.equal(outside.starts.length, before, "a replica that was continued sent something");
    const verdicts = await judge(store, outside, "stopped and continued", { data, waitMs: 30_000 });
    tell(verdicts);
    assert.equal(verdicts.length, stopped.length);
  });

  it("killed where an operation begins and ends: another replica goes on from there", async () => {
    const nths = full ? [1, 2, 3, 4, 5, 6, 7, 8] : [5];
    const faults = crashPoints.flatMap((at) => nths.map((nth): Fault => ({ at, nth, signal: "SIGKILL" })));
    await start({});
    for (let next = faults.splice(0, 8); next.length > 0; next = faults.splice(0, 8)) {
      const victims = await Promise.all(next.map((fault) => start({ launch: 1, fault })));
      assert.deepEqual(await Promise.all(victims.map((v) => finish(v, 240_000))), next.map(() => "SIGKILL"));
    }
    await untilEnded(crashPoints.length * nths.length, full ? 600_000 : 180_000);
    const verdicts = await judge(store, outside, "killed at a boundary", { data, waitMs: 30_000 });
    tell(verdicts);
    assert.equal(verdicts.length, crashPoints.length * nths.length);
  });

  it("two replicas, 50 clicks at once on an approval, and now and then one is killed: its drills go on elsewhere", async () => {
    const drills = full ? 1_000 : 40;
    const order = { upTo: { drills, atOnce: full ? 100 : 40 }, clicks: 25, sendWithinMs: 5_000 };
    const all = [await start(order), await start(order)];
    let kills = 0;
    for (; kills < 2 || (full && (await count()).ended < drills * 0.9); kills += 1) {
      await pause((full ? 20_000 : 500) + random() * (full ? 15_000 : 5_000));
      const victim = running.splice(kills % 2, 1)[0];
      victim?.child.kill("SIGKILL");
      await victim?.ended;
      all.push(await start(order));
    }
    await untilEnded(drills, full ? 3_600_000 : 200_000);
    await untilEnded((await count()).all, full ? 600_000 : 120_000);
    const verdicts = await judge(store, outside, "killed replicas", { data, waitMs: 30_000 });
    tell(verdicts, `${kills} replicas killed, `);
    assert.ok(verdicts.length >= drills);
    // Replicas that meet each other are no fault: whoever comes second reads again and decides again.
    const faults = all.flatMap((r) => r.said().split("\n")).filter((line) => / internal /.test(line));
    assert.deepEqual(faults.slice(0, 5), []);
    const clicked = verdicts.filter(({ drill }) => Number(drill.replaceAll(/\D/g, "")) % 20 === 0);
    const refused = await Promise.all(clicked.map(async ({ drill }) => (await store.read(drill)).filter(({ event }) => event.type === "command.refused").length));
    process.stderr.write(`      ${clicked.length} drills with clicks at once, ${refused.reduce((sum, n) => sum + n, 0)} of them refused\n`);
    assert.ok(refused.every((n) => n >= 50), `too few clicks met: ${refused.join()}`);
  });

  it("the database is restarted again and again under load", async function () {
    if (process.env["TEST_DATABASE_URL"]) return this.skip();
    const drills = full ? 5_000 : 40;
    const load = start({ upTo: { drills, atOnce: full ? 200 : 40 }, sendWithinMs: 20_000 });
    let ended = false;
    let restarts = 0;
    const restarting = (async () => {
      for (; !ended && (full || restarts < 2); restarts += 1) {
        await pause(restarts === 0 && !full ? 700 : 5_000 + random() * 5_000);
        await server.restart(restarts % 2 === 0 ? "SIGQUIT" : "SIGINT");
      }
    })();
    await load;
    try {
      await untilEnded(drills, full ? 2 * 3_600_000 : 200_000);
    } finally {
      ended = true;
      await restarting;
    }
    const verdicts = await judge(store, outside, "restarted database", { data, waitMs: 30_000 });
    tell(verdicts, `${restarts} restarts, `);
    assert.ok(verdicts.length >= drills);
    return undefined;
  });

  it("a commit whose answer is lost is stored once, with everything that belongs to it", async () => {
    const url = new URL(server.url);
    const proxy = await lossyProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const behind = await openPostgresStore(new Secret(url.href), { schema });
    try {
      await behind.append({ drill: "R-1", expectedSeq: 0, events: [launched("R-1")], wakeAt: null });
      const times = full ? 200 : 20;
      for (let n = 0; n < times; n += 1) {
        proxy.loseAnswerTo("R-1");
        const wakeAt = new Date(n);
        await behind.append({ drill: "R-1", expectedSeq: n + 1, events: [noted("R-1", n + 2)], wakeAt, blobs: [Buffer.from(`card ${n}`)] });
      }
      assert.equal(proxy.lost(), times);
      assert.equal((await store.read("R-1")).length, times + 1);
      assert.deepEqual((await store.due(new Date(times))).drills, ["R-1"]);
    } finally {
      await behind.close();
      await proxy.close();
    }
  });

  for (const words of ["create_queue('drill'", "LISTEN", "INSERT INTO", "pg_advisory"]) {
    it(`a replica starts although the database goes away at "${words}"`, async () => {
      const url = new URL(server.url);
      const proxy = await lossyProxy({ host: url.hostname, port: Number(url.port) });
      url.port = String(proxy.port);
      const faults: unknown[] = [];
      proxy.loseAnswerTo(words);
      try {
        const replica = await openSharedStore(new Secret(url.href), { schema: `${schema}_new`, clock: () => new Date(), onFault: (_, fault) => void faults.push(fault) });
        await replica.wakeups.start(async () => undefined);
        await replica.wakeups.stop();
        await replica.close();
        assert.equal(proxy.lost(), 1);
      } finally {
        await proxy.close();
      }
    });
  }

  it("a replica that is asked to end hands over within 25 seconds, in the middle of it all", async () => {
    const first = await start({ launch: 8 });
    await pause(400);
    const began = Date.now();
    first.child.kill("SIGTERM");
    assert.equal(await finish(first, 25_000), "0");
    process.stderr.write(`      ended within ${Date.now() - began} ms\n`);
    await start({});
    await untilEnded((await count()).all, 180_000);
    const verdicts = await judge(store, outside, "asked to end", { data, waitMs: 30_000 });
    tell(verdicts);
    assert.ok(verdicts.every((v) => v.result === "passed" && !v.asked && v.reposts === 0));
  });
});
