import assert from "node:assert/strict";
import { nextAnswer } from "../../../src/drills/unattended.ts";
import { approveBoth, world } from "../../fakes/drill-world.ts";
import { failed, passed, running } from "../../fakes/outside-world.ts";
import { action, announcement, approval, check, manual, olivia, ravi, wait } from "../../fakes/runbooks.ts";

const until = (times: number) => ({ forMs: null, until: { type: "fake-check", input: {}, times, everyMs: 10_000, limitMs: 60_000 } });
const done = (step: string, round = 1) => ({ type: "answer", step, round, answer: "done", reason: "", ticks: [] }) as const;

describe("runner: waits", () => {
  it("lets a time pass, also across a restart, and then goes on by itself", async () => {
    const w = world([wait("settle"), manual("last")]);
    const drill = await w.launch();
    await w.clock.advance(300_000);
    await w.runner.stop();
    w.restart();
    await w.runner.start();
    assert.equal((await w.give(drill, olivia, done("settle"))).refused?.code, "not-now");
    await w.clock.advance(299_000);
    assert.equal((await w.state(drill)).current, "settle");
    await w.clock.advance(1_001);
    assert.equal((await w.state(drill)).current, "last");
    assert.equal((await w.state(drill)).steps[0]?.status, "passed");
  });

  it("waits until the check held so many times in a row, counted across a restart", async () => {
    const w = world([wait("settle", until(3)), manual("last")]);
    const seen = [passed, passed, failed, passed, passed, passed];
    w.health.observe_ = () => seen[w.health.looks - 1] ?? failed;
    const drill = await w.launch();
    await w.clock.advance(35_000);
    assert.deepEqual((await w.state(drill)).steps[0]?.looks?.held, 1);
    await w.runner.stop();
    w.restart();
    await w.runner.start();
    await w.clock.advance(10_000);
    assert.equal((await w.state(drill)).current, "settle");
    await w.clock.advance(10_000);
    assert.equal((await w.state(drill)).current, "last");
    assert.equal(w.health.looks, 6);
    assert.deepEqual(w.faults, []);
  });

  it("fails at its limit, and never passes for having waited", async () => {
    const w = world([wait("settle", until(2)), manual("last")]);
    w.health.observe_ = () => (w.health.looks % 2 === 0 ? passed : failed);
    const drill = await w.launch();
    await w.clock.advance(120_000);
    const [step] = (await w.state(drill)).steps;
    assert.equal(step?.status, "failing");
    assert.equal(step?.reason, "It did not hold 2 times in a row within 1 min.");
    assert.equal(w.health.looks, 7);
  });

  it("can be cut short with a reason, unless it is a guard", async () => {
    const skip = { type: "answer", round: 1, answer: "skipped", reason: "all know", ticks: [] } as const;
    const w = world([wait("first"), wait("second", { guard: true })]);
    const drill = await w.launch();
    assert.equal(nextAnswer(await w.state(drill), {}), null);
    assert.equal(nextAnswer(await w.state(drill), { first: { answer: "skipped", reason: "x", then: "give-up" } })?.type, "answer");
    assert.equal((await w.give(drill, olivia, { ...skip, step: "first", reason: "" })).refused?.code, "bad-input");
    assert.equal((await w.give(drill, olivia, { ...skip, step: "first" })).refused, null);
    assert.equal((await w.give(drill, olivia, { ...skip, step: "second" })).refused?.code, "not-allowed");
  });
});

