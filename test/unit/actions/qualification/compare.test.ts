import assert from "node:assert/strict";
import { judge } from "../../../../src/actions/qualification/compare.ts";
import { qualificationSteps } from "../../../../src/actions/qualification/run.ts";
import type { StepSeen } from "../../../../src/actions/qualification/run.ts";

function seen(step: StepSeen["step"], change: Partial<StepSeen> = {}): StepSeen {
  return {
    step,
    outcome: "succeeded",
    summary: "1 of 1",
    seconds: 100,
    foundByTag: true,
    jobStates: ["InProgress/InProgress", "Succeeded/Completed"],
    scenarioNames: ["", "TestFailover"],
    tasks: ["Check"],
    after: { protectionState: "Protected", testFailoverState: "None", activeLocation: "Primary", allowedOperations: step === "test-failover" ? ["TestFailoverCleanup"] : ["Commit"], scenario: "None" },
    problems: [],
    requests: [],
    ...change,
  };
}

const steps = qualificationSteps("A2A");
const all: readonly StepSeen[] = steps.map((step) => seen(step));
const changed = (step: StepSeen["step"], change: Partial<StepSeen>) => all.map((one) => (one.step === step ? seen(step, change) : one));

describe("a qualification", () => {
  it("holds when every step succeeded, whatever the time they took", () => {
    assert.deepEqual(judge(all, changed("commit", { seconds: 1 }), steps), { qualified: true, reasons: [], differences: [] });
  });

  it("holds with differences that no safety rule looks at, and tells them", () => {
    const { qualified, differences } = judge(changed("failover", { scenarioNames: ["Failover"] }), all, steps);
    assert.deepEqual([qualified, differences], [true, [{ step: "failover", what: "names of the scenario", azure: "Failover", simulator: "TestFailover", safety: false }]]);
  });

  for (const [what, azure, why] of [
    ["a step failed", changed("cleanup", { outcome: "failed", summary: "still exists" }), /cleanup failed: still exists/],
    ["a step was not reached", all.slice(0, 3), /commit was not run/],
    ["a job could not be found again", changed("failover", { foundByTag: false }), /failover: the job cannot be found by its client-request id/],
    ["a second start would not be refused", changed("test-failover", { after: { protectionState: "", testFailoverState: "", activeLocation: "", allowedOperations: ["TestFailover", "TestFailoverCleanup"], scenario: "None" } }), /still allows TestFailover: a second start/],
  ] as const) {
    it(`does not hold when ${what}`, () => {
      const { qualified, reasons } = judge(azure, all, steps);
      assert.equal(qualified, false);
      assert.match(reasons.join(" "), why);
    });
  }
});
