import assert from "node:assert/strict";
import { DrillbookError } from "../../../src/errors.ts";
import { world, type World } from "../../fakes/drill-world.ts";
import { running, succeeded } from "../../fakes/outside-world.ts";
import { action, manual, olivia } from "../../fakes/runbooks.ts";

const stop = (id: string) => ({ ...running, pause: { id, name: `Stop ${id}`, text: "Do it." } });
const word = (pause: string, reason = "done") => ({ type: "answer-pause", operation: "failover#1", pause, reason }) as const;
const pauseOf = async (w: World, drill: string) => (await w.state(drill)).operations[0]?.pause ?? null;

describe("an operation that waits for people", () => {
  let w: World;
  let drill: string;
  beforeEach(async () => {
    w = world([action("failover"), manual("look")]);
    w.failover.follow_ = () => stop("one");
    drill = await w.launch("test");
  });

  it("goes on with somebody's word and reason alone, told once", async () => {
    await w.clock.advance(3_600_000);
    assert.deepEqual(w.failover.resumed, []);
    assert.match((await w.give(drill, olivia, word("one", ""))).refused?.message ?? "", /needs a reason/);
    assert.match((await w.give(drill, olivia, word("other"))).refused?.message ?? "", /does not wait there/);
    assert.equal((await w.give(drill, olivia, word("one", "the licence is set"))).refused, null);
    await w.clock.advance(10_000);
    assert.deepEqual(w.failover.resumed, [{ pause: "one", comments: "the licence is set" }]);
    assert.match((await w.give(drill, olivia, word("one"))).refused?.message ?? "", /is being told already/);
    assert.deepEqual((await w.types(drill)).filter((type) => type.startsWith("pause.")), ["pause.answered", "pause.release-intended", "pause.released"]);
    w.failover.follow_ = () => stop("two");
    await w.clock.advance(10_000);
    assert.deepEqual([(await pauseOf(w, drill))?.id, (await pauseOf(w, drill))?.answer], ["two", null], "a word is for one place");
    await w.give(drill, olivia, word("two"));
    w.failover.follow_ = () => succeeded;
    await w.clock.advance(10_000);
    assert.equal(w.failover.resumed.length, 2);
    assert.equal((await w.state(drill)).operations[0]?.outcome, "succeeded");
  });

  it("says why Azure was not told, and takes another word", async () => {
    w.failover.resume_ = () => Promise.reject(new DrillbookError("azure-refused", "No right.", "Ask for it."));
    await w.give(drill, olivia, word("one"));
    assert.equal((await pauseOf(w, drill))?.answer?.problem?.message, "No right.");
    w.failover.resume_ = async () => undefined;
    await w.clock.advance(60_000);
    assert.equal(w.failover.resumed.length, 1, "never again by itself");
    assert.equal((await w.give(drill, olivia, word("one"))).refused, null);
    assert.equal(w.failover.resumed.length, 2);
  });

  it("is not told twice when the answer is lost or the process dies: Azure shows what came of it, or a person is asked again", async () => {
    w.failover.resume_ = () => Promise.reject(new DrillbookError("outcome-unknown", "Lost.", "Look."));
    await w.give(drill, olivia, word("one"));
    w.restart();
    await w.runner.start();
    await w.clock.advance(30_000);
    assert.equal(w.failover.resumed.length, 1);
    assert.match((await w.give(drill, olivia, word("one"))).refused?.message ?? "", /is being told already/);
    await w.clock.advance(60_000);
    assert.equal((await w.give(drill, olivia, word("one"))).refused, null);
    assert.equal(w.failover.resumed.length, 2);
  });

  it("can be let go on while the drill cleans up, which waits for its end, and not while it is paused", async () => {
    await w.give(drill, olivia, { type: "pause", reason: "lunch" });
    assert.notEqual((await w.give(drill, olivia, word("one"))).refused, null);
    await w.give(drill, olivia, { type: "resume", reason: "" });
    await w.give(drill, olivia, { type: "abort", reason: "enough" });
    assert.equal(w.cleanup.starts.length, 0);
    assert.equal((await w.give(drill, olivia, word("one"))).refused, null);
    w.failover.follow_ = () => succeeded;
    await w.clock.advance(10_000);
    assert.deepEqual([w.failover.resumed.length, w.cleanup.starts.length], [1, 1]);
  });
});
