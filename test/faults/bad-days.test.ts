import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openSqliteStore } from "../../src/storage/sqlite/open.ts";
import { judge, tell, type Verdict } from "./drills/judge.ts";
import { startOutside, type Outside } from "./drills/outside.ts";
import type { Order } from "./drills/plan.ts";
import { randomsOf } from "./drills/randoms.ts";
import { finish, full, runDrills, seed } from "./drills/run.ts";

const hour = 3_600_000;

describe(`bad days of one process on its own file (seed ${seed})`, function () {
  this.timeout(full ? hour : 240_000);
  let folder: string;
  let file: string;
  let outside: Outside;
  let random: () => number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "drillbook-bad-days-"));
    file = join(folder, "drills.db");
    outside = await startOutside();
    random = randomsOf(seed);
  });
  afterEach(async () => {
    await outside.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const order = (more: Partial<Order>): Order => ({ store: { file }, data: `${file}.log`, outside: outside.url, seed, launch: 0, until: 0, ...more });
  const judged = async (label: string): Promise<readonly Verdict[]> => {
    const store = openSqliteStore(file, { readOnly: true });
    try {
      return await judge(store, outside, label, { data: `${file}.log`, waitMs: 0 });
    } finally {
      store.close();
    }
  };
  const voided = async (): Promise<number> => {
    const store = openSqliteStore(file, { readOnly: true });
    try {
      const histories = await Promise.all((await store.list()).map(({ id }) => store.read(id)));
      return histories.flat().filter(({ event }) => event.type === "approval.voided").length;
    } finally {
      store.close();
    }
  };

  it("killed at any moment, again and again", async () => {
    const drills = full ? 1_000 : 20;
    const batch = 20;
    let killed = 0;
    for (let done = 0; done < drills; done += batch) {
      let launch = batch;
      for (let kills = 0; ; kills += 1) {
        const running = runDrills(order({ launch, until: done + batch, seed: seed + done + kills }));
        // Not before it runs, and often while it is just taking up what it left.
        await running.ready;
        launch = 0;
        const how = await Promise.race([running.ended, pause(random() * 400).then(() => "")]);
        if (how === "0" || kills >= 25) {
          if (how === "") await finish(running);
          break;
        }
        running.child.kill("SIGKILL");
        await running.ended;
        killed += 1;
        const store = openSqliteStore(file, { clock: () => new Date() });
        launch = done + batch - (await store.list()).length;
        store.close();
      }
    }
    const verdicts = await judged("random kills");
    tell(verdicts, `${killed} kills, `);
    assert.equal(verdicts.length, drills);
  });

  const some = full ? 50 : 4;
  /** A few at a time, so that no write waits for its turn until its time is over. */
  const few = { upTo: { drills: some, atOnce: 4 }, until: some, sendWithinMs: 2_000 };

  for (const ms of [-hour, hour, 24 * hour]) {
    it(`the clock jumps by ${ms / hour} h in the middle of it${ms < 0 ? ", and is set right" : ""}`, async () => {
      const verdicts: Verdict[] = [];
      for (let round = 0; round < (full ? 25 : 2); round += 1) {
        file = join(folder, `jumps-${round}.db`);
        const jumps = [{ after: 5 + Math.floor(random() * 40), ms }, { after: 60 + Math.floor(random() * 40), ms }];
        assert.equal(await finish(runDrills(order({ launch: 2, until: 2, jumps, seed: seed + round })), 240_000), "0");
        verdicts.push(...(await judged(`clock ${ms / hour} h`)));
        outside.starts.splice(0);
        outside.posts.splice(0);
      }
      tell(verdicts);
    });
  }

  it("commands twice, out of order and late", async () => {
    assert.equal(await finish(runDrills(order({ ...few, repeat: true })), 240_000), "0");
    const verdicts = await judged("repeated commands");
    assert.equal(tell(verdicts).share, 1);
    assert.equal(verdicts.length, some);
    requireCardsOnce(verdicts);
  });

  it("somebody changes the targets in the portal between approval and action: never under the old approval", async () => {
    let changes = 0;
    outside.changesNow = (earlier) => {
      // The first comes at a second look, before an action: all the others could come where an approval is only asked for.
      const isChanged = changes === 0 ? earlier > 0 : changes < some * 2 && random() < 0.2;
      changes += isChanged ? 1 : 0;
      return isChanged;
    };
    assert.equal(await finish(runDrills(order(few)), 240_000), "0");
    const verdicts = await judged("changed targets");
    tell(verdicts, `${changes} changes, `);
    requireCardsOnce(verdicts);
    assert.equal(verdicts.length, some);
    assert.ok(await voided() > 0, "no approval was ever void");
  });

  it("answers of the outside get lost after they took effect: found again, never sent again", async () => {
    outside.loseAnswers = some * 3;
    outside.loseCards = some * 3;
    assert.equal(await finish(runDrills(order(few)), 1_200_000), "0");
    const verdicts = await judged("lost answers");
    tell(verdicts);
    assert.deepEqual(verdicts.map((v) => [v.result, v.asked]), Array.from({ length: some }, () => ["passed", false]));
    assert.ok(verdicts.some((v) => v.reposts > 0), "no card was posted anew");
  });

  it("a store that takes half a second for everything", async () => {
    assert.equal(await finish(runDrills(order({ launch: 3, until: 3, slowMs: 500, sendWithinMs: 5_000 })), 600_000), "0");
    const verdicts = await judged("slow store");
    tell(verdicts);
    assert.deepEqual(verdicts.map((v) => v.result), ["passed", "passed", "passed"]);
    requireCardsOnce(verdicts);
  });

  /** Nobody was killed and no answer lost: then every card is posted once. */
  function requireCardsOnce(verdicts: readonly Verdict[]): void {
    assert.deepEqual(verdicts.filter((v) => v.reposts > 0).map((v) => v.drill), []);
  }

  it("the disk is full for a while", async () => {
    const limited = runDrills(order({ launch: 4, until: 4 }), { fileKb: 400 });
    const isFull = (): boolean => /full|disk|I\/O|too large/i.test(limited.said());
    for (const end = Date.now() + 180_000; !isFull() && limited.child.exitCode === null && Date.now() < end; ) await pause(50);
    assert.ok(isFull(), `the disk was never full: ${limited.said()}`);
    // It goes on for a while with a disk that stays full.
    await pause(5_000);
    limited.child.kill("SIGKILL");
    await limited.ended;
    const launched = await (async () => {
      const store = openSqliteStore(file, { clock: () => new Date() });
      try {
        return (await store.list()).length;
      } finally {
        store.close();
      }
    })();
    assert.ok(launched > 0);
    assert.equal(await finish(runDrills(order({ until: launched })), 240_000), "0");
    tell(await judged("disk full"));
  });
});
