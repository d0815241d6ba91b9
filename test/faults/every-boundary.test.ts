import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/storage/sqlite/open.ts";
import { judge, tell, type Verdict } from "./drills/judge.ts";
import { startOutside, type Outside } from "./drills/outside.ts";
import type { Fault, Order } from "./drills/plan.ts";
import { randomsOf } from "./drills/randoms.ts";
import { finish, full, runDrills, seed, sliceOf } from "./drills/run.ts";

/** The boundaries where an operation begins and ends: few, and the worst to die at. */
const named = (at: string): boolean => at.includes("-");
/** How often these are passed is a matter of time, not of the drill: the first few always are. */
const timed: ReadonlySet<string> = new Set(["sequenced", "signed"]);
/** So many at a time: more would only wait for each other. */
const lanes = 4;
/** So many killed drills are taken up by one process: a start costs more than a drill. */
const together = 10;

/** A drill that comes to its good end, and two that somebody aborts: while the fourth write begins, and when all four are done. */
type Course = { readonly name: string; readonly abortAfter?: string; readonly seeds: number };
const courses: readonly Course[] = [{ name: "to its end", seeds: 20 }, { name: "aborted after the third write", abortAfter: "write-three", seeds: 3 }, { name: "aborted after the fourth write", abortAfter: "write-four", seeds: 3 }];

type Run = { readonly fault: Fault; readonly order: Order; readonly folder: string; readonly outside: Outside; wasKilled: boolean };

describe(`killed at every boundary of a drill of twelve steps (seed ${seed})`, function () {
  this.timeout(full ? 4 * 3_600_000 : 600_000);

  for (const course of courses) it(`${course.name}: ${full ? `every boundary, ${course.seeds} seeds` : "a sample of the boundaries"}`, async () => {
    const random = randomsOf(seed);
    const every = await everyBoundary(course);
    const few = course.seeds < 20 ? 2 : 1;
    const all = full ? Array.from({ length: course.seeds }, () => every).flat() : [...sample(every.filter((f) => named(f.at)), 12 / few, random), ...sample(every, 18 / few, random)];
    const work = [...sliceOf(all.map((fault, i) => ({ fault, seed: seed + i })))];
    const count = work.length;
    const verdicts: Verdict[] = [];
    const missed: string[] = [];
    await Promise.all(Array.from({ length: lanes }, async () => {
      for (let next = work.splice(0, together); next.length > 0; next = work.splice(0, together)) {
        const runs: Run[] = [];
        try {
          for (const { fault, seed: ownSeed } of next) runs.push(await begun(course, fault, ownSeed));
          for (const run of runs) await lived(run);
          missed.push(...runs.filter((r) => !r.wasKilled).map((r) => `${r.fault.at} ${r.fault.nth}`));
          await takenUp(runs.filter((r) => r.wasKilled));
          for (const run of runs) verdicts.push(...(await judged(run)));
        } finally {
          for (const run of runs) await gone(run);
        }
        if (full) process.stderr.write(`      ${new Date().toISOString()} ${verdicts.length} of ${count}\n`);
      }
    }));
    const killed = count - missed.length;
    tell(verdicts, `${killed} killed (not reached: ${[...new Set(missed)].join(", ") || "none"}), `);
    assert.equal(verdicts.length, count);
    if (course.abortAfter !== undefined) assert.ok(verdicts.every((v) => !v.result.startsWith("passed")), "a drill was not aborted");
    assert.ok(killed >= count * 0.9, `only ${killed} of ${count} were killed: the boundaries moved`);
  });
});

/** Each boundary as often as a drill without a fault passes it. */
async function everyBoundary(course: Course): Promise<readonly Fault[]> {
  const run = await begun(course, null, seed);
  try {
    const counting = runDrills(run.order);
    assert.equal(await finish(counting), "0", counting.said());
    const passes = JSON.parse(counting.printed().trim().split("\n").at(-1) ?? "{}") as Record<Fault["at"], number>;
    assert.equal(Object.keys(passes).length, 11, JSON.stringify(passes));
    return Object.entries(passes).flatMap(([at, times]) => Array.from({ length: timed.has(at) ? Math.min(times, 4) : times }, (_, i): Fault => ({ at: at as Fault["at"], nth: i + 1, signal: "SIGKILL" })));
  } finally {
    await gone(run);
  }
}

async function begun({ abortAfter }: Course, fault: Fault | null, ownSeed: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-boundary-"));
  const outside = await startOutside();
  const order: Order = { store: { file: join(folder, "drills.db") }, data: folder, outside: outside.url, seed: ownSeed, launch: 1, until: 1, ...(abortAfter === undefined ? {} : { abortAfter }) };
  return { fault: fault ?? { at: "append", nth: 0, signal: "SIGKILL" }, order, folder, outside, wasKilled: false };
}

async function lived(run: Run): Promise<void> {
  const first = runDrills({ ...run.order, fault: run.fault });
  const how = await finish(first, 120_000);
  run.wasKilled = how === "SIGKILL";
  if (!run.wasKilled) assert.equal(how, "0", first.said());
}

async function takenUp(runs: readonly Run[]): Promise<void> {
  if (runs.length === 0) return;
  const orders = runs.map(({ order }) => {
    // Killed before anything was stored, there is nothing to take up: somebody launches it again.
    const store = openSqliteStore((order.store as { readonly file: string }).file, { clock: () => new Date() });
    return store.list().then((drills) => {
      store.close();
      return { ...order, launch: drills.length === 0 ? 1 : 0, sendWithinMs: 3_000 };
    });
  });
  const second = runDrills(await Promise.all(orders));
  assert.equal(await finish(second, 240_000), "0", second.said());
}

async function judged({ order, outside, fault }: Run): Promise<readonly Verdict[]> {
  const store = openSqliteStore((order.store as { readonly file: string }).file, { readOnly: true });
  try {
    return await judge(store, outside, `${fault.at} ${fault.nth}`, { data: order.data, waitMs: 0 });
  } finally {
    store.close();
  }
}

async function gone({ outside, folder }: Run): Promise<void> {
  await outside.close();
  rmSync(folder, { recursive: true, force: true });
}

function sample<T>(all: readonly T[], count: number, random: () => number): readonly T[] {
  return all.map((each) => ({ each, at: random() })).toSorted((a, b) => a.at - b.at).slice(0, count).map(({ each }) => each);
}
