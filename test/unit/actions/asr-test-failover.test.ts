import assert from "node:assert/strict";
import { asrTestFailover, asrTestFailoverFacts } from "../../../src/actions/asr-test-failover.ts";
import type { DrillbookError } from "../../../src/errors.ts";
import { awaitingCleanup, failedOver, fakeVault, itemId, job, look, networkId, now, planId, protectedServer, recoveryPlan, send, tag, task, vault } from "./fake-vault.ts";
import type { Vault } from "./fake-vault.ts";

const input = { plan: planId, network: networkId, recoveryPoint: "latest-processed", keepUntil: "8h" };
const since = new Date("2026-11-21T21:05:00Z");
const names = ["sql-payroll", "web-01", "web-02"];

function action(change: Partial<Vault> = {}, at = now) {
  const fake = fakeVault(change);
  return { ...fake, action: asrTestFailover({ reader: fake.reader, writer: fake.writer, clock: () => at }) };
}

describe("action asr-test-failover: preview", () => {
  it("shows the approver what, where, from when, production, undo and the real outage, in that order", async () => {
    const preview = await action().action.preview(input, look);
    assert.deepEqual(preview.facts, [
      { label: "What happens", value: "Azure creates 3 test servers from their replicas" },
      { label: "Where", value: "vnet-dr-isolated in rg-dr; Azure enforces no isolation: Drillbook reads it before an exercise starts, and again only where the runbook checks it" },
      { label: "From when", value: "latest processed recovery point; now 4 min 10 s behind at most (sql-payroll)" },
      { label: "Production", value: "not touched; replication goes on" },
      { label: "Undo", value: "test failover cleanup, by itself at the end or on abort; kept for 8 h at most" },
      { label: "Real outage meanwhile", value: "cleanup first: until then Azure fails none of these servers over" },
    ]);
    assert.deepEqual(preview.targets, names.map((name) => ({ id: itemId(name).toLowerCase(), name })));
    assert.deepEqual(preview.recoveryPointRule, { type: "LatestProcessed", maxAgeMs: null });
  });

  const digest = async (change: Partial<Vault>) => (await action(change).action.preview(input, look)).planDigest;
  const groups = recoveryPlan().groups;

  it("digests the plan alike whatever case and order Azure gives within a group", async () => {
    const same = groups.map((g) => ({ ...g, servers: g.servers.map((id) => id.toUpperCase()).toReversed() }));
    assert.equal(await digest({ plan: recoveryPlan({ groups: same }) }), await digest({}));
    assert.match(await digest({}), /^[0-9a-f]{64}$/);
  });

  for (const [what, changed] of [
    ["order of groups", groups.toReversed()],
    ["a member", groups.map((g, n) => (n === 3 ? { ...g, servers: [itemId("web-01")] } : g))],
    ["a group's type", groups.map((g, n) => (n === 3 ? { ...g, type: "Failover" } : g))],
    ["an action", groups.map((g) => ({ ...g, actions: [] }))],
    ["another action behind the first", groups.map((g) => ({ ...g, actions: g.actions.flatMap((a) => [a, { ...a, name: "Another" }]) }))],
    ["an action's failover types", groups.map((g) => ({ ...g, actions: g.actions.map((a) => ({ ...a, failoverTypes: ["UnplannedFailover"] })) }))],
  ] as const) {
    it(`digests a change of ${what}`, async () => assert.notEqual(await digest({ plan: recoveryPlan({ groups: changed }) }), await digest({})));
  }

  for (const [what, change, why] of [
    ["somebody's job runs", { plan: awaitingCleanup }, /already at work on rp-payroll: TestFailover, job j1 \(Suspended\)/],
    ["Azure does not allow it", { plan: recoveryPlan({ allowedOperations: ["Commit", "CancelFailover"] }) }, /it allows Commit, CancelFailover/],
    ["the provider is unknown to it", { plan: recoveryPlan({ providers: ["InMage"] }) }, /not known for its replication provider \(InMage\)/],
    ["no provider is named", { plan: recoveryPlan({ providers: [] }) }, /\(unknown\)/],
  ] as const) {
    it(`refuses when ${what}`, async () => {
      await assert.rejects(action(change).action.preview(input, look), (e: DrillbookError) => e.code === "not-now" && why.test(e.message));
    });
  }

  it("refuses a replica older than the runbook allows, or of unknown age", async () => {
    const limited = { ...input, maxAge: "4m" };
    await assert.rejects(action().action.preview(limited, look), (e: DrillbookError) => e.code === "not-now" && /sql-payroll is 4 min 10 s old; the runbook allows 4m/.test(e.message));
    await assert.rejects(action({ servers: [protectedServer("web-01", { rpoSeconds: null })] }).action.preview(limited, look), /of unknown age/);
    const preview = await action().action.preview({ ...input, maxAge: "15m" }, look);
    assert.deepEqual(preview.recoveryPointRule, { type: "LatestProcessed", maxAgeMs: 900_000 });
    assert.match(preview.facts[2]?.value ?? "", /^latest processed recovery point, at most 15 min old;/);
  });

  it("takes no recovery point that the provider's plans cannot name", async () => {
    const hyperv = { plan: recoveryPlan({ providers: ["HyperVReplicaAzure"] }) };
    await assert.rejects(action(hyperv).action.preview({ ...input, recoveryPoint: "latest-crash-consistent" }, look), /latest crash-consistent recovery point is not known for its replication provider/);
  });
});

