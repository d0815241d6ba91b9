import assert from "node:assert/strict";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { startSimulator } from "../../../src/simulator/start.ts";
import type { Estate } from "../../../src/simulator/estate.ts";
import { networkId, planId, rehearsal, send, testFailoverInput, whileTimePasses } from "../azure/rehearsal.ts";
import type { Rehearsal } from "../azure/rehearsal.ts";
import { all, clientsOf } from "./clients.ts";

const poll = { updateIntervalInMs: 2 };

describe("Compute, Network, Traffic Manager, DNS and rights through the official SDKs", () => {
  let r: Rehearsal;
  let azure: ReturnType<typeof clientsOf>;
  beforeEach(async () => {
    r = await rehearsal();
    azure = clientsOf(r.simulator);
  });
  afterEach(() => r.simulator.close());

  const failOver = async () => {
    await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock));
    r.passSeconds(400);
  };

  it("shows a machine's power and agent, and starts, stops and restarts it as operations", async () => {
    await failOver();
    const view = async () => {
      const { statuses, vmAgent } = await azure.compute.virtualMachines.instanceView("rg-dr-test", "web-01-test");
      return [statuses?.at(-1)?.code, vmAgent?.statuses?.[0]?.displayStatus];
    };
    assert.deepEqual(await view(), ["PowerState/running", "Ready"]);
    await whileTimePasses(r, async () => azure.compute.virtualMachines.deallocate("rg-dr-test", "web-01-test", poll));
    assert.deepEqual(await view(), ["PowerState/deallocated", "Not Ready"]);
    await whileTimePasses(r, async () => azure.compute.virtualMachines.start("rg-dr-test", "web-01-test", poll));
    assert.deepEqual(await view(), ["PowerState/running", "Ready"]);
    const restart = azure.compute.virtualMachines.restart("rg-dr-test", "web-01-test", poll);
    await restart.submitted();
    assert.deepEqual(await view(), ["PowerState/running", "Not Ready"]);
    await whileTimePasses(r, async () => restart);
    assert.deepEqual(await view(), ["PowerState/running", "Ready"]);
  });

  it("keeps a test server that is sick running, with an agent that does not answer and a screen that says why", async () => {
    r.simulator.add({ kind: "sick-server", server: "web-01", how: "boot-manager", times: null });
    await failOver();
    const { statuses, vmAgent } = await azure.compute.virtualMachines.instanceView("rg-dr-test", "web-01-test");
    assert.deepEqual([statuses?.at(-1)?.code, vmAgent?.statuses?.[0]?.displayStatus], ["PowerState/running", "Not Ready"]);
    const { consoleScreenshotBlobUri = "", serialConsoleLogBlobUri = "" } = await azure.compute.virtualMachines.retrieveBootDiagnosticsData("rg-dr-test", "web-01-test");
    const there = (address: string) => fetch(address.replace(/^https:\/\/[^/]+/, r.simulator.url));
    const screen = await there(consoleScreenshotBlobUri);
    assert.deepEqual([screen.status, screen.headers.get("content-type"), Buffer.from(await screen.arrayBuffer()).subarray(0, 2).toString()], [200, "image/bmp", "BM"]);
    assert.match(await (await there(serialConsoleLogBlobUri)).text(), /Windows Boot Manager: the computer needs to be repaired/);
    assert.notEqual((await there(consoleScreenshotBlobUri.replace(/sig=[^&]+/, "sig=x"))).status, 200, "an address without its signature opens nothing");
  });

  it("counts the vCPUs of running machines against the limit of their family", async () => {
    const used = async () => (await all(azure.compute.usage.list("northeurope"))).find(({ name }) => name.value === "standardDSv5Family");
    assert.deepEqual([(await used())?.currentValue, (await used())?.limit], [0, 350]);
    await failOver();
    assert.equal((await used())?.currentValue, 8);
    const sku = (await all(azure.compute.resourceSkus.list({ filter: "location eq 'northeurope'" }))).find(({ name }) => name === "Standard_D4s_v5");
    assert.deepEqual([sku?.family, sku?.capabilities?.[0]], ["standardDSv5Family", { name: "vCPUs", value: "4" }]);
  });

  it("shows an isolated network, and one that is joined to production", async () => {
    const isolated = await azure.network.virtualNetworks.get("rg-dr", "vnet-dr-isolated");
    assert.deepEqual([isolated.virtualNetworkPeerings, isolated.dhcpOptions?.dnsServers, isolated.subnets?.[0]?.defaultOutboundAccess], [[], ["10.50.0.10"], false]);
    const [peering] = await all(azure.network.virtualNetworkPeerings.list("rg-westeurope", "vnet-prod"));
    assert.deepEqual([peering?.peeringState, peering?.remoteVirtualNetwork?.id?.split("/").at(-1)], ["Connected", "vnet-hub"]);
    const subnets = await all(azure.network.subnets.list("rg-hub", "vnet-hub"));
    assert.deepEqual(subnets.map(({ name }) => name), ["default", "GatewaySubnet"]);
    assert.equal((await azure.network.virtualNetworkGateways.get("rg-hub", "vgw-hub")).gatewayType, "Vpn");
    const rules = await all(azure.network.securityRules.list("rg-dr", "nsg-vnet-dr-isolated"));
    assert.deepEqual(rules.map(({ access, direction, destinationAddressPrefix }) => [access, direction, destinationAddressPrefix]), [["Deny", "Outbound", "Internet"]]);
    assert.equal((await azure.network.routeTables.get("rg-dr", "rt-vnet-dr-isolated")).routes?.[0]?.nextHopType, "None");
  });

  it("gives a test server's address and the routes that are in force for it", async () => {
    await failOver();
    const machine = await azure.compute.virtualMachines.get("rg-dr-test", "web-01-test");
    const card = await azure.network.networkInterfaces.get("rg-dr-test", machine.networkProfile?.networkInterfaces?.[0]?.id?.split("/").at(-1) ?? "");
    const [config] = card.ipConfigurations ?? [];
    assert.deepEqual([config?.privateIPAddress, config?.subnet?.id], ["10.50.0.11", `${networkId.toLowerCase()}/subnets/default`]);
    const { value } = await whileTimePasses(r, async () => azure.network.networkInterfaces.getEffectiveRouteTable("rg-dr-test", "web-01-test-nic", poll));
    assert.deepEqual(
      value?.filter(({ state }) => state === "Active").map(({ addressPrefix, nextHopType }) => [addressPrefix?.[0], nextHopType]),
      [["10.50.0.0/16", "VnetLocal"], ["0.0.0.0/0", "None"]],
    );
  });

  it("tells what a load balancer and an application gateway find behind them", async () => {
    await failOver();
    const health = (rule: string) => whileTimePasses(r, async () => azure.network.loadBalancerLoadBalancingRules.health("rg-dr-test", "lb-payroll", rule, poll));
    const tcp = await health("web-tcp");
    assert.deepEqual([tcp.up, tcp.down], [2, 0]);
    const http = await health("web-http");
    assert.deepEqual([http.up, http.down, http.loadBalancerBackendAddresses?.[0]?.state], [0, 2, "Down"], "a probe without the site's name gets 400");
    const gateway = await whileTimePasses(r, async () => azure.network.applicationGateways.backendHealth("rg-dr-test", "agw-payroll", poll));
    assert.deepEqual(gateway.backendAddressPools?.[0]?.backendHttpSettingsCollection?.[0]?.servers?.map(({ address, health: state }) => [address, state]), [["10.50.0.11", "Up"], ["10.50.0.12", "Up"]]);
  });

  it("switches and orders endpoints of Traffic Manager, which are checked before they are online", async () => {
    const recovery = () => azure.traffic.endpoints.get("rg-payroll", "tm-payroll", "ExternalEndpoints", "recovery");
    assert.deepEqual([(await recovery()).endpointStatus, (await recovery()).endpointMonitorStatus, (await recovery()).priority], ["Disabled", "Disabled", 2]);
    await azure.traffic.endpoints.update("rg-payroll", "tm-payroll", "ExternalEndpoints", "recovery", { endpointStatus: "Enabled" });
    assert.equal((await recovery()).endpointMonitorStatus, "CheckingEndpoint");
    r.passSeconds(31);
    assert.equal((await recovery()).endpointMonitorStatus, "Online");
    await assert.rejects(azure.traffic.endpoints.update("rg-payroll", "tm-payroll", "ExternalEndpoints", "recovery", { priority: 1 }), { statusCode: 400 });
    await azure.traffic.endpoints.update("rg-payroll", "tm-payroll", "ExternalEndpoints", "recovery", { priority: 7 });
    assert.deepEqual((await azure.traffic.profiles.get("rg-payroll", "tm-payroll")).endpoints?.map(({ name, priority }) => [name, priority]), [["primary", 1], ["recovery", 7]]);
  });

  it("changes a DNS record only under the etag that was read", async () => {
    const before = await azure.dns.recordSets.get("rg-payroll", "contoso.example", "payroll", "CNAME");
    assert.deepEqual([before.cnameRecord?.cname, before.ttl], ["payroll-contoso.trafficmanager.net", 300]);
    const change = (etag: string | undefined) => azure.dns.recordSets.createOrUpdate("rg-payroll", "contoso.example", "payroll", "CNAME", { ttl: 60, cnameRecord: { cname: "dr.contoso.example" } }, { ifMatch: etag ?? "" });
    const after = await change(before.etag);
    assert.equal(after.cnameRecord?.cname, "dr.contoso.example");
    await assert.rejects(change(before.etag), { statusCode: 412 });
    assert.deepEqual((await all(azure.dns.recordSets.listByDnsZone("rg-payroll", "contoso.example"))).map(({ name, ttl }) => [name, ttl]), [["payroll", 60], ["payroll-direct", 300]]);
    await assert.rejects(azure.dns.recordSets.createOrUpdate("rg-payroll", "contoso.example", "payroll", "CNAME", { ttl: 1, cnameRecord: { cname: "x" } }, { ifNoneMatch: "*" }), { statusCode: 412 });
  });

  it("lists every network, machine and profile of the subscription", async () => {
    await failOver();
    assert.deepEqual((await all(azure.network.virtualNetworks.listAll())).map(({ name }) => name), payroll.networks.map(({ name }) => name));
    assert.deepEqual((await all(azure.compute.virtualMachines.list("rg-dr-test"))).map(({ name }) => name), ["sql-payroll-test", "web-01-test", "web-02-test"]);
    assert.deepEqual((await all(azure.traffic.profiles.listByResourceGroup("rg-payroll"))).map(({ name }) => name), ["tm-payroll"]);
  });
});