describe("runner: trying again by itself", () => {
  it("waits twice as long before each attempt, then asks people", async () => {
    const w = world([check("look", { onFail: "retry", retry: { attempts: 3, afterMs: 10_000 } }), manual("last")]);
    w.health.observe_ = () => failed;
    const drill = await w.launch();
    assert.equal(nextAnswer(await w.state(drill), {}), null, "nobody gives up while it will be tried again");
    await w.clock.advance(9_990);
    assert.equal(w.health.looks, 1);
    await w.clock.advance(20);
    assert.equal(w.health.looks, 2);
    await w.clock.advance(19_900);
    assert.equal(w.health.looks, 2);
    await w.clock.advance(100);
    assert.equal(w.health.looks, 3);
    await w.clock.advance(10_000_000);
    assert.equal(w.health.looks, 3);
    assert.equal((await w.state(drill)).steps[0]?.status, "failing");
    w.health.observe_ = () => passed;
    await w.give(drill, olivia, { type: "retry", step: "look", round: 3, reason: "" });
    assert.equal((await w.state(drill)).current, "last");
  });

  it("tries again at its time after a restart in between, and goes on counting the attempts and doubling the wait", async () => {
    const w = world([check("look", { onFail: "retry", retry: { attempts: 3, afterMs: 10_000 } }), manual("last")]);
    w.health.observe_ = () => failed;
    const drill = await w.launch();
    const restartAndWait = async (ms: number): Promise<number> => {
      await w.runner.stop();
      w.restart();
      await w.runner.start();
      await w.clock.advance(ms);
      return w.health.looks;
    };
    await w.clock.advance(4_000);
    assert.equal(await restartAndWait(5_900), 1, "a restart is no reason to try at once");
    await w.clock.advance(200);
    assert.equal(w.health.looks, 2, "ten seconds after the first, not after the restart");
    await w.clock.advance(15_000);
    assert.equal(await restartAndWait(4_800), 2);
    await w.clock.advance(300);
    assert.equal(w.health.looks, 3, "twenty seconds after the second");
    assert.equal(await restartAndWait(10_000_000), 3, "there is no fourth");
    assert.deepEqual((await w.state(drill)).steps.map((s) => [s.status, s.round]), [["failing", 3], ["pending", 0]]);
    assert.deepEqual(w.faults, []);
  });
});

describe("runner: announcements", () => {
  it("says what kind of event it is, fills in the names, and needs a person who says that they know", async () => {
    const w = world([announcement("tell", { timeoutMs: 60_000 }), manual("last")]);
    const drill = await w.launch();
    const [step] = (await w.state(drill)).steps;
    assert.deepEqual(step?.announced, { audience: "Staff", text: "EXERCISE: We test /plan/1." });
    assert.equal((await w.give(drill, ravi, done("tell"))).refused?.code, "not-allowed");
    await w.clock.advance(60_001);
    assert.equal((await w.state(drill)).steps[0]?.status, "failing");
    await w.give(drill, olivia, { type: "retry", step: "tell", round: 1, reason: "" });
    assert.equal((await w.give(drill, olivia, done("tell", 2))).refused, null);
    assert.deepEqual((await w.types(drill)).filter((t) => t === "announcement.made").length, 2);
    assert.equal((await w.state(drill)).current, "last");
  });
});

describe("runner: pause and resume", () => {
  it("sends nothing and takes no answer while it is paused, also after a restart, and then goes on", async () => {
    const w = world([check("look"), approval("approve"), action("failover"), manual("last")]);
    const drill = await w.launch();
    assert.equal((await w.give(drill, olivia, { type: "pause", reason: "" })).refused?.code, "bad-input");
    assert.equal((await w.give(drill, ravi, { type: "pause", reason: "x" })).refused?.code, "not-allowed");
    w.failover.preview_ = ((preview) => () => {
      if ((w.failover.looks_ += 1) === 1) pausing = w.runner.command(drill, { type: "pause", by: olivia, reason: "power cut" });
      return preview();
    })(w.failover.preview_);
    let pausing: Promise<unknown> = Promise.resolve();
    await approveBoth(w, drill);
    await pausing;
    assert.equal(w.failover.starts.length, 0, "a pause while the action is being prepared holds it");
    await w.runner.stop();
    w.restart();
    await w.runner.start();
    await w.clock.advance(3_600_000);
    assert.equal(w.failover.starts.length, 0);
    assert.equal((await w.state(drill)).paused?.reason, "power cut");
    assert.equal((await w.give(drill, olivia, { type: "resume", reason: "" })).refused, null);
    assert.equal(w.failover.starts.length, 1);
    assert.equal((await w.state(drill)).current, "last");
    await w.give(drill, olivia, { type: "pause", reason: "again" });
    assert.equal((await w.give(drill, olivia, done("last"))).refused?.code, "not-now");
    assert.equal((await w.give(drill, olivia, { type: "abort", reason: "enough" })).refused, null, "a paused drill can be aborted");
    assert.equal((await w.state(drill)).paused, null);
  });

  it("goes on following what Azure does, and opens no step", async () => {
    const w = world([action("failover"), manual("last")]);
    w.failover.follow_ = () => running;
    const drill = await w.launch();
    await w.give(drill, olivia, { type: "pause", reason: "x" });
    w.failover.follow_ = () => ({ ...running, state: "succeeded" });
    await w.clock.advance(5_000);
    assert.deepEqual((await w.state(drill)).steps.map((s) => s.status), ["passed", "pending"]);
    await w.give(drill, olivia, { type: "resume", reason: "" });
    assert.equal((await w.state(drill)).current, "last");
  });
});
