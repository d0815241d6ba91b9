import assert from "node:assert/strict";
import { virtualTime } from "../../../src/simulator/virtual-time.ts";
import type { VirtualTime } from "../../../src/simulator/virtual-time.ts";

const start = new Date("2026-01-05T09:00:00Z");

describe("time that jumps", () => {
  let time: VirtualTime;
  beforeEach(() => {
    time = virtualTime(start);
  });
  afterEach(() => time.stop());

  const passed = () => (time.clock().getTime() - start.getTime()) / 1000;

  it("goes from one timer to the next, in their order, and to none that was cancelled", async () => {
    const seen: [string, number][] = [];
    const cancel = time.after(5_000, () => seen.push(["never", passed()]));
    await new Promise<void>((resolve) => {
      time.after(3_600_000, () => {
        seen.push(["late", passed()]);
        resolve();
      });
      time.after(10_000, () => {
        seen.push(["early", passed()]);
        time.after(20_000, () => seen.push(["between", passed()]));
      });
      time.after(10_000, () => seen.push(["second", passed()]));
      cancel();
    });
    assert.deepEqual(seen, [["early", 10], ["second", 10], ["between", 30], ["late", 3600]]);
  });

  it("stands still while work is under way, and goes on in the work's own waits", async () => {
    let rang = -1;
    time.after(60_000, () => (rang = passed()));
    await time.during(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.deepEqual([passed(), rang], [0, -1]);
      await time.sleep(20_000);
      assert.deepEqual([passed(), rang], [20, -1]);
      await time.sleep(90_000);
      assert.deepEqual([passed(), rang], [110, 60]);
    });
  });

  it("ends a wait that is called off", async () => {
    const stop = new AbortController();
    const waiting = time.during(() => time.sleep(1_000, stop.signal));
    stop.abort(new Error("called off"));
    await assert.rejects(waiting, /called off/);
    await assert.rejects(time.during(() => time.sleep(1_000, AbortSignal.abort(new Error("before")))), /before/);
  });

  it("stands still as long as the whole process does", async () => {
    await time.during(async () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_600);
      await new Promise((resolve) => setTimeout(resolve, 10));
      assert.equal(passed(), 0);
    });
  });

  it("goes on when work waits for it without saying so", async () => {
    await time.during(async () => {
      while (passed() < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    });
  });
});