describe("action asr-test-failover: start and find", () => {
  it("sends exactly the plan's body, once, with the tag", async () => {
    const { action: act, written } = action({ plan: recoveryPlan({ providers: ["A2A", "HyperVReplicaAzure"] }) });
    assert.deepEqual(await act.start(input, send), { handle: `${vault}/replicationJobs/j1` });
    assert.deepEqual(written, [{
      what: "testFailover",
      planId,
      tag,
      body: {
        failoverDirection: "PrimaryToRecovery",
        networkType: "VmNetworkAsInput",
        networkId,
        providerSpecificDetails: [
          { instanceType: "A2A", recoveryPointType: "LatestProcessed" },
          { instanceType: "HyperVReplicaAzure", recoveryPointType: "LatestProcessed" },
        ],
      },
    }]);
  });

  it("sends nothing, and says that it certainly did not, when Azure's view has changed or cannot be read", async () => {
    for (const change of [{ plan: awaitingCleanup }, { unreachable: true }]) {
      const { action: act, written } = action(change);
      await assert.rejects(act.start(input, send), (e: DrillbookError) => e.code === "not-now");
      assert.deepEqual(written, []);
    }
  });

  it("finds the job by its tag, whatever the case, hollow or not", async () => {
    const found = (jobs: Vault["jobs"]) => action({ jobs }).action.find(input, tag.toUpperCase(), since, look);
    assert.deepEqual(await found([job()]), { handle: job().id });
    assert.deepEqual(await found([job({ scenario: "", state: "NotStarted", startedAt: "0001-01-01T00:00:00Z", targetName: "" })]), { handle: job().id });
  });

  it("finds no job of somebody else, of another scenario, or from before", async () => {
    const found = (change: Parameters<typeof job>[0]) => action({ jobs: [job(change)] }).action.find(input, tag, since, look);
    assert.equal(await found({ activityId: "11111111-3c1d-4a55-9d2b-0a1b2c3d4e5f ActivityId: 9f1c" }), null);
    assert.equal(await found({ activityId: `x ActivityId: ${tag}` }), null);
    assert.equal(await found({ activityId: `${tag}0 ActivityId: 1` }), null);
    assert.equal(await found({ scenario: "TestFailoverCleanup" }), null);
    assert.equal(await found({ startedAt: "2026-11-21T20:00:00Z" }), null);
  });

  it("prefers the plan's own job to those that it started", async () => {
    const child = job({ id: `${vault}/replicationJobs/child`, targetName: "web-01", startedAt: "2026-11-21T21:05:01Z" });
    assert.deepEqual(await action({ jobs: [child, job()] }).action.find(input, tag, since, look), { handle: job().id });
  });
});

