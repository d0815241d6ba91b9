import assert from "node:assert/strict";
import { asrFailoverCancel } from "../../../src/actions/asr-failover-cancel.ts";
import { asrFailoverCommit } from "../../../src/actions/asr-failover-commit.ts";
import { asrPlannedFailover } from "../../../src/actions/asr-planned-failover.ts";
import { asrReprotect } from "../../../src/actions/asr-reprotect.ts";
import { asrTestFailover } from "../../../src/actions/asr-test-failover.ts";
import { asrTestFailoverCleanup } from "../../../src/actions/asr-test-failover-cleanup.ts";
import { asrUnplannedFailover } from "../../../src/actions/asr-unplanned-failover.ts";
import type { Action } from "../../../src/drills/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { look, networkId, planId, posts, rehearsal, send, subscription } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

const hyperV = { ...payroll, vaults: payroll.vaults.map((vault) => ({ ...vault, provider: "HyperVReplicaAzure" as const })) };

describe("real failovers and single servers through the Azure SDK", () => {
  let r: Rehearsal;
  let item: string;
  const begin = async (provider: "A2A" | "HyperVReplicaAzure") => {
    r = await rehearsal(provider === "A2A" ? {} : { estate: hyperV });
    item = (await r.azure.reader.servers(planId, look()))[1]?.id ?? "";
    return { reader: r.azure.reader, writer: r.azure.writer, clock: r.clock };
  };
  afterEach(() => r.simulator.close());

  /** Preview, start, wait, follow; the body that was sent and how it ended. */
  const whole = async (action: Action, input: Json, tag: string) => {
    const preview = await action.preview(input, look());
    const since = r.clock();
    const { handle } = await action.start(input, send(r.clock, tag));
    assert.deepEqual((await action.find(input, tag, since, look()))?.handle.toLowerCase(), handle.toLowerCase(), "a lost answer would be found by its tag");
    r.passSeconds(400);
    const ended = await action.follow(handle, input, look());
    const sent = posts(r.simulator).at(-1);
    return { preview, ended, path: sent?.path.split("?")[0]?.split("/").slice(-2).join("/"), body: sent?.body === "" ? null : JSON.parse(sent?.body ?? "null") };
  };

  it("test-fail one server over and clean it up, from the point that the rule chooses", async () => {
    const parts = await begin("A2A");
    const tested = await whole(asrTestFailover(parts), { item, network: networkId, maxAge: "15m" }, "t1");
    assert.deepEqual(tested.preview.targets.map((t) => t.name), ["web-01"]);
    assert.deepEqual([tested.ended.state, tested.ended.summary, tested.ended.servers[0]?.testServer?.name], ["succeeded", "1 of 1 server up", "web-01-test"]);
    const [newest] = await r.azure.reader.recoveryPoints(item, look());
    const { recoveryPointId, ...details } = tested.body.properties.providerSpecificDetails;
    assert.match(recoveryPointId, /\/recoveryPoints\//);
    assert.ok(newest?.id.startsWith(item));
    assert.deepEqual({ ...tested.body.properties, providerSpecificDetails: details }, { failoverDirection: "PrimaryToRecovery", networkType: "VmNetworkAsInput", networkId, providerSpecificDetails: { instanceType: "A2A" } });
    const cleaned = await whole(asrTestFailoverCleanup(parts), { item, comments: "over" }, "t2");
    assert.deepEqual([cleaned.ended.state, cleaned.ended.servers[0]?.outcome, cleaned.body], ["succeeded", "removed", { properties: { comments: "over" } }]);
  });

  it("refuse a point that is too old, with the time that it has", async () => {
    const parts = await begin("A2A");
    await assert.rejects(asrTestFailover(parts).start({ item, network: networkId, recoveryPoint: "latest-app-consistent" }, send(r.clock)), (e: { code?: string; message?: string }) => e.code === "not-now" && /no application-consistent recovery point/.test(e.message ?? ""));
    await assert.rejects(asrTestFailover(parts).preview({ item, network: networkId, recoveryPoint: "latest" }, look()), /not known for its replication provider/);
    assert.equal(posts(r.simulator).length, 0);
  });

  for (const on of ["plan", "item"] as const) {
    it(`fail a ${on} over from Azure to Azure, commit, re-protect, and fail it back`, async () => {
      const parts = await begin("A2A");
      const target: Readonly<Record<string, string>> = on === "plan" ? { plan: planId } : { item };
      const over = await whole(asrUnplannedFailover(parts), { ...target, shutDownSource: false }, "f1");
      assert.equal(over.ended.state, "succeeded");
      assert.deepEqual([over.body.properties.failoverDirection, over.body.properties.sourceSiteOperations], ["PrimaryToRecovery", "NotRequired"]);
      if (on === "plan") assert.deepEqual(over.body.properties.providerSpecificDetails, [{ instanceType: "A2A", recoveryPointType: "LatestProcessed" }]);
      await assert.rejects(asrFailoverCancel(parts).start(target, send(r.clock, "f0")), /Azure does not allow cancelling a failover/);
      assert.match((await asrReprotect(parts).preview(target, look())).facts.at(-1)?.value ?? "", /not allowed yet/);
      const commit = await whole(asrFailoverCommit(parts), target, "f2");
      assert.deepEqual([commit.ended.state, commit.body], ["succeeded", null]);
      const back = await whole(asrReprotect(parts), target, "f3");
      assert.equal(back.ended.state, "succeeded");
      const [container = "", name = ""] = item.split("/replicationProtectedItems/");
      const vault = planId.replace(/\/replicationRecoveryPlans.*/, "").replace("/subscriptions/", "/Subscriptions/");
      assert.equal(back.path, on === "plan" ? "rp-payroll/reProtect" : `${container.split("/").at(-1)}/switchprotection`);
      assert.deepEqual(back.body, on === "plan" ? null : {
        properties: {
          replicationProtectedItemName: name,
          providerSpecificDetails: { instanceType: "A2A", recoveryContainerId: container, policyId: `${vault}/replicationPolicies/24-hour-retention-policy`, recoveryResourceGroupId: `/subscriptions/${subscription}/resourceGroups/rg-westeurope` },
        },
      });
      const moved = /its id in the vault is (\S+)$/.exec(back.ended.servers[0]?.detail ?? "")?.[1] ?? "";
      const now: Readonly<Record<string, string>> = on === "plan" ? target : { item: moved };
      if (on === "item") {
        assert.match(moved, /asr-a2a-default-northeurope-container\/replicationProtectedItems\//);
        await assert.rejects(r.azure.reader.server(item, look()), (e: { code?: string }) => e.code === "not-found");
        assert.ok((await r.azure.reader.servers(planId, look())).some((server) => server.id === moved), "the plan names it anew");
      }
      await assert.rejects(asrUnplannedFailover(parts).preview(now, look()), /already runs? on the recovery side/);
      const home = await whole(asrUnplannedFailover(parts), { ...now, direction: "to-primary" }, "f4");
      assert.deepEqual([home.ended.state, home.body.properties.failoverDirection, home.body.properties.sourceSiteOperations], ["succeeded", "RecoveryToPrimary", "Required"]);
    });
  }

  it("re-protect a server with the disks, group and container that the runbook names, all shown to the approver", async () => {
    const parts = await begin("A2A");
    await whole(asrUnplannedFailover(parts), { item, shutDownSource: false }, "d1");
    await whole(asrFailoverCommit(parts), { item }, "d2");
    const group = `/subscriptions/${subscription}/resourceGroups/rg-back`;
    const disk = `${group}/providers/Microsoft.Compute/disks/os`;
    const cache = `${group}/providers/Microsoft.Storage/storageAccounts/cacheback`;
    const back = await whole(asrReprotect(parts), { item, group, disks: [disk], cache }, "d3");
    assert.deepEqual(back.preview.facts.filter(({ label }) => ["Resource group", "Disks"].includes(label)).map(({ value }) => value), ["rg-back", "os, through cacheback"]);
    assert.deepEqual(back.body.properties.providerSpecificDetails.vmManagedDisks, [{ diskId: disk, primaryStagingAzureStorageAccountId: cache, recoveryResourceGroupId: group }]);
    assert.equal(back.ended.state, "succeeded");
  });

  it("fail a Hyper-V server over as planned, commit, and back with its data", async () => {
    const parts = await begin("HyperVReplicaAzure");
    const planned = await whole(asrPlannedFailover(parts), { item }, "h1");
    assert.deepEqual([planned.ended.state, planned.body], ["succeeded", { properties: { failoverDirection: "PrimaryToRecovery", providerSpecificDetails: { instanceType: "HyperVReplicaAzure" } } }]);
    assert.equal((await whole(asrFailoverCommit(parts), { item }, "h2")).ended.state, "succeeded");
    const back = await whole(asrPlannedFailover(parts), { item, direction: "to-primary" }, "h3");
    assert.deepEqual(back.body, { properties: { failoverDirection: "RecoveryToPrimary", providerSpecificDetails: { instanceType: "HyperVReplicaAzureFailback", dataSyncOption: "ForDownTime", recoveryVmCreationOption: "NoAction" } } });
    assert.equal(back.ended.state, "succeeded");
    const cancelled = await whole(asrFailoverCancel(parts), { item }, "h4");
    assert.deepEqual([cancelled.ended.state, cancelled.body], ["succeeded", null]);
  });

  it("cancel the failback of a whole Hyper-V plan before its commit, and of none from Azure to Azure", async () => {
    const parts = await begin("HyperVReplicaAzure");
    const plan = { plan: planId };
    for (const [action, input, tag] of [[asrPlannedFailover(parts), plan, "c1"], [asrFailoverCommit(parts), plan, "c2"], [asrPlannedFailover(parts), { ...plan, direction: "to-primary" }, "c3"]] as const) {
      assert.equal((await whole(action, input, tag)).ended.state, "succeeded", tag);
    }
    assert.deepEqual(await asrFailoverCancel(parts).needed?.(plan, look()), { needed: true, why: "the failover of rp-payroll can be cancelled" });
    const cancelled = await whole(asrFailoverCancel(parts), plan, "c4");
    assert.deepEqual([cancelled.ended.state, cancelled.ended.summary, cancelled.path, cancelled.body], ["succeeded", "3 of 3 failovers cancelled", "rp-payroll/failoverCancel", null]);
    assert.deepEqual(cancelled.ended.servers.map(({ detail }) => detail), Array.from({ length: 3 }, () => "runs on the recovery side"));
    assert.equal((await asrFailoverCancel(parts).needed?.(plan, look()))?.needed, false);
    await assert.rejects(asrFailoverCancel(parts).start(plan, send(r.clock, "c5")), /does not allow cancelling a failover of rp-payroll/);
  });

  it("test-fail and fail a Hyper-V plan over with the bodies that its provider takes", async () => {
    const parts = await begin("HyperVReplicaAzure");
    assert.deepEqual((await whole(asrTestFailover(parts), { plan: planId, network: networkId }, "p1")).body.properties.providerSpecificDetails, [{ instanceType: "HyperVReplicaAzure", recoveryPointType: "LatestProcessed" }]);
    await whole(asrTestFailoverCleanup(parts), { plan: planId }, "p2");
    const planned = await whole(asrPlannedFailover(parts), { plan: planId }, "p3");
    assert.deepEqual([planned.ended.state, planned.body], ["succeeded", { properties: { failoverDirection: "PrimaryToRecovery", providerSpecificDetails: [{ instanceType: "HyperVReplicaAzure" }] } }]);
  });

  it("do not pass with a server that did not come over, and say why", async () => {
    const parts = await begin("A2A");
    r.simulator.add({ kind: "server-fails", server: "web-02", error: { code: "28031", message: "No vCPU left.", possibleCauses: "Quota.", recommendedAction: "Raise it." }, jobEnds: "PartiallySucceeded", times: 1 });
    const over = await whole(asrUnplannedFailover(parts), { plan: planId }, "q1");
    assert.deepEqual([over.ended.state, over.ended.summary], ["failed", "2 of 3 servers failed over"]);
    assert.deepEqual([over.ended.problems[0]?.message, over.ended.problems[0]?.action], ["No vCPU left.", "Raise it."]);
  });

  it("look for a real failover before it is sent, and stop while somebody else is at work", async () => {
    const parts = await begin("A2A");
    await r.azure.writer.testFailover(planId, { failoverDirection: "PrimaryToRecovery", networkType: "VmNetworkAsInput", networkId, providerSpecificDetails: [{ instanceType: "A2A", recoveryPointType: "LatestProcessed" }] }, send(r.clock, "somebody"));
    r.passSeconds(300);
    const targets: readonly Readonly<Record<string, string>>[] = [{ plan: planId }, { item }];
    for (const target of targets) {
      await assert.rejects(asrUnplannedFailover(parts).start(target, send(r.clock)), (e: { code?: string; message?: string }) => e.code === "not-now" && /already at work|does not allow/.test(e.message ?? ""));
    }
    assert.equal(posts(r.simulator).length, 1);
  });
});
