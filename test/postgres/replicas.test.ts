import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connectPostgres, type Connection } from "../../src/storage/postgres/connection.ts";
import { fakeAction, fakeCheck, running, succeeded } from "../fakes/outside-world.ts";
import { firstEvents } from "../../src/drills/launch.ts";
import { openPostgresStore } from "../../src/storage/postgres/open.ts";
import { action, approval, check, checklist, manual, olivia, roles, runbookOf, wait } from "../fakes/runbooks.ts";
import { approve, approvers, startReplica, until, type TestReplica } from "./replica.ts";
import { startPostgres, type TestServer } from "./server.ts";

const steps = [check("healthy"), approval("approve"), action("failover"), checklist("staff", ["sign in"])];

describe("replicas on one database", () => {
  let server: TestServer;
  let sql: Connection;
  let schema: string;
  let world: { actions: Map<string, ReturnType<typeof fakeAction>>; checks: Map<string, ReturnType<typeof fakeCheck>> };
  let replicas: TestReplica[];

  before(async () => {
    server = await startPostgres();
    sql = connectPostgres(server.secret);
  });
  after(async () => {
    await sql.close();
    await server.close();
  });
  beforeEach(() => {
    schema = `r_${randomBytes(6).toString("hex")}`;
    world = { actions: new Map([["fake-action", fakeAction("fake-action", "fake-cleanup")], ["fake-cleanup", fakeAction("fake-cleanup", null)]]), checks: new Map([["fake-check", fakeCheck()]]) };
    replicas = [];
  });
  afterEach(async () => {
    await Promise.all(replicas.map((r) => r.stop()));
  });

  const start = async (uptime?: () => number): Promise<TestReplica> => {
    const replica = await startReplica(server.secret, schema, world, uptime);
    replicas.push(replica);
    return replica;
  };
  const starts = (): number => world.actions.get("fake-action")?.starts.length ?? 0;
  const ownerOf = async (drill: string): Promise<unknown> => (await sql.query(`SELECT owner FROM ${schema}.drill WHERE id = $1`, [drill]))[0]?.["owner"];
  const asked = (replica: TestReplica, drill: string) => until("the approval is asked", async () => (await replica.runner.state(drill)).steps[1]?.approval?.status === "asked");
  const atStaff = (replica: TestReplica, drill: string) => until("the failover is done", async () => (await replica.runner.state(drill)).current === "staff");

  /** A drill whose failover was started at this replica, and goes on until somebody says otherwise. */
  const underWay = async (replica: TestReplica): Promise<{ drill: string; owner: unknown }> => {
    world.actions.get("fake-action")!.follow_ = () => running;
    const drill = await replica.launch(steps);
    await asked(replica, drill);
    for (const by of approvers) await replica.give(drill, approve(await replica.runner.state(drill), "approve", by));
    await until("it is under way", async () => (await replica.runner.state(drill)).operations[0]?.phase === "started");
    return { drill, owner: await ownerOf(drill) };
  };

  it("a click at one replica moves a drill that another one runs, and only that one shows it", async () => {
    const [a, b] = [await start(), await start()];
    const drill = await a.launch(steps);
    await asked(b, drill);
    const owner = await ownerOf(drill);
    for (const by of approvers) await b.give(drill, approve(await b.runner.state(drill), "approve", by));
    await atStaff(b, drill);
    assert.equal(starts(), 1);
    assert.equal(await ownerOf(drill), owner);
    assert.deepEqual(b.shown, []);
    await until("the owner has shown it", () => a.shown.at(-1)?.current === "staff");
    assert.deepEqual([a.faults, b.faults], [[], []]);
  });

  it("50 clicks at once on one approval, at two replicas: each person decides once, one start", async () => {
    const [a, b] = [await start(), await start()];
    const drill = await a.launch(steps);
    await asked(a, drill);
    const state = await a.runner.state(drill);
    const clicks = Array.from({ length: 50 }, (_, i) => ({ replica: i % 2 === 0 ? a : b, by: approvers[i % 4 < 2 ? 0 : 1]! }));
    const outcomes = await Promise.all(clicks.map(({ replica, by }) => replica.runner.command(drill, approve(state, "approve", by))));
    assert.equal(outcomes.filter((o) => o.refused === null).length, 2);
    await atStaff(a, drill);
    const events = (await a.store.read(drill)).map((s) => s.event);
    assert.equal(events.filter((e) => e.type === "approval.decided").length, 2);
    assert.equal(events.filter((e) => e.type === "operation.intended").length, 1);
    assert.equal(starts(), 1);
  });

  it("a drill of a replica that is silent goes on at another, and the silent one begins nothing more", async () => {
    const [a, b] = [await start(), await start()];
    const { drill, owner } = await underWay(a);
    await until("another replica has it", async () => {
      // Its heart goes on beating here: it is stopped again and again until somebody has noticed.
      await sql.query(`UPDATE ${schema}.replica SET beat_at = clock_timestamp() - interval '1 hour' WHERE id = $1`, [owner]);
      const now = await ownerOf(drill);
      return now !== null && now !== owner;
    });
    world.actions.get("fake-action")!.follow_ = () => succeeded;
    await atStaff(b, drill);
    assert.equal(starts(), 1);
  });

  it("a replica that was not heard for a while, and that nobody took for dead, takes its drills up again", async () => {
    let ahead = 0;
    const a = await start(() => performance.now() + ahead);
    const b = await start();
    const drill = await a.launch(steps);
    await asked(b, drill);
    const owner = await ownerOf(drill);
    // As if its heart had stood still for so long that it begins nothing, and others still wait.
    ahead = 12_500;
    for (const by of approvers) await b.give(drill, approve(await b.runner.state(drill), "approve", by));
    await atStaff(b, drill);
    assert.equal(await ownerOf(drill), owner);
    assert.equal(starts(), 1);
  });

  it("a launch whose answer never came is taken up by the replica whose drill it is in the database", async () => {
    const a = await start();
    const launch = { by: olivia, runbook: runbookOf(steps), source: new Uint8Array(), params: { plan: "/plan/lost" }, mode: "rehearsal" as const, roles, conversation: null };
    const plain = await openPostgresStore(server.secret, { schema });
    try {
      await plain.append({ drill: "PAY-0099", expectedSeq: 0, events: firstEvents(launch, "PAY-0099", new Date(), []), wakeAt: null });
      await sql.query(`UPDATE ${schema}.drill SET owner = (SELECT id FROM ${schema}.replica)`);
      await until("its approval is asked", async () => (await plain.read("PAY-0099")).some(({ event }) => event.type === "approval.asked"));
      assert.deepEqual(a.faults, []);
    } finally {
      await plain.close();
    }
  });

  it("a replica that stops hands its drills over at once", async () => {
    const [a, b] = [await start(), await start()];
    const { drill, owner } = await underWay(a);
    await a.stop();
    replicas = [b];
    world.actions.get("fake-action")!.follow_ = () => succeeded;
    await atStaff(b, drill);
    assert.notEqual(await ownerOf(drill), owner);
    assert.equal(starts(), 1);
  });

  it("a far wake-up goes into the queue with the events, and wakes a drill that nobody has", async () => {
    const a = await start();
    const drill = await a.launch([wait("pause", { forMs: 3_600_000 }), checklist("staff", ["sign in"])]);
    assert.equal((await sql.query(`SELECT 1 FROM ${schema}_wakeups.job WHERE data->>'drill' = $1`, [drill])).length, 1);
    await a.stop();
    const b = await start();
    assert.equal((await b.runner.state(drill)).current, "pause");
    // An hour later, as the events tell it.
    await sql.query(`UPDATE ${schema}_wakeups.job SET start_after = now() WHERE state = 'created'`);
    await until("somebody has it again", async () => (await ownerOf(drill)) !== null);
    replicas = [b];
  });

  it("two launches at once at two replicas: one has the plan", async () => {
    const [a, b] = [await start(), await start()];
    const outcomes = await Promise.allSettled([a, b, a, b].map((r) => r.launch(steps, "/plan/one")));
    assert.equal(outcomes.filter((o) => o.status === "fulfilled").length, 1);
    const refused = outcomes.flatMap((o) => (o.status === "rejected" ? [o.reason as { code: string; message: string }] : []));
    for (const { code, message } of refused) assert.deepEqual([code, /holds what this drill needs/.test(message)], ["conflict", true]);
  });

  it("shares the work, ends every drill once", async () => {
    const [a, b] = [await start(), await start()];
    const drills = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? a : b).launch([check("healthy"), action("failover"), manual("staff")])));
    for (const [i, drill] of drills.entries()) {
      const other = i % 2 === 0 ? b : a;
      await atStaff(other, drill);
      await other.give(drill, { type: "answer", by: olivia, step: "staff", round: 1, answer: "done", reason: "", ticks: [] });
    }
    assert.equal(starts(), 40);
    assert.deepEqual([a.faults, b.faults], [[], []]);
  });
});
