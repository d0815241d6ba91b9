import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { actionFacts, actionsWith } from "../../../src/actions/all.ts";
import type { Action } from "../../../src/drills/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { look, networkId, planId, probeScript, rehearsal, send, subscription } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

const group = (name: string) => `/subscriptions/${subscription}/resourceGroups/${name}/providers`;
const machine = `${group("rg-jump")}/Microsoft.Compute/virtualMachines/jump-01`;
const testServer = `${group("rg-dr-test")}/Microsoft.Compute/virtualMachines/web-01-test`;
const endpoint = `${group("rg-edge")}/Microsoft.Network/trafficManagerProfiles/tm/externalEndpoints/recovery`;
const zone = `${group("rg-edge")}/Microsoft.Network/dnsZones/contoso.example`;
const estate = {
  ...payroll,
  machines: [{ name: "jump-01", resourceGroup: "rg-jump", location: "northeurope", size: "Standard_D2s_v5", address: "10.50.0.9", network: "vnet-dr-isolated" }],
  traffic: [
    {
      name: "tm",
      resourceGroup: "rg-edge",
      dnsName: "payroll",
      ttl: 60,
      routing: "Priority" as const,
      monitor: { protocol: "HTTPS" as const, port: 443, path: "/", interval: 30, timeout: 10, failures: 3 },
      endpoints: [{ name: "recovery", kind: "externalEndpoints" as const, target: "neu.contoso.example", priority: 1, enabled: false }],
    },
  ],
  dnsZones: [{ name: "contoso.example", resourceGroup: "rg-edge", records: (["A", "AAAA", "CNAME"] as const).map((type) => ({ name: type.toLowerCase(), type, ttl: 60, values: [{ A: "192.0.2.1", AAAA: "2001:db8::1", CNAME: "a.contoso.example" }[type]] })) }],
};
const script = { server: testServer, script: "probe.ps1", sha256: createHash("sha256").update(probeScript).digest("hex") };

type Given = readonly (readonly [type: string, input: Json])[];
const test = ["asr-test-failover", { plan: planId, network: networkId }] as const;
const failover = ["asr-unplanned-failover", { plan: planId }] as const;
const commit = ["asr-failover-commit", { plan: planId }] as const;

/** Every action, on every kind of target that it has, after what has to come before it. */
const journeys: readonly (readonly [provider: "A2A" | "HyperVReplicaAzure", input: (item: string) => Given])[] = [
  ["A2A", () => [test, ["vm-run-script", script], ["asr-test-failover-cleanup", { plan: planId }], failover, commit, ["asr-reprotect", { plan: planId }]]],
  ["A2A", (item) => [["asr-test-failover", { item, network: networkId }], ["asr-test-failover-cleanup", { item }], ["asr-unplanned-failover", { item }], ["asr-failover-commit", { item }], ["asr-reprotect", { item }]]],
  ["HyperVReplicaAzure", () => [["asr-planned-failover", { plan: planId }], commit, ["asr-planned-failover", { plan: planId, direction: "to-primary" }], ["asr-failover-cancel", { plan: planId }]]],
  ["HyperVReplicaAzure", (item) => [["asr-planned-failover", { item }], ["asr-failover-commit", { item }], ["asr-planned-failover", { item, direction: "to-primary" }], ["asr-failover-cancel", { item }], ["asr-planned-failover", { item, direction: "to-primary" }], ["asr-failover-commit", { item }], ["asr-reprotect", { item, direction: "to-recovery" }]]],
  ["A2A", () => [["vm-restart", { server: machine }], ["vm-stop", { server: machine, deallocate: false }], ["vm-stop", { server: machine }], ["vm-start", { server: machine }]]],
  ["A2A", () => [["traffic-endpoint", { endpoint, status: "enabled" }], ...(["A", "AAAA", "CNAME"] as const).map((type) => ["dns-record", { zone, record: type.toLowerCase(), type, values: [{ A: "192.0.2.9", AAAA: "2001:db8::9", CNAME: "b.contoso.example" }[type]] }] as const)]],
];

/** The right that Resource Manager asks for a request. */
function rightFor(method: string, path: string): string {
  const [namespace = "", ...rest] = (path.split("?")[0]?.split("/providers/")[1] ?? "").split("/");
  const types = rest.filter((_, index) => index % 2 === 0);
  const verb = { GET: "read", PUT: "write", PATCH: "write", DELETE: "delete", POST: "action" }[method] ?? method;
  return [namespace, ...types, verb].join("/").toLowerCase();
}

describe("the rights that actions declare", () => {
  let r: Rehearsal;
  const asked = new Map<string, Set<string>>();

  before(async () => {
    for (const [provider, given] of journeys) {
      const plans = estate.vaults[0]?.plans.map((plan) => ({ ...plan, manualActions: [{ name: "Stop", description: "Do it.", before: 1 }] })) ?? [];
      r = await rehearsal({ estate: { ...estate, vaults: estate.vaults.map((vault) => ({ ...vault, provider, plans })) } });
      const actions = new Map(actionsWith({ ...r.azure, scriptLibrary: () => ({ text: probeScript, sha256: script.sha256 }), clock: r.clock }).map((action) => [action.facts.type, action]));
      for (const [type, input] of given((await r.azure.reader.servers(planId, look()))[0]?.id ?? "")) {
        const from = r.simulator.requests.length;
        const action = actions.get(type);
        assert.ok(action, type);
        await everything(action, input, `${type}-${from}`);
        const rights = asked.get(type) ?? new Set();
        for (const { method, path } of r.simulator.requests.slice(from)) rights.add(rightFor(method, path));
        asked.set(type, rights);
      }
      await r.simulator.close();
    }
  });

  const everything = async (action: Action, input: Json, tag: string) => {
    await action.preview(input, look());
    await action.needed?.(input, look());
    await action.evidence?.(input, look());
    const since = r.clock();
    const { handle } = await action.start(input, send(r.clock, tag));
    await action.find(input, tag, since, look());
    for (let looks = 0; looks < 60; looks += 1) {
      const { state, pause } = await action.follow(handle, input, look());
      if (state !== "running") return;
      if (pause !== undefined) await action.resume?.(handle, input, pause.id, "done", send(r.clock));
      r.passSeconds(15);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.fail(`${tag} did not end`);
  };

  for (const { type, permissions } of actionFacts) {
    it(`${type} declares what it asks, and asks what it declares`, () => {
      const declared = permissions.map((one) => one.toLowerCase());
      const rights = [...(asked.get(type) ?? [])];
      assert.ok(rights.length > 0, "it was run");
      assert.deepEqual(rights.filter((one) => !declared.includes(one)), [], "asked and not declared");
      const unused = declared.filter((one) => !rights.includes(one));
      // One action for three kinds of endpoint.
      const excused = /\/(azure|nested)endpoints\/write$/;
      assert.deepEqual(unused.filter((one) => !excused.test(one)), [], "declared and not asked");
    });
  }

  it("are all in the roles that an administrator deploys", () => {
    const role = (file: string): readonly string[] => JSON.parse(readFileSync(file, "utf8")).Actions.map((one: string) => one.toLowerCase());
    const [drills, failovers] = [role("roles/drillbook-drills.json"), role("roles/drillbook-failover.json")];
    for (const { type, live } of actionFacts) {
      const rights = [...(asked.get(type) ?? [])];
      assert.deepEqual(rights.filter((one) => !failovers.includes(one)), [], type);
      if (live !== true) assert.deepEqual(rights.filter((one) => !drills.includes(one)), [], type);
    }
  });
});
