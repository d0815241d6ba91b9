import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { connectPostgres, type Connection } from "../../src/storage/postgres/connection.ts";
import { openPostgresStore } from "../../src/storage/postgres/open.ts";
import { createReplica, type Replica } from "../../src/storage/postgres/replica.ts";
import { startPostgres, type TestServer } from "./server.ts";

const drill = "PAY-0001";
const takes = "UPDATE drill SET owner = $2 WHERE id = ANY";
const letsGo = "UPDATE drill d SET owner = NULL FROM unnest";

/** Where a statement stands still until somebody lets it go on: on its way to the database, or carried out and its answer on the way back. */
type Where = "going" | "answered";
type Held = { readonly done: Promise<void>; readonly come: () => void };

describe("a drill that is taken and let go at the same time", () => {
  let server: TestServer;
  let sql: Connection;
  let schema: string;
  let id: string;
  let replica: Replica;
  let rounds: (() => Promise<void>)[];
  let held: Map<string, { arrived: () => void; come: Promise<void>; where: Where }>;

  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());
  beforeEach(async () => {
    sql = connectPostgres(server.secret);
    schema = `r_${randomBytes(6).toString("hex")}`;
    await (await openPostgresStore(server.secret, { schema })).close();
    id = randomUUID();
    rounds = [];
    held = new Map();
    replica = createReplica({ connection: slow(sql), schema, id, clock: () => new Date(), uptime: () => performance.now(), every: (_ms, work) => (rounds.push(work), () => undefined), newId: randomUUID, onFault: (_drill, fault) => assert.fail(String(fault)) });
    await replica.prepare();
    await sql.query(`INSERT INTO ${schema}.drill (id, runbook, title, mode, started_at, events, head, owner) VALUES ($1, 'payroll', 'Payroll', 'rehearsal', '2026-11-21T03:00:00.000Z', 1, 'h', $2)`, [drill, id]);
    await replica.wakeups.start(async () => undefined);
  });
  afterEach(async () => {
    await replica.wakeups.stop();
    await sql.close();
  });

  const beat = (): Promise<void> => rounds[0]!();
  const takeUpOwn = (): Promise<void> => rounds[2]!();
  const letGo = (): Promise<void> => rounds[3]!();
  const isOursInDatabase = async (): Promise<boolean> => (await sql.query(`SELECT 1 FROM ${schema}.drill WHERE id = $1 AND owner = $2`, [drill, id])).length > 0;

  function hold(statement: string, where: Where): Held {
    const [arrived, come] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    held.set(statement, { arrived: arrived.resolve, come: come.promise, where });
    return { done: arrived.promise, come: come.resolve };
  }

  function slow(connection: Connection): Connection {
    const standStill = async (text: string, at: Where): Promise<void> => {
      const plain = text.replaceAll(`${schema}.`, "");
      for (const [statement, { arrived, come, where }] of held) {
        if (where !== at || !plain.startsWith(statement)) continue;
        held.delete(statement);
        arrived();
        await come;
      }
    };
    const waited = async <T>(text: string, ask: () => Promise<T>): Promise<T> => {
      await standStill(text, "going");
      const answer = await ask();
      await standStill(text, "answered");
      return answer;
    };
    return {
      ...connection,
      query: (text, values, name) => waited(text, () => connection.query(text, values, name)),
      transaction: (work) => connection.transaction((query) => work((text, values, name) => waited(text, () => query(text, values, name)))),
    };
  }

  it("is not let go while it is being taken", async () => {
    const taking = hold(takes, "answered");
    const taken = takeUpOwn();
    await taking.done;
    replica.wakeups.rest(drill, 1, null);
    const gone = letGo();
    // Whoever does not wait is done by now: the statement goes over another connection.
    await sql.query("SELECT pg_sleep(0.3)");
    taking.come();
    await Promise.all([taken, gone]);
    assert.equal(replica.wakeups.has(drill), await isOursInDatabase());
    assert.ok(replica.wakeups.has(drill), "whoever asked for it must have it");
  });

  it("is not taken while it is being let go", async () => {
    await takeUpOwn();
    assert.ok(replica.wakeups.has(drill));
    replica.wakeups.rest(drill, 1, null);
    const going = hold(letsGo, "going");
    const gone = letGo();
    await going.done;
    const taken = takeUpOwn();
    await sql.query("SELECT pg_sleep(0.3)");
    going.come();
    await Promise.all([taken, gone]);
    assert.equal(replica.wakeups.has(drill), await isOursInDatabase());
  });

  it("is not ours when the others took us for dead while it was being taken", async () => {
    const taking = hold(takes, "answered");
    const taken = takeUpOwn();
    await taking.done;
    await sql.query(`DELETE FROM ${schema}.replica WHERE id = $1`, [id]);
    await beat();
    taking.come();
    await taken;
    assert.ok(!replica.wakeups.has(drill), "it is another's to take over, and two would begin its effects");
  });

  it("stays ours when we wrote into it since, and the answer is still under way", async () => {
    await takeUpOwn();
    replica.wakeups.rest(drill, 1, null);
    await sql.query(`UPDATE ${schema}.drill SET events = 2 WHERE id = $1`, [drill]);
    await letGo();
    replica.sharing.appended({ drill, expectedSeq: 1, events: [], wakeAt: null }, id);
    assert.ok(replica.wakeups.has(drill));
    assert.ok(await isOursInDatabase());
  });
});
