import assert from "node:assert/strict";
import { job } from "../../../src/azure/job.ts";
import { moment } from "../../../src/azure/moment.ts";
import { protectedServer } from "../../../src/azure/protected-server.ts";
import { recoveryPlan } from "../../../src/azure/recovery-plan.ts";

describe("Azure's answers in Drillbook's words", () => {
  it("take the year 1 and 1753 for no time", () => {
    assert.equal(moment(new Date("0001-01-01T00:00:00")), null);
    assert.equal(moment(new Date("1753-01-01T01:01:01Z")), null);
    assert.equal(moment(undefined), null);
    assert.equal(moment(new Date("2026-11-20T08:00:00Z")), "2026-11-20T08:00:00.000Z");
  });

  it("know an idle scenario and one that has ended", () => {
    const plan = (scenarioName: string, currentScenarioStatus?: string) => recoveryPlan({ properties: { currentScenario: { scenarioName, jobId: "j" }, ...(currentScenarioStatus ? { currentScenarioStatus } : {}) } }).scenario;
    assert.equal(plan("None"), null);
    assert.equal(plan("TestFailoverCleanup", "Succeeded"), null);
    assert.deepEqual(plan("TestFailover", "Suspended"), { name: "TestFailover", jobId: "j" });
    assert.deepEqual(plan("TestFailover", "InProgress"), { name: "TestFailover", jobId: "j" });
    assert.deepEqual(plan("TestFailover"), { name: "TestFailover", jobId: "j" });
  });

  it("take each provider's own figure, and none where there is none", () => {
    const rpo = (providerSpecificDetails: Parameters<typeof protectedServer>[0]["properties"]) => protectedServer({ properties: providerSpecificDetails ?? {} }).rpoSeconds;
    assert.equal(rpo({ providerSpecificDetails: { instanceType: "A2A", rpoInSeconds: 12 } }), 12);
    assert.equal(rpo({ providerSpecificDetails: { instanceType: "HyperVReplicaAzure", rpoInSeconds: 13 } }), 13);
    assert.equal(rpo({}), null);
  });

  it("show a test server only while a clean-up is due", () => {
    const server = (allowedOperations: string[]) =>
      protectedServer({ properties: { allowedOperations, providerSpecificDetails: { instanceType: "A2A", tfoAzureVMName: "web-test", recoveryAzureResourceGroupId: "/g" } } }).testServer;
    assert.deepEqual(server(["TestFailoverCleanup"]), { name: "web-test", id: "/g/providers/Microsoft.Compute/virtualMachines/web-test" });
    assert.equal(server(["TestFailover"]), null);
  });

  it("bring every error of a job, nested ones with their server, each once", () => {
    const error = { serviceErrorDetails: { code: "28031", message: "No quota.", possibleCauses: "Used up.", recommendedAction: "Ask." }, providerErrorDetails: { errorCode: 7, errorMessage: "Provider says so." } };
    const expected = { code: "28031", message: "No quota. Provider says so.", causes: "Used up.", action: "Ask." };
    const machine = { instanceType: "VirtualMachineTaskDetails", jobTask: { targetObjectName: "web-01" } } as const;
    const problems = job({
      properties: {
        errors: [error],
        tasks: [{ groupTaskCustomDetails: { instanceType: "RecoveryPlanGroupTaskDetails", childTasks: [{ customDetails: machine, groupTaskCustomDetails: { instanceType: "InlineWorkflowTaskDetails", childTasks: [{ errors: [error] }] } }] } }],
      },
    }).problems;
    assert.deepEqual(problems, [{ ...expected, server: "web-01" }]);
    assert.deepEqual(job({ properties: { errors: [error] } }).problems, [{ ...expected, server: null }]);
  });
});
