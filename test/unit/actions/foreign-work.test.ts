import assert from "node:assert/strict";
import { foreignWork, refuseWhileOthersWork } from "../../../src/actions/foreign-work.ts";
import { awaitingCleanup, protectedServer, recoveryPlan, vault } from "./fake-vault.ts";

describe("foreign work", () => {
  it("is told from our own job whatever case Azure gives, and from a plan at rest", () => {
    assert.deepEqual(foreignWork({ ...awaitingCleanup, kind: "plan" }, `${vault}/replicationJobs/J1`), []);
    assert.deepEqual(foreignWork({ ...recoveryPlan(), kind: "plan" }, `${vault}/replicationJobs/j1`), []);
    assert.equal(foreignWork({ ...awaitingCleanup, kind: "plan" }, `${vault}/replicationJobs/j2`)[0]?.code, "foreign-work");
  });

  it("on one server refuses a write, and names server, scenario and job", () => {
    const busy = protectedServer("web-01", { scenario: { name: "UnplannedFailover", jobId: `${vault}/replicationJobs/j9` } });
    assert.throws(() => refuseWhileOthersWork([protectedServer("web-02"), busy]), /web-01: UnplannedFailover, job j9/);
    assert.doesNotThrow(() => refuseWhileOthersWork([protectedServer("web-02")]));
  });
});
