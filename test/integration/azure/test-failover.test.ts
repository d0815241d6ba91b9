import assert from "node:assert/strict";
import { look, networkId, planId, posts, rehearsal, send, subscription, testFailoverInput } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

describe("a test failover of a plan through the Azure SDK", () => {
  let r: Rehearsal;
  beforeEach(async () => {
    r = await rehearsal();
  });
  afterEach(() => r.simulator.close());

  it("goes from POST to test servers, and back through its clean-up", async () => {
    const { jobId } = await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    assert.match(jobId, /^\/subscriptions\/.*\/vaults\/rsv-payroll\/replicationJobs\/[0-9a-f-]{36}$/);

    const hollow = await r.azure.reader.job(jobId, look());
    assert.deepEqual([hollow.state, hollow.scenario, hollow.tasks], ["NotStarted", "", []]);
    assert.match(hollow.activityId, /^drill-7-tfo-1 ActivityId: [0-9a-f-]{36}$/);

    r.passSeconds(40);
    const running = await r.azure.reader.job(jobId, look());
    assert.equal(running.state, "InProgress");
    assert.deepEqual(running.tasks.map((task) => [task.name, task.state]), [
      ["Prerequisites check for test failover", "Succeeded"],
      ["All groups failover (3)", "InProgress"],
      ["Group 1: Start (1)", "NotStarted"],
      ["Group 2: Start (2)", "NotStarted"],
    ]);
    assert.deepEqual(running.tasks[1]?.tasks.map((task) => task.name), ["sql-payroll", "web-01", "web-02"]);
    assert.deepEqual(running.tasks[1]?.tasks[0]?.tasks.map((task) => task.name), ["Create test virtual machine", "Preparing the virtual machine"]);
    assert.equal(running.tasks[1]?.tasks[0]?.tasks[1]?.startedAt, null, "a task that has not begun has no time");

    r.passSeconds(260);
    const ended = await r.azure.reader.job(jobId, look());
    assert.deepEqual([ended.state, ended.stateDescription, ended.scenario, ended.problems], ["Succeeded", "Completed", "TestFailover", []]);
    const servers = await r.azure.reader.servers(planId, look());
    assert.deepEqual(
      servers.map((server) => [server.name, server.testFailoverState, server.allowedOperations, server.testServer?.name]),
      ["sql-payroll", "web-01", "web-02"].map((name) => [name, "WaitingForCompletion", ["TestFailoverCleanup"], `${name}-test`]),
    );
    assert.equal(servers[1]?.testServer?.id, `/subscriptions/${subscription}/resourceGroups/rg-dr-test/providers/Microsoft.Compute/virtualMachines/web-01-test`);
    const pending = await r.azure.reader.plan(planId, look());
    assert.deepEqual([pending.allowedOperations, pending.scenario?.name, pending.scenarioStatus], [["TestFailoverCleanup"], "TestFailover", "WaitingForStopTestFailover"]);

    const cleanup = await r.azure.writer.testFailoverCleanup(planId, "Drill 7 is over", send(r.clock, "drill-7-cleanup-1"));
    r.passSeconds(120);
    const cleaned = await r.azure.reader.job(cleanup.jobId, look());
    assert.deepEqual([cleaned.state, cleaned.scenario], ["Succeeded", "TestFailoverCleanup"]);
    const after = await r.azure.reader.servers(planId, look());
    assert.ok(after.every((server) => server.testServer === null && server.scenario === null && server.allowedOperations.includes("TestFailover")));
    assert.equal((await r.azure.reader.plan(planId, look())).scenario, null);
    assert.deepEqual(r.simulator.counts(), { starts: { "rp-payroll": 1 }, cleanups: { "rp-payroll": 1 } });
  });

  it("sends the bodies of the fact sheet, once each, under our own tag", async () => {
    await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    r.passSeconds(300);
    await r.azure.writer.testFailoverCleanup(planId, "Drill 7 is over", send(r.clock, "drill-7-cleanup-1"));

    const [start, cleanup, ...more] = posts(r.simulator);
    assert.deepEqual(more, []);
    assert.equal(start?.path, `${planId}/testFailover?api-version=2023-06-01`);
    assert.deepEqual(JSON.parse(start?.body ?? ""), {
      properties: {
        failoverDirection: "PrimaryToRecovery",
        networkType: "VmNetworkAsInput",
        networkId,
        providerSpecificDetails: [{ instanceType: "A2A", recoveryPointType: "LatestProcessed" }],
      },
    });
    assert.equal(start?.clientRequestId, "drill-7-tfo-1");
    assert.deepEqual(JSON.parse(cleanup?.body ?? ""), { properties: { comments: "Drill 7 is over" } });
    assert.equal(r.simulator.requests.filter((request) => request.method === "GET").length, 0, "the SDK's poller never begins");
  });

  it("is refused with Azure's words while a test failover owes its clean-up", async () => {
    await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    r.passSeconds(300);
    await assert.rejects(r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock, "drill-8")), (error: { code?: string; message?: string; suggestion?: string }) => {
      assert.equal(error.code, "azure-refused");
      assert.match(error.message ?? "", /OperationNotAllowed, HTTP 409.*not allowed.*Possible causes: Another operation/);
      assert.match(error.suggestion ?? "", /clean up the test failover/);
      return true;
    });
    assert.deepEqual(r.simulator.counts().starts, { "rp-payroll": 1 });
  });

  it("names the server that failed, with Azure's causes and advice", async () => {
    const error = { code: "28031", message: "Virtual machine 'web-02-test' could not be created.", possibleCauses: "The vCPU quota of the region is used up.", recommendedAction: "Ask for more quota and retry." };
    r.simulator.add({ kind: "server-fails", server: "web-02", error, jobEnds: "PartiallySucceeded", times: 1 });
    const { jobId } = await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    r.passSeconds(300);
    const job = await r.azure.reader.job(jobId, look());
    assert.deepEqual([job.state, job.stateDescription], ["Succeeded", "PartiallySucceeded"]);
    assert.deepEqual(job.problems, [{ code: "28031", message: error.message, causes: error.possibleCauses, action: error.recommendedAction, server: "web-02" }]);
    const servers = await r.azure.reader.servers(planId, look());
    assert.deepEqual(servers.map((server) => server.testServer?.name ?? null), ["sql-payroll-test", "web-01-test", null]);
    assert.deepEqual(servers.map((server) => server.allowedOperations), Array(3).fill(["TestFailoverCleanup"]));
  });

  it("shows replication figures and finds jobs by time", async () => {
    const servers = await r.azure.reader.servers(planId, look());
    assert.deepEqual(servers.map((server) => server.rpoSeconds), [250, 175, 210]);
    assert.ok(servers.every((server) => server.scenario === null && server.rpoCalculatedAt === "2026-11-20T07:59:00.000Z"));
    const { jobId } = await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    const since = (at: string) => r.azure.reader.jobsSince(planId, new Date(at), look());
    assert.deepEqual((await since("2026-11-20T08:00:00Z")).map((job) => job.id.toLowerCase()), [jobId.toLowerCase()]);
    assert.deepEqual(await since("2026-11-20T08:00:01Z"), []);
  });

  it("lists what a launch form offers", async () => {
    const plans = await r.azure.estate.recoveryPlans(look());
    assert.deepEqual(plans.map((plan) => [plan.id.toLowerCase(), plan.name, plan.servers]), [[planId.toLowerCase(), "rp-payroll", 3]]);
    const networks = await r.azure.estate.networks(look());
    assert.deepEqual([networks[0], networks.map(({ name }) => name)], [{ id: networkId, name: "vnet-dr-isolated" }, ["vnet-dr-isolated", "vnet-prod", "vnet-hub", "vnet-dr"]]);
  });
});
