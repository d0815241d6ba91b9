import assert from "node:assert/strict";
import { asrTestFailoverCleanup } from "../../../src/actions/asr-test-failover-cleanup.ts";
import { asrTestFailover } from "../../../src/actions/asr-test-failover.ts";
import { azureChecks } from "../../../src/checks/azure-checks.ts";
import { connectPlain } from "../../../src/checks/http/check.ts";
import { lbBackendsCheck } from "../../../src/checks/lb-backends.ts";
import { probeScripts } from "../../../src/checks/http/probe-scripts.ts";
import type { DrillHistory } from "../../../src/checks/ports.ts";
import { catalogue } from "../../../src/composition.ts";
import type { Observation, TestServer } from "../../../src/drills/events.ts";
import type { SeenFile } from "../../../src/drills/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import type { Estate, Network } from "../../../src/simulator/estate.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { look, networkId, planId, rehearsal, send, subscription, whileTimePasses } from "../azure/rehearsal.ts";
import type { Rehearsal } from "../azure/rehearsal.ts";

const group = (name: string) => `/subscriptions/${subscription}/resourceGroups/${name}`;
const rowsOf = (seen: Observation) => (seen.result as { readonly rows: readonly { readonly target: string; readonly label: string; readonly verdict: string; readonly reason: string }[] }).rows;

/** The estate with its isolated network changed. */
const withNetwork = (change: Partial<Network>): Estate => ({ ...payroll, networks: payroll.networks.map((one) => (one.name === "vnet-dr-isolated" ? { ...one, ...change } : one)) });

