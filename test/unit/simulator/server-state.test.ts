import assert from "node:assert/strict";
import fc from "fast-check";
import { serverState } from "../../../src/simulator/server-state.ts";
import { apply, emptyWorld } from "../../../src/simulator/world.ts";
import type { Change, JobRecord, JobScenario } from "../../../src/simulator/world.ts";

const scenarios: readonly JobScenario[] = ["TestFailover", "TestFailoverCleanup", "PlannedFailover", "UnplannedFailover", "CommitFailover", "CancelFailover", "ReverseReplication"];
const error = { code: "1", message: "No.", possibleCauses: "None.", recommendedAction: "None." };
const servers = ["one", "two"];

const jobs = fc.array(
  fc.record({ scenario: fc.constantFrom(...scenarios), of: fc.subarray(servers, { minLength: 1 }), fails: fc.boolean(), after: fc.integer({ min: 0, max: 400_000 }), cancelled: fc.boolean() }),
  { minLength: 1, maxLength: 12 },
);

describe("where a server stands", () => {
  it("is the same whether or not it was asked for before, at any time and in any order of asking", () => {
    fc.assert(
      fc.property(jobs, fc.array(fc.integer({ min: 0, max: 4_000_000 }), { minLength: 1, maxLength: 10 }), (drawn, times) => {
        const changes = changesOf(drawn);
        const lived = emptyWorld();
        for (const [index, change] of changes.entries()) {
          apply(lived, change);
          for (const server of servers) serverState(lived, "vault", server, index * 300_000);
        }
        for (const now of times) {
          for (const server of servers) assert.deepEqual(serverState(lived, "vault", server, now), serverState(replayed(changes), "vault", server, now));
        }
      }),
    );
  });
});

function replayed(changes: readonly Change[]) {
  const world = emptyWorld();
  for (const change of changes) apply(world, change);
  return world;
}

function changesOf(drawn: readonly { scenario: JobScenario; of: readonly string[]; fails: boolean; after: number; cancelled: boolean }[]): readonly Change[] {
  let at = 0;
  return drawn.flatMap(({ scenario, of, fails, after, cancelled }, index): readonly Change[] => {
    at += after;
    const job: JobRecord = {
      id: `job-${index}`, scenario, on: "plan", vault: "vault", target: "plan", groups: [of], clientRequestId: "", activity: "", startedAt: at, pace: 1, stretch: 1,
      failing: fails ? [{ server: of[0] ?? "", error }] : [], failsAs: "Failed", networkId: "", comments: "", cancelledAt: null,
    };
    // Only a job under way can be cancelled, and only at the moment in which that is asked.
    return cancelled ? [{ type: "job.started", job }, { type: "job.cancelled", id: job.id, at: at + 10_000 }] : [{ type: "job.started", job }];
  });
}
