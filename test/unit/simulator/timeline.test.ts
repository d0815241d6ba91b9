import assert from "node:assert/strict";
import { serverState } from "../../../src/simulator/server-state.ts";
import { endOf, jobState, timeline } from "../../../src/simulator/timeline.ts";
import { apply, emptyWorld } from "../../../src/simulator/world.ts";
import type { JobRecord } from "../../../src/simulator/world.ts";

const error = { code: "28031", message: "", possibleCauses: "", recommendedAction: "" };
const record: JobRecord = { id: "job", scenario: "TestFailover", on: "plan", vault: "v", target: "p", groups: [["sql"], ["web-1", "web-2"]], clientRequestId: "t", activity: "a", startedAt: 0, pace: 1, stretch: 1, failing: [], failsAs: "PartiallySucceeded", networkId: "", comments: "", cancelledAt: null };
const state = (job: JobRecord, seconds: number) => {
  const { state: word, description } = jobState(job, seconds * 1000);
  return `${word}/${description}`;
};

describe("a simulated job", () => {
  it("takes three to four minutes, and its pace divides that", () => {
    const { end } = timeline(record);
    assert.ok(end > 180_000 && end < 260_000, String(end));
    assert.ok(Math.abs(timeline({ ...record, pace: 10 }).end - end / 10) < 1);
    assert.ok(Math.abs(timeline({ ...record, stretch: 5 }).end - end * 5) < 1);
    assert.deepEqual(timeline(record), timeline(record));
    assert.notDeepEqual(timeline(record), timeline({ ...record, id: "other" }));
  });

  it("copies all servers at once and starts them group by group", () => {
    const [copies, first, second] = timeline(record).groups;
    assert.equal(new Set(copies?.runs.map((run) => run.steps[0]?.from)).size, 1);
    assert.deepEqual(first?.runs.map((run) => run.server), ["sql"]);
    const sqlUp = Math.max(...(first?.runs.map(endOf) ?? []));
    assert.deepEqual(second?.runs.map((run) => run.steps[0]?.from), [sqlUp, sqlUp]);
  });

  it("is hollow first, then under way, then over", () => {
    assert.deepEqual([0, 2, 4, 100, 300].map((at) => state(record, at)), ["NotStarted/NotStarted", "NotStarted/NotStarted", "InProgress/InProgress", "InProgress/InProgress", "Succeeded/Completed"]);
    const failing = [{ server: "web-1", error }];
    assert.equal(state({ ...record, failing }, 300), "Succeeded/PartiallySucceeded");
    assert.equal(state({ ...record, failing, failsAs: "Failed" }, 300), "Failed/Failed");
    assert.equal(state({ ...record, cancelledAt: 60_000 }, 61), "Cancelled/Cancelled");
    assert.equal(state({ ...record, cancelledAt: 600_000 }, 601), "Succeeded/Completed");
  });

  it("leaves each server where its last job left it", () => {
    const world = emptyWorld();
    const at = (seconds: number) => {
      const { phase, machine } = serverState(world, "v", "web-1", seconds * 1000);
      return `${phase}/${machine}`;
    };
    assert.equal(at(0), "idle/none");
    apply(world, { type: "job.started", job: record });
    assert.deepEqual([at(1), at(100), at(300)], ["failing-over/none", "failing-over/created", "cleanup-due/running"]);
    apply(world, { type: "job.started", job: { ...record, id: "cleanup-1", scenario: "TestFailoverCleanup", startedAt: 400_000, failing: [{ server: "web-1", error }] } });
    assert.deepEqual([at(401), at(600)], ["cleaning/running", "cleanup-due/running"]);
    apply(world, { type: "job.started", job: { ...record, id: "cleanup-2", scenario: "TestFailoverCleanup", startedAt: 700_000 } });
    assert.deepEqual([at(701), at(900)], ["cleaning/running", "cleaned/none"]);
  });

  it("that was cancelled leaves its servers to be cleaned up", () => {
    const world = emptyWorld();
    apply(world, { type: "job.started", job: record });
    apply(world, { type: "job.cancelled", id: "job", at: 100_000 });
    assert.deepEqual(serverState(world, "v", "web-2", 500_000).phase, "cleanup-due");
    assert.deepEqual(serverState(world, "v", "web-2", 500_000).machine, "created");
  });
});
