import assert from "node:assert/strict";
import { actionsWith } from "../../../src/actions/all.ts";
import type { Action } from "../../../src/drills/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { itemPath } from "../../../src/simulator/item-answer.ts";
import { connected, look, networkId, planId, posts, rehearsal, send, subscription } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

const machine = `/subscriptions/${subscription}/resourceGroups/rg-jump/providers/Microsoft.Compute/virtualMachines/jump-01`;
const endpoint = `/subscriptions/${subscription}/resourceGroups/rg-edge/providers/Microsoft.Network/trafficManagerProfiles/tm-payroll/externalEndpoints/recovery`;
const estate = {
  ...payroll,
  machines: [{ name: "jump-01", resourceGroup: "rg-jump", location: "northeurope", size: "Standard_D2s_v5", address: "10.50.0.9", network: "vnet-dr-isolated", stopped: true }],
  traffic: [
    {
      name: "tm-payroll",
      resourceGroup: "rg-edge",
      dnsName: "payroll",
      ttl: 60,
      routing: "Priority" as const,
      monitor: { protocol: "HTTPS" as const, port: 443, path: "/", interval: 30, timeout: 10, failures: 3 },
      endpoints: [{ name: "recovery", kind: "externalEndpoints" as const, target: "neu.contoso.example", priority: 1, enabled: false }],
    },
  ],
};

const [vault] = payroll.vaults;
const item = vault === undefined ? "" : itemPath(payroll, vault, vault.servers[0] ?? assert.fail(), "Primary");

/** Each action with what has to have happened before it. */
const journeys: readonly (readonly [type: string, input: Json, before: readonly (readonly [string, Json])[], provider?: "HyperVReplicaAzure"])[] = [
  ["asr-test-failover", { plan: planId, network: networkId }, []],
  ["asr-test-failover-cleanup", { plan: planId }, [["asr-test-failover", { plan: planId, network: networkId }]]],
  ["asr-unplanned-failover", { plan: planId }, []],
  ["asr-failover-commit", { plan: planId }, [["asr-unplanned-failover", { plan: planId }]]],
  ["asr-reprotect", { plan: planId }, [["asr-unplanned-failover", { plan: planId }], ["asr-failover-commit", { plan: planId }]]],
  ["asr-reprotect", { item }, [["asr-unplanned-failover", { item }], ["asr-failover-commit", { item }]]],
  ["asr-planned-failover", { plan: planId }, [], "HyperVReplicaAzure"],
  ["asr-failover-cancel", { plan: planId }, [["asr-planned-failover", { plan: planId }], ["asr-failover-commit", { plan: planId }], ["asr-planned-failover", { plan: planId, direction: "to-primary" }]], "HyperVReplicaAzure"],
  ["vm-start", { server: machine }, []],
  ["traffic-endpoint", { endpoint, status: "enabled" }, []],
];

describe("a new process in every phase of what another one started", () => {
  let r: Rehearsal;
  beforeEach(() => begin("A2A"));
  afterEach(() => r.simulator.close());

  const begin = async (provider: "A2A" | "HyperVReplicaAzure") => {
    await r?.simulator.close();
    r = await rehearsal({ estate: { ...estate, vaults: estate.vaults.map((vault) => ({ ...vault, provider })) } });
  };

  /** The actions of a process that has just begun and remembers nothing. */
  const fresh = (type: string): Action => {
    const azure = connected(r.simulator, r.clock);
    const action = actionsWith({ ...azure, scriptLibrary: () => null, clock: r.clock }).find(({ facts }) => facts.type === type);
    assert.ok(action, type);
    return action;
  };
  const toEnd = async (type: string, handle: string, input: Json) => {
    for (let looks = 0; looks < 200; looks += 1) {
      const { state, nextLookMs } = await fresh(type).follow(handle, input, look());
      if (state !== "running") return state;
      r.passSeconds(nextLookMs / 1000);
    }
    return "never";
  };

  for (const [type, input, before, provider] of journeys) {
    it(`${type} of ${JSON.stringify(input).slice(2, 6)} goes on from its handle at every look, and is found by its tag afterwards`, async () => {
      if (provider !== undefined) await begin(provider);
      for (const [other, given] of before) {
        const { handle } = await fresh(other).start(given, send(r.clock, `before-${other}`));
        assert.equal(await toEnd(other, handle, given), "succeeded");
      }
      const since = r.clock();
      const changes = () => r.simulator.requests.filter(({ method }) => method !== "GET").length;
      const sent = changes();
      const { handle } = await fresh(type).start(input, send(r.clock, "once"));
      // One process a look: each is killed right after it, and the next has the handle alone.
      assert.equal(await toEnd(type, handle, input), "succeeded");
      const found = await fresh(type).find(input, "once", since, look());
      assert.ok(found, "what was started is found by a process that lost the answer");
      assert.equal(await toEnd(type, found.handle, input), "succeeded");
      assert.equal(changes() - sent, 1, "looking changed nothing");
    });
  }

  it("a start that never left is found by nobody", async () => {
    assert.equal(await fresh("asr-unplanned-failover").find({ plan: planId }, "never-sent", r.clock(), look()), null);
    assert.equal(posts(r.simulator).length, 0);
  });
});