describe("rights", () => {
  const vault = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv-payroll";
  const few: Estate = { ...payroll, grants: [{ actions: ["Microsoft.RecoveryServices/vaults/*/read", "Microsoft.Authorization/*/read"], notActions: ["Microsoft.RecoveryServices/vaults/replicationEvents/read"] }] };

  it("are listed for a resource, and are what a request needs", async () => {
    const simulator = await startSimulator({ estate: few, pace: 1, knownScripts: new Set(), seed: "rights" });
    try {
      const { authorization } = clientsOf(simulator);
      const granted = await all(authorization.permissions.listForResource("rg-dr", "Microsoft.RecoveryServices", "", "vaults", "rsv-payroll"));
      assert.deepEqual(granted.map(({ actions, notActions }) => [actions?.[0], notActions?.[0]]), [["Microsoft.RecoveryServices/vaults/*/read", "Microsoft.RecoveryServices/vaults/replicationEvents/read"]]);
      const status = async (method: string, path: string) => {
        const answer = await fetch(`${simulator.url}${vault}${path}?api-version=2023-06-01`, { method, headers: { authorization: "Bearer x" } });
        return [answer.status, /perform action '([^']+)'/.exec(await answer.text())?.[1]];
      };
      assert.deepEqual(await status("GET", "/replicationRecoveryPlans/rp-payroll"), [200, undefined]);
      assert.deepEqual(await status("GET", "/replicationEvents"), [403, "Microsoft.RecoveryServices/vaults/replicationEvents/read"]);
      assert.deepEqual(await status("POST", "/replicationRecoveryPlans/rp-payroll/testFailover"), [403, "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/testFailover/action"]);
    } finally {
      await simulator.close();
    }
  });
});