describe("action asr-test-failover: follow", () => {
  const follow = (change: Partial<Vault>, at = now) => action(change, at).action.follow(job().id, input, look);
  const ended = { state: "Succeeded", stateDescription: "Completed", endedAt: "2026-11-21T21:10:00Z" };
  const afterLag = new Date("2026-11-21T21:13:00Z");
  const brief = (p: Awaited<ReturnType<typeof follow>>) => ({ state: p.state, summary: p.summary, servers: p.servers.map((s) => `${s.name} ${s.outcome}`) });

  it("shows a hollow job as accepted", async () => {
    const seen = await follow({ jobs: [job({ scenario: "", state: "NotStarted", stateDescription: "" })], servers: names.map((n) => protectedServer(n)) });
    assert.deepEqual(brief(seen), { state: "running", summary: "0 of 3 servers up · accepted by Azure, not begun", servers: ["sql-payroll waiting", "web-01 waiting", "web-02 waiting"] });
    assert.equal(seen.nextLookMs, 15_000);
  });

  it("flattens nested tasks for people, and leaves out times that are none", async () => {
    const tasks = [
      task("Prerequisites check for test failover", "Succeeded"),
      task("Boot group 1", "InProgress", [task("Create test virtual machine sql-payroll", "InProgress")]),
      task("Boot group 2", "NotStarted", [task("web-01", "NotStarted"), { ...task("web-02", "Succeeded"), stateDescription: "Skipped" }]),
    ];
    const seen = await follow({ jobs: [job({ tasks })], servers: names.map((n) => protectedServer(n)) });
    assert.deepEqual(seen.tasks.map((t) => `${t.name} ${t.state} ${t.startedAt === null ? "-" : "at"}`), [
      "Prerequisites check for test failover succeeded at",
      "Boot group 1 running at",
      "Boot group 1 › Create test virtual machine sql-payroll running at",
      "Boot group 2 waiting -",
      "Boot group 2 › web-01 waiting -",
      "Boot group 2 › web-02 skipped at",
    ]);
    assert.deepEqual(brief(seen), {
      state: "running",
      summary: "1 of 3 servers up · Boot group 1 › Create test virtual machine sql-payroll",
      servers: ["sql-payroll running", "web-01 waiting", "web-02 succeeded"],
    });
  });

  it("succeeds when the job and every server say so", async () => {
    const seen = await follow({ jobs: [job(ended)], servers: names.map(failedOver) });
    assert.deepEqual(brief(seen), { state: "succeeded", summary: "3 of 3 servers up", servers: names.map((n) => `${n} succeeded`) });
    assert.equal(seen.servers[0]?.testServer?.name, "sql-payroll-test");
    assert.deepEqual(seen.problems, []);
  });

  it("takes a plan's job that waits for the cleanup as ended", async () => {
    const suspended = job({ state: "Suspended", stateDescription: "WaitingForStopTestFailover" });
    assert.equal((await follow({ jobs: [suspended], servers: names.map(failedOver) })).state, "succeeded");
  });

  it("takes a plan's job that waits for a manual action as running, and says so", async () => {
    const seen = await follow({ jobs: [job({ state: "Suspended", stateDescription: "WaitingForManualAction", tasks: [task("Manual action", "Suspended")] })] });
    assert.equal(seen.state, "running");
    assert.match(seen.summary, /waits for people: a manual action/);
  });

  it("is no success when the job succeeded partially, even if Azure names no server", async () => {
    const seen = await follow({ jobs: [job({ ...ended, stateDescription: "PartiallySucceeded" })], servers: names.map(failedOver) });
    assert.equal(seen.state, "failed");
    assert.match(seen.problems[0]?.message ?? "", /ended the job as PartiallySucceeded/);
  });

  it("is no success when one of three servers failed, and says why in Azure's words", async () => {
    const problem = { code: "28031", message: "Quota exceeded.", causes: "Cores.", action: "Raise the quota.", server: "WEB-02" };
    const seen = await follow({ jobs: [job({ ...ended, problems: [problem] })], servers: [failedOver("sql-payroll"), failedOver("web-01"), protectedServer("web-02", { testFailoverState: "FailedToStart" })] });
    assert.deepEqual(brief(seen), { state: "failed", summary: "2 of 3 servers up", servers: ["sql-payroll succeeded", "web-01 succeeded", "web-02 failed"] });
    assert.deepEqual(seen.problems, [problem]);
    assert.equal(seen.servers[2]?.detail, "Quota exceeded.");
  });

  it("trusts the item and not the job's word, after Azure had time to show it", async () => {
    const without = { jobs: [job(ended)], servers: [failedOver("sql-payroll"), failedOver("web-01"), protectedServer("web-02")] };
    assert.deepEqual(brief(await follow(without, new Date("2026-11-21T21:11:00Z"))).servers[2], "web-02 running");
    const seen = await follow(without, afterLag);
    assert.equal(seen.state, "failed");
    assert.deepEqual(seen.problems.map((p) => [p.server, p.message]), [["web-02", "web-02: the job ended and Azure shows no test server."]]);
  });

  it("does not take a failure of an earlier test for one of this", async () => {
    const seen = await follow({ jobs: [job({ tasks: [task("Prerequisites check", "InProgress")] })], servers: [protectedServer("web-01", { testFailoverState: "FailedToStart" })] });
    assert.deepEqual(brief(seen).servers, ["web-01 running"]);
  });

  it("fails with a reason whatever Azure leaves out", async () => {
    for (const [state, said] of [["Failed", /ended the job as Failed and gave no error/], ["Cancelled", /was cancelled in Azure: somebody did so/]] as const) {
      const seen = await follow({ jobs: [job({ state, stateDescription: "", endedAt: "2026-11-21T21:10:00Z" })], servers: names.map((n) => protectedServer(n)) }, afterLag);
      assert.equal(seen.state, "failed");
      assert.match(seen.problems[0]?.message ?? "", said);
    }
  });

  it("goes on waiting for a state that it does not know", async () => {
    assert.equal((await follow({ jobs: [job({ state: "Cancelling" })] })).state, "running");
  });

  it("shows no success for a plan without servers", async () => {
    assert.equal((await follow({ jobs: [job(ended)], servers: [] })).state, "failed");
  });
});