describe("checks that read Azure, through the SDK over HTTP", () => {
  let r: Rehearsal;
  let testServers: readonly TestServer[] = [];

  const begin = async (estate: Estate = payroll, azure: Parameters<typeof rehearsal>[1] = {}) => {
    r = await rehearsal({ estate, knownScripts: new Set(Object.values(probeScripts()).map((script) => script.sha256)) }, azure);
    testServers = [];
  };
  afterEach(() => r.simulator.close());

  async function observe(type: string, input: Json, history?: DrillHistory): Promise<Observation> {
    const vantage = { scripts: r.azure.scripts, resolve: async () => [], connect: connectPlain, allowPrivate: false, clock: r.clock };
    const check = azureChecks({ ...r.azure, vantage, catalogue: () => catalogue, clock: r.clock, ...(history && { history }) }).find((one) => one.facts.type === type);
    assert.ok(check, type);
    return whileTimePasses(r, () => check.observe(input, { ...look(), testServers }));
  }

  async function failOver(): Promise<void> {
    await asrTestFailover({ reader: r.azure.reader, writer: r.azure.writer, clock: r.clock }).start({ plan: planId, network: networkId }, send(r.clock));
    r.passSeconds(600);
    testServers = (await r.azure.reader.servers(planId, look())).flatMap((server) => server.testServer ?? []);
    assert.equal(testServers.length, 3);
  }

  async function cleanUp(): Promise<void> {
    await asrTestFailoverCleanup({ reader: r.azure.reader, writer: r.azure.writer, clock: r.clock }).start({ plan: planId, comments: "done" }, send(r.clock, "drill-7-clean-1"));
    r.passSeconds(600);
  }

  describe("vm-boot", () => {
    beforeEach(() => begin());

    it("passes when every agent is ready", async () => {
      await failOver();
      const seen = await observe("vm-boot", {});
      assert.equal(seen.verdict, "passed", JSON.stringify(seen));
      assert.match(seen.summary, /3 of 3 started/);
    });

    for (const [how, verdict, words] of [
      ["boot-manager", "failed", /the serial log ends in the Windows Boot Manager \(0xc0000225\)/],
      ["blue-screen", "failed", /the serial log ends in a blue screen \(0x0000007B INACCESSIBLE_BOOT_DEVICE\)/],
      ["no-agent", "not-proved", /Azure calls web-01-test running and its agent is not ready/],
    ] as const) {
      it(`never passes a server with ${how}, which Azure calls running`, async () => {
        r.simulator.add({ kind: "sick-server", server: "web-01", how, times: null });
        await failOver();
        const seen = await observe("vm-boot", {});
        assert.equal(seen.verdict, verdict, JSON.stringify(seen));
        assert.match(rowsOf(seen).find((row) => row.target === "web-01-test")?.reason ?? "", words);
        assert.equal(rowsOf(seen).filter((row) => row.verdict === "up").length, 2);
      });
    }

    it("keeps the end of the serial log and the picture's hash, and no address with a signature", async () => {
      r.simulator.add({ kind: "sick-server", server: "web-01", how: "no-agent", times: null });
      await failOver();
      const seen = await observe("vm-boot", { servers: "web-01-test" });
      const files = (seen as { readonly files?: readonly SeenFile[] }).files ?? [];
      assert.deepEqual(files.map((file) => [file.name, file.mediaType]), [["web-01-test-screen.bmp", "image/bmp"], ["web-01-test-serial.log", "text/plain"]]);
      assert.equal(Buffer.from(files[0]?.bytes.subarray(0, 2) ?? []).toString(), "BM");
      const text = JSON.stringify({ ...seen, files: [] });
      assert.match(text, /"serialLog":"UEFI firmware.*"screenshot":\{"mediaType":"image\/bmp","bytes":\d+,"sha256":"[0-9a-f]{64}"\}/);
      assert.doesNotMatch(text, /sig=|blob\.core/);
      assert.match(seen.diagnosis.join("\n"), /Look at its screen on this card \(web-01-test-screen\.bmp, kept with the drill\), and judge: .* Do not clean up before you looked/);
    });

    it("takes an answer from inside for a proof, and the boot manager gives none", async () => {
      r.simulator.add({ kind: "sick-server", server: "web-01", how: "no-agent", times: null });
      r.simulator.add({ kind: "sick-server", server: "sql-payroll", how: "boot-manager", times: null });
      await failOver();
      const answers = { port: 80, from: "web-02-test" };
      assert.equal((await observe("vm-boot", { servers: "web-01-test", answers })).verdict, "passed");
      assert.equal((await observe("vm-boot", { servers: "sql-payroll-test", answers })).verdict, "failed");
    });

    it("says that there is no test server, or none of that name", async () => {
      assert.match((await observe("vm-boot", {})).diagnosis.join(), /run the test failover first/);
      await failOver();
      assert.equal((await observe("vm-boot", { servers: "web-07" })).verdict, "not-proved");
    });
  });

  describe("quota", () => {
    it("passes when there is room, family by family", async () => {
      await begin();
      const seen = await observe("quota", { plan: planId, network: networkId });
      assert.equal(seen.verdict, "passed", JSON.stringify(seen));
      assert.deepEqual(rowsOf(seen).map((row) => row.label), ["standardESv5Family vCPUs", "standardDSv5Family vCPUs", "Total Regional vCPUs", "Virtual Machines", "Network Interfaces", "addresses"]);
    });

    for (const [what, quota, words] of [
      ["a size family", { name: "standardDSv5Family", used: 10, limit: 16 }, /standardDSv5Family vCPUs in northeurope: 8 are needed and 6 of 16 are free/],
      ["the region", { name: "cores", used: 90, limit: 100 }, /Total Regional vCPUs in northeurope: 16 are needed and 10 of 100 are free/],
    ] as const) {
      it(`fails when ${what} is too small`, async () => {
        await begin({ ...payroll, quotas: [{ location: "northeurope", ...quota }] });
        const seen = await observe("quota", { plan: planId });
        assert.equal(seen.verdict, "failed");
        assert.match(seen.diagnosis.join("\n"), words);
      });
    }

    const inZone = (zone: string): Estate => ({ ...payroll, vaults: payroll.vaults.map((vault) => ({ ...vault, servers: vault.servers.map((one) => (one.name === "sql-payroll" ? { ...one, zone } : one)) })) });
    const sqlSize = payroll.vaults[0]?.servers.find(({ name }) => name === "sql-payroll")?.size ?? "";

    it("looks at the zone that a server recovers to, and at the region as a whole", async () => {
      await begin({ ...inZone("2"), withheld: [{ location: "northeurope", size: sqlSize, zones: ["1", "3"] }] });
      assert.equal((await observe("quota", { plan: planId })).verdict, "passed");
      await r.simulator.close();
      await begin({ ...inZone("2"), withheld: [{ location: "northeurope", size: sqlSize, zones: ["2"] }] });
      assert.match((await observe("quota", { plan: planId })).diagnosis.join(), /cannot be had in zone 2 of northeurope, where sql-payroll recovers to \(zones 1, 3 have it\)/);
      await r.simulator.close();
      await begin({ ...payroll, withheld: [{ location: "northeurope", size: sqlSize }] });
      assert.match((await observe("quota", { plan: planId })).diagnosis.join(), /cannot be had in northeurope by this subscription \(NotAvailableForSubscription\)/);
    });

    it("fails for a network of another region than the one that servers recover to", async () => {
      await begin(withNetwork({ location: "westeurope" }));
      const seen = await observe("quota", { plan: planId, network: networkId });
      assert.equal(seen.verdict, "failed");
      assert.match(seen.diagnosis.join(), /vnet-dr-isolated lies in westeurope, and sql-payroll, \S+, \S+ recover to northeurope\. Choose a network of that region/);
    });

    it("counts what is to stay free, and the addresses of a small subnet", async () => {
      await begin({ ...withNetwork({ prefix: "10.50.0.8/29" }), quotas: [{ location: "northeurope", name: "cores", used: 0, limit: 20 }] });
      const seen = await observe("quota", { plan: planId, network: networkId, reserve: 10 });
      assert.match(seen.diagnosis.join("\n"), /26 are needed and 20 of 20 are free/);
      assert.equal(rowsOf(seen).find((row) => row.label === "addresses")?.verdict, "up");
      await r.simulator.close();
      await begin(withNetwork({ prefix: "10.50.0.8/30" }));
      assert.match((await observe("quota", { plan: planId, network: networkId })).diagnosis.join(), /3 addresses are needed, and its roomiest subnet default has 0/);
    });
  });

  describe("permissions", () => {
    const needs = { plan: planId, for: ["asr-test-failover", "asr-test-failover-cleanup", "vm-boot"], network: networkId };

    it("passes when everything is granted", async () => {
      await begin();
      assert.equal((await observe("permissions", needs)).verdict, "passed");
    });

    it("names what is missing, and where", async () => {
      await begin({ ...payroll, grants: [
        { actions: ["Microsoft.RecoveryServices/vaults/*", "*/read"], notActions: ["Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/testFailoverCleanup/action"] },
        { scope: group("rg-dr-test"), actions: ["Microsoft.Compute/virtualMachines/runCommands/*"] },
      ] });
      const seen = await observe("permissions", needs);
      assert.equal(seen.verdict, "failed");
      assert.match(seen.diagnosis.join("\n"), /On rsv-payroll, Drillbook's identity lacks Microsoft\.RecoveryServices\/vaults\/replicationRecoveryPlans\/testFailoverCleanup\/action/);
      assert.match(seen.diagnosis.join("\n"), /On rg-dr-test, Drillbook's identity lacks Microsoft\.Compute\/virtualMachines\/retrieveBootDiagnosticsData\/action/);
      assert.deepEqual(rowsOf(seen).filter((row) => row.verdict === "down").length, 2, JSON.stringify(rowsOf(seen).filter((row) => row.verdict === "down")));
    });

    const us = "22222222-3333-4444-8555-666666666666";
    const token = `e30.${Buffer.from(JSON.stringify({ oid: us })).toString("base64url")}.x`;
    const credential = { getToken: async () => ({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
    const groupOf = (id: string, type: "Group" | "ServicePrincipal") => [{ id, type }];
    const somebody = "99999999-3333-4444-8555-666666666666";
    const testFailover = ["Microsoft.RecoveryServices/vaults/*/testFailover/action"];

    for (const [what, principals, verdict, said] of [
      ["everybody", undefined, "failed", /denied by the deny assignment Locked on rsv-payroll/],
      ["us", groupOf(us, "ServicePrincipal"), "failed", /denied by the deny assignment Locked/],
      ["a group", groupOf(somebody, "Group"), "not-proved", /Not proved: .*the deny assignment Locked may take it away/],
      ["somebody else", groupOf(somebody, "ServicePrincipal"), "passed", /^$/],
    ] as const) {
      it(`counts a deny assignment above the vault, for ${what}`, async () => {
        await begin({ ...payroll, denials: [{ name: "Locked", actions: testFailover, ...(principals === undefined ? {} : { principals }) }] }, { credential });
        const seen = await observe("permissions", needs);
        assert.equal(seen.verdict, verdict, JSON.stringify(seen.diagnosis));
        assert.match(seen.diagnosis.join(" "), said);
        assert.ok(r.simulator.requests.some(({ path }) => path.includes("roleAssignments") && decodeURIComponent(path).includes(`assignedTo('${us}')`)), "only our own assignments are asked for");
      });
    }

    it("counts what the subscription and management groups grant, and says of a condition that it proves nothing", async () => {
      const all = { scope: `/subscriptions/${subscription}`, actions: ["*"] };
      await begin({ ...payroll, grants: [all] });
      assert.equal((await observe("permissions", needs)).verdict, "passed");
      await r.simulator.close();
      await begin({ ...payroll, grants: [{ ...all, notActions: testFailover }, { actions: ["Microsoft.RecoveryServices/*"], condition: "@Resource[a:b] StringEquals 'c'" }] });
      const seen = await observe("permissions", needs);
      assert.equal(seen.verdict, "not-proved", JSON.stringify(seen.diagnosis));
      assert.match(seen.diagnosis.join(" "), /Not proved: Microsoft\.RecoveryServices\S+testFailover\/action is granted under a condition only/);
      await r.simulator.close();
      await begin({ ...payroll, grants: [all, { actions: ["Microsoft.RecoveryServices/*"], condition: "@Resource[a:b] StringEquals 'c'" }] });
      assert.equal((await observe("permissions", needs)).verdict, "passed", "what is granted without a condition too is granted");
    });

    it("proves nothing when it may not read what is denied", async () => {
      await begin();
      r.simulator.add({ kind: "answer", on: { path: "denyAssignments" }, status: 403, error: { code: "AuthorizationFailed", message: "no" }, times: null });
      const seen = await observe("permissions", needs);
      assert.equal(seen.verdict, "not-proved");
      assert.match(seen.diagnosis.join(" "), /deny assignments and conditions on rsv-payroll could not be read/);
    });

    it("does not know what it does not know", async () => {
      await begin();
      assert.equal((await observe("permissions", { plan: planId, for: "no-such-action" })).verdict, "not-proved");
    });
  });

  describe("lb-backends", () => {
    const balancer = `${group("rg-dr-test")}/providers/Microsoft.Network/loadBalancers/lb-payroll`;
    const gateway = `${group("rg-dr-test")}/providers/Microsoft.Network/applicationGateways/agw-payroll`;
    beforeEach(() => begin());

    it("shows what the balancer sees, and why it asks in vain", async () => {
      await failOver();
      assert.equal((await observe("lb-backends", { balancer, rules: "web-tcp" })).verdict, "passed");
      const seen = await observe("lb-backends", { balancer });
      assert.equal(seen.verdict, "failed");
      assert.match(seen.diagnosis.join("\n"), /10\.50\.0\.11 is down for web-http: .*400.*check http with as: azure-load-balancer/);
    });

    it("reads an application gateway, pool by pool", async () => {
      await failOver();
      const seen = await observe("lb-backends", { balancer: gateway, rules: "web" });
      assert.equal(seen.verdict, "passed", JSON.stringify(seen));
      assert.deepEqual(rowsOf(seen).map((row) => `${row.target} ${row.label}`), ["10.50.0.11 web", "10.50.0.12 web"]);
    });

    it("is content with as many as are enough, and not with a rule that there is not", async () => {
      await failOver();
      assert.equal((await observe("lb-backends", { balancer, rules: "web-http", atLeast: 1 })).verdict, "failed");
      const [one, other] = await whileTimePasses(r, () => r.azure.balancers.backends(gateway, look()));
      assert.ok(one && other);
      const half = lbBackendsCheck({ balancers: { backends: async () => [one, { ...other, up: false, state: "Down", reason: "timed out" }] }, clock: r.clock });
      const asked = async (more: { readonly [key: string]: Json }) => (await half.observe({ balancer: gateway, ...more }, { ...look(), testServers: [] })).verdict;
      assert.deepEqual([await asked({}), await asked({ atLeast: 1 }), await asked({ atLeast: 2 })], ["failed", "passed", "failed"]);
      assert.match((await observe("lb-backends", { balancer, rules: "nobody" })).summary, /nobody has no backend/);
      await assert.rejects(observe("lb-backends", { balancer: `${balancer}-2` }), { code: "not-found" });
    });
  });

  describe("network-isolation", () => {
    it("passes a network that nothing leads out of, and says what nobody asked from inside", async () => {
      await begin();
      const seen = await observe("network-isolation", { network: networkId });
      assert.equal(seen.verdict, "passed", JSON.stringify(seen));
      assert.match(seen.diagnosis.join(), /nobody asked from inside/);
    });

    for (const [what, change, words] of [
      ["a peering", { peerings: [{ name: "to-hub", to: "vnet-hub", remoteGateways: true }] }, /peering to-hub: peered with vnet-hub \(Connected\), through whose gateway/],
      ["a gateway", { gateway: { name: "vgw", type: "Vpn" } }, /gateway GatewaySubnet: it has a gateway subnet/],
      ["a route to an appliance", { routes: [{ name: "to-nowhere", prefix: "0.0.0.0/0", via: "None" }, { name: "to-prod", prefix: "10.20.0.0/16", via: "VirtualAppliance", address: "10.50.0.250" }] }, /route to-prod: 10\.20\.0\.0\/16 goes to VirtualAppliance 10\.50\.0\.250/],
      ["the way to the internet that Azure gives", { routes: [], rules: [], defaultOutbound: undefined }, /internet default: the subnet default is open: Azure gives it/],
      ["a rule that allows before one that denies", { routes: [], rules: [{ name: "allow-web", direction: "Outbound", access: "Allow", priority: 100, to: "Internet", ports: "443", protocol: "Tcp" }, { name: "no-internet", direction: "Outbound", access: "Deny", priority: 4000, to: "Internet" }] }, /internet default/],
      ["a denial for one server", { routes: [], rules: [{ name: "one", direction: "Outbound", access: "Deny", priority: 100, to: "Internet", from: "10.50.0.11" }] }, /internet default/],
      ["a denial of one port", { routes: [], rules: [{ name: "one", direction: "Outbound", access: "Deny", priority: 100, to: "Internet", ports: "443", protocol: "Tcp" }] }, /internet default/],
      ["a NAT gateway", { routes: [], rules: [], natGateway: "nat-1" }, /internet nat-1: the NAT gateway/],
      ["a service endpoint", { serviceEndpoints: ["Microsoft.Sql"] }, /service-endpoint Microsoft\.Sql/],
      ["a private endpoint", { privateEndpoints: [{ name: "pe-sql", to: `${"/subscriptions/x"}/resourceGroups/rg-prod/providers/Microsoft.Sql/servers/sql-prod` }] }, /private-endpoint pe-sql: leads to sql-prod/],
      ["a Virtual WAN hub", { hub: "hub-weu" }, /hub RemoteVnetToHubPeering_\S+: connected to a Virtual WAN hub \(HV_hub-weu_/],
      ["a name server outside", { dnsServers: ["10.20.0.4"] }, /dns 10\.20\.0\.4: names are asked of 10\.20\.0\.4, which lies outside/],
    ] as const) {
      it(`fails on ${what}`, async () => {
        await begin(withNetwork(change as unknown as Partial<Network>));
        const seen = await observe("network-isolation", { network: networkId });
        assert.equal(seen.verdict, "failed", JSON.stringify(seen));
        assert.match(seen.diagnosis.join("\n"), words);
      });
    }

    it("fails on a private zone that is linked to it, and worse on one that test servers write into", async () => {
      await begin({ ...payroll, privateZones: [{ name: "prod.contoso.example", resourceGroup: "rg-dns", networks: ["vnet-hub"] }, { name: "privatelink.database.windows.net", resourceGroup: "rg-dns", networks: ["vnet-hub", "vnet-dr-isolated"] }, { name: "corp.example", resourceGroup: "rg-dns", networks: ["vnet-dr-isolated"], registers: ["vnet-dr-isolated"] }] });
      const seen = await observe("network-isolation", { network: networkId });
      assert.equal(seen.verdict, "failed");
      assert.deepEqual(rowsOf(seen).map(({ label }) => label), ["dns privatelink.database.windows.net", "dns corp.example"]);
      assert.match(seen.diagnosis.join("\n"), /linked to the private zone corp\.example: .*, and test servers register their own names in it/);
    });

    const withServers = (change: Partial<Network>, server: Partial<(typeof payroll.vaults)[number]["servers"][number]> = {}): Estate => {
      const estate = withNetwork(change);
      return { ...estate, vaults: estate.vaults.map((vault) => ({ ...vault, servers: vault.servers.map((one) => (one.name === "web-01" ? { ...one, ...server } : one)) })) };
    };
    const denied = { name: "no-internet", direction: "Outbound", access: "Deny", priority: 100, to: "Internet" } as const;

    for (const [what, estate, words] of [
      ["a public address at one server", withServers({}, { publicAddress: "pip-1" }), /internet web-01-test-nic: web-01-test has a public address/],
      ["a route that was learned", withServers({ learned: [{ prefix: "10.0.0.0/8", via: "VirtualNetworkGateway", address: "10.9.0.4" }] }), /route 10\.0\.0\.0\/8: in force on \S+-test: 10\.0\.0\.0\/8 goes to VirtualNetworkGateway 10\.9\.0\.4, which the network does not show/],
    ] as const) {
      it(`passes before test servers run and fails on ${what} once they do`, async () => {
        await begin(estate);
        const before = await observe("network-isolation", { network: networkId });
        assert.equal(before.verdict, "passed", JSON.stringify(before));
        assert.match(before.diagnosis.join(), /nobody looked at them, because no test server of this drill runs yet/);
        await failOver();
        const seen = await observe("network-isolation", { network: networkId });
        assert.equal(seen.verdict, "failed", JSON.stringify(seen));
        assert.equal(rowsOf(seen).length, 1, JSON.stringify(rowsOf(seen)));
        assert.match(seen.diagnosis.join("\n"), words);
      });
    }

    it("looks at rules in force at the interface too, and takes a wall before another server for none", async () => {
      await begin(withServers({ routes: [], rules: [denied] }, { rules: [{ ...denied, name: "mine", access: "Allow" }] }));
      await failOver();
      assert.equal((await observe("network-isolation", { network: networkId })).verdict, "passed", "one of the two denies, and both must let pass");
      await r.simulator.close();
      await begin(withServers({ routes: [], rules: [{ ...denied, from: "10.50.0.11" }] }));
      await failOver();
      assert.equal((await observe("network-isolation", { network: networkId, allow: [{ name: "default", why: "the subnet is known to be open" }] })).verdict, "passed", "what the network told is not told again");
    });

    it("proves nothing when what is in force cannot be read", async () => {
      await begin();
      await failOver();
      r.simulator.add({ kind: "answer", on: { path: "web-01-test-nic/effectiveRouteTable" }, status: 403, error: { code: "AuthorizationFailed", message: "no" }, times: null });
      const seen = await observe("network-isolation", { network: networkId });
      assert.equal(seen.verdict, "not-proved", JSON.stringify(seen));
      await r.simulator.close();
      await begin();
      r.simulator.add({ kind: "answer", on: { path: "privateDnsZones" }, status: 403, error: { code: "AuthorizationFailed", message: "no" }, times: null });
      assert.equal((await observe("network-isolation", { network: networkId })).verdict, "not-proved");
    });

    it("passes a denial for the whole subnet by its prefix", async () => {
      await begin(withNetwork({ routes: [], rules: [{ name: "ours", direction: "Outbound", access: "Deny", priority: 100, to: "Internet", from: "10.50.0.0/16" }] }));
      assert.equal((await observe("network-isolation", { network: networkId })).verdict, "passed");
    });

    it("passes over a peering that is disconnected, and a denial that comes first", async () => {
      await begin(withNetwork({ routes: [], peerings: [{ name: "gone", to: "vnet-hub", state: "Disconnected" }] }));
      const seen = await observe("network-isolation", { network: networkId });
      assert.equal(seen.verdict, "passed", JSON.stringify(seen));
    });

    it("allows by name alone, tells it, and tells an exception that nothing needs", async () => {
      await begin(withNetwork({ peerings: [{ name: "to-hub", to: "vnet-hub" }] }));
      const seen = await observe("network-isolation", { network: networkId, allow: [{ name: "to-hub", why: "the licence server is there" }, { name: "to-old", why: "no longer" }] });
      assert.equal(seen.verdict, "passed", JSON.stringify(seen));
      assert.equal((await observe("network-isolation", { network: networkId, allow: [{ name: "to-hub", kind: "route", why: "a route of that name" }] })).verdict, "failed");
      assert.match(seen.summary, /but for 1 allowed by name/);
      assert.match(seen.diagnosis.join("\n"), /Allowed by name: peering to-hub \(.*the licence server is there\)[\s\S]*to-old is allowed and is not there/);
    });

    it("asks from inside what must be out of reach, and believes the answer more than the settings", async () => {
      await begin();
      await failOver();
      const unreachable = { from: "web-01-test", targets: ["10.20.0.4:389"] };
      const seen = await observe("network-isolation", { network: networkId, unreachable });
      assert.equal(seen.verdict, "passed", JSON.stringify(seen));
      assert.match(seen.summary, /1 production addresses are out of reach/);
      const reached = await observe("network-isolation", { network: networkId, unreachable: { from: "web-01-test", targets: ["10.50.0.12:80"] } });
      assert.equal(reached.verdict, "failed");
      assert.match(reached.diagnosis.join(), /can be reached from web-01-test \(it connects\), and must not be/);
    });
  });

  describe("asr-last-test", () => {
    const proven = (startedAt: string, endedAt: string): DrillHistory => ({ lastProven: async () => ({ id: "d-7", startedAt, endedAt, result: "passed" }) });
    beforeEach(() => begin());

    it("fails where none ever succeeded, and while one is not cleaned up", async () => {
      assert.match((await observe("asr-last-test", { plan: planId })).summary, /no test failover of sql-payroll ever succeeded, and 2 more/);
      await failOver();
      assert.match((await observe("asr-last-test", { plan: planId })).summary, /is not cleaned up/);
    });

    it("needs failover, proof and cleanup", async () => {
      const startedAt = r.clock().toISOString();
      await failOver();
      await cleanUp();
      const endedAt = r.clock().toISOString();
      assert.equal((await observe("asr-last-test", { plan: planId })).verdict, "not-proved");
      assert.equal((await observe("asr-last-test", { plan: planId, proof: "azure" })).verdict, "passed");
      const seen = await observe("asr-last-test", { plan: planId }, proven(startedAt, endedAt));
      assert.equal(seen.verdict, "passed", JSON.stringify(seen));
      assert.match((await observe("asr-last-test", { plan: planId }, proven("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"))).diagnosis.join(), /the last that did is d-7, ended 2026-01-02/);
    });

    it("grows old", async () => {
      await failOver();
      await cleanUp();
      r.passSeconds(100 * 86_400);
      const seen = await observe("asr-last-test", { plan: planId, proof: "azure" });
      assert.equal(seen.verdict, "failed");
      assert.match(seen.summary, /it was last tested 100 days ago, and 90 days is the most/);
    });

    it("says an age that is just over the limit in full", async () => {
      await failOver();
      await cleanUp();
      r.passSeconds(90 * 86_400 + 1_200);
      const seen = await observe("asr-last-test", { plan: planId, proof: "azure" });
      assert.equal(seen.verdict, "failed");
      assert.match(seen.summary, /it was last tested 90 days \d+ min(?: \d+ s)? ago, and 90 days is the most/);
    });

    it("does not count a test whose cleanup failed", async () => {
      await failOver();
      r.simulator.add({ kind: "cleanup-fails", error: { code: "1", message: "no", possibleCauses: "", recommendedAction: "" }, times: 1 });
      await cleanUp();
      const seen = await observe("asr-last-test", { plan: planId, proof: "azure" });
      assert.equal(seen.verdict, "failed", JSON.stringify(seen));
    });
  });

  describe("vm-known-bad", () => {
    const printed = (os: string, driver: string, booted: string) => `drillbook-output-begins\nserver=web-01\nos=${os}\nname=Windows Server 2019\nbooted=${booted}\ndriver.vmstorfl.sys=${driver}\n`;
    beforeEach(() => begin());

    for (const [what, text, verdict, words] of [
      ["a build before the range", printed("10.0.17763.1697", "10.0.17763.771", "2026-11-01T00:00:00Z"), "passed", /in none of 1 known-bad ranges/],
      ["another Windows", printed("10.0.20348.2849", "none", "2026-11-01T00:00:00Z"), "passed", /in none/],
      ["the bad driver", printed("10.0.17763.1757", "10.0.17763.771", "2026-11-01T00:00:00Z"), "failed", /vmstorfl\.sys is 10\.0\.17763\.771, and only 10\.0\.17763\.1911 is mended/],
      ["a driver that nobody read", printed("10.0.17763.1911", "none", "2026-11-01T00:00:00Z"), "not-proved", /the version of vmstorfl\.sys is not known/],
      ["a mended driver and a recovery point after its start", printed("10.0.17763.1935", "10.0.17763.1911", "2026-11-01T00:00:00Z"), "passed", /in none/],
      ["a mended driver and recovery points from before its start", printed("10.0.17763.1935", "10.0.17763.1911", "2026-11-20T23:00:00Z"), "failed", /newest recovery point \(.*\) is older than its start with the mended driver/],
    ] as const) {
      it(`judges ${what}`, async () => {
        const seen = await observe("vm-known-bad", { pasted: text, plan: planId });
        assert.equal(seen.verdict, verdict, JSON.stringify(seen));
        assert.match(`${seen.summary} ${seen.diagnosis.join(" ")}`, words);
      });
    }

    it("does not prove a mended driver without a plan, and takes further ranges", async () => {
      assert.equal((await observe("vm-known-bad", { pasted: printed("10.0.17763.1935", "10.0.17763.1911", "2026-11-01T00:00:00Z") })).verdict, "not-proved");
      const range = { id: "ours", title: "A range of our own", os: "10.0.20348", from: "10.0.20348.1", driver: { file: "vmstorfl.sys", mended: "10.0.20348.3000" }, cure: "Update it.", source: "ticket 4711" };
      const seen = await observe("vm-known-bad", { pasted: printed("10.0.20348.2849", "10.0.20348.2849", "2026-11-01T00:00:00Z"), plan: planId, ranges: [range] });
      assert.match(seen.diagnosis.join(), /A range of our own\. Update it\. \(ours: ticket 4711\)/);
    });

    it("proves nothing where the script cannot run", async () => {
      const seen = await observe("vm-known-bad", { from: `${group("rg-westeurope")}/providers/Microsoft.Compute/virtualMachines/web-01`, plan: planId });
      assert.equal(seen.verdict, "not-proved", JSON.stringify(seen));
    });
  });
});
