import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/storage/sqlite/open.ts";
import { startOutside } from "./drills/outside.ts";
import type { Fault } from "./drills/plan.ts";
import { randomsOf } from "./drills/randoms.ts";
import { finish, full, judge, passedShare, runDrills, seed, type Verdict } from "./drills/run.ts";

/** How often each boundary is passed by one drill of twelve steps; counted once, on a run without a fault. */
const passes: Readonly<Record<Fault["at"], number>> = {
  append: 45, appended: 45, surface: 40, surfaced: 40, "before-intent": 8, "after-intent": 8, "before-call": 8, "after-call": 8, "after-outcome": 8,
};

/** Two at a time: more would only wait for each other. */
const lanes = 2;

describe(`killed at every boundary of a drill of twelve steps (seed ${seed})`, function () {
  this.timeout(full ? 4 * 3_600_000 : 600_000);

  it(full ? "every boundary, 20 seeds" : "a sample of the boundaries", async () => {
    const random = randomsOf(seed);
    const every = Object.entries(passes).flatMap(([at, times]) => Array.from({ length: times }, (_, i): Fault => ({ at: at as Fault["at"], nth: i + 1, signal: "SIGKILL" })));
    const named = every.filter((f) => f.at.includes("-"));
    const faults = full ? Array.from({ length: 20 }, () => every).flat() : [...sample(named, 12, random), ...sample(every, 18, random)];
    const verdicts: Verdict[] = [];
    let killed = 0;
    const work = faults.map((fault, i) => ({ fault, seed: seed + i }));
    await Promise.all(Array.from({ length: lanes }, async () => {
      for (let next = work.shift(); next !== undefined; next = work.shift()) {
        const { verdict, wasKilled } = await killOnce(next.fault, next.seed);
        verdicts.push(...verdict);
        killed += wasKilled ? 1 : 0;
      }
    }));
    const { share, asked, runs } = passedShare(verdicts);
    process.stderr.write(`      ${runs} runs, ${killed} killed, ${asked} asked a person, ${(share * 100).toFixed(1)} % of the others passed\n`);
    assert.equal(runs, faults.length);
    assert.ok(killed >= faults.length / 2, `only ${killed} of ${faults.length} were killed: the boundaries moved`);
    assert.ok(share >= 0.95);
  });
});

async function killOnce(fault: Fault, ownSeed: number): Promise<{ readonly verdict: readonly Verdict[]; readonly wasKilled: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-boundary-"));
  const outside = await startOutside();
  try {
    const store = { file: join(folder, "drills.db") };
    const how = await finish(runDrills({ store, outside: outside.url, seed: ownSeed, launch: 1, until: 1, fault }));
    // Killed before anything was stored, there is nothing to take up: somebody launches it again.
    if (how === "SIGKILL") {
      const begun = openSqliteStore(store.file, { clock: () => new Date() });
      const launch = (await begun.list()).length === 0 ? 1 : 0;
      begun.close();
      assert.equal(await finish(runDrills({ store, outside: outside.url, seed: ownSeed, launch, until: 1 })), "0");
    } else assert.equal(how, "0");
    const after = openSqliteStore(store.file, { readOnly: true });
    try {
      return { verdict: await judge(after, outside, `${fault.at} ${fault.nth}`), wasKilled: how === "SIGKILL" };
    } finally {
      after.close();
    }
  } finally {
    await outside.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sample<T>(all: readonly T[], count: number, random: () => number): readonly T[] {
  return all.map((each) => ({ each, at: random() })).toSorted((a, b) => a.at - b.at).slice(0, count).map(({ each }) => each);
}