describe("action asr-test-failover: facts", () => {
  it("names its undo and makes its input", () => {
    assert.equal(asrTestFailoverFacts.undo, "asr-test-failover-cleanup");
    assert.deepEqual(action().action.undoInput(input, "PAY-0042"), { plan: planId, comments: "Drillbook drill PAY-0042" });
  });

  it("defaults to the latest processed point, and refuses what it does not know", () => {
    const { recoveryPoint: _r, ...short } = input;
    assert.equal((asrTestFailoverFacts.schema.parse(short) as { recoveryPoint: string }).recoveryPoint, "latest-processed");
    for (const change of [{ recoveryPoint: "newest" }, { network: "vnet-1" }, { plan: itemId("web-01") }, { keepUntil: "8" }, { scope: "x" }]) {
      assert.equal(asrTestFailoverFacts.schema.safeParse({ ...input, ...change }).success, false, JSON.stringify(change));
    }
  });

  it("asks for the permissions of the calls it makes, and no more", () => {
    assert.ok(asrTestFailoverFacts.permissions.includes("Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/testFailover/action"));
    assert.ok(asrTestFailoverFacts.permissions.every((p) => p.endsWith("/read") || p.endsWith("/testFailover/action") || p.endsWith("/replicationJobs/resume/action")));
  });
});
