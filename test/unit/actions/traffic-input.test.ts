import assert from "node:assert/strict";
import { dnsRecordFacts } from "../../../src/actions/dns-record.ts";
import { trafficEndpointFacts } from "../../../src/actions/traffic-endpoint.ts";
import { vmRunScriptFacts } from "../../../src/actions/vm-run-script.ts";

const network = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Network";
const record = { zone: `${network}/dnsZones/contoso.example`, record: "www", type: "A", values: ["192.0.2.1"] };
const endpoint = { endpoint: `${network}/trafficManagerProfiles/tm/azureEndpoints/weu`, status: "enabled" };
const script = { server: "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm", script: "a.ps1", sha256: "0".repeat(64) };

describe("inputs of the actions on traffic and machines", () => {
  it("fit as they are documented", () => {
    assert.ok(dnsRecordFacts.schema.safeParse(record).success);
    assert.ok(trafficEndpointFacts.schema.safeParse(endpoint).success);
    assert.deepEqual(vmRunScriptFacts.schema.safeParse({ ...script, parameters: { Port: 443, Quiet: true } }).data, { ...script, parameters: { Port: "443", Quiet: "true" }, timeout: "10m" });
  });

  for (const change of [{ values: ["www.contoso.example"] }, { values: ["999.1.1.1"] }, { type: "AAAA" }, { type: "CNAME", values: ["a.example", "b.example"] }, { type: "MX" }, { record: "../zone" }, { record: "a/b" }, { values: [] }, { ttl: 0 }, { zone: `${network}/virtualNetworks/v` }, { etag: "x" }]) {
    it(`dns-record refuses ${JSON.stringify(change)}`, () => assert.equal(dnsRecordFacts.schema.safeParse({ ...record, ...change }).success, false));
  }
  for (const change of [{ status: undefined }, { status: "on" }, { priority: 0 }, { priority: 1001 }, { endpoint: `${network}/trafficManagerProfiles/tm` }, { weight: 3 }]) {
    it(`traffic-endpoint refuses ${JSON.stringify(change)}`, () => assert.equal(trafficEndpointFacts.schema.safeParse({ ...endpoint, ...change }).success, false));
  }
  for (const change of [{ script: "../a.ps1" }, { script: "a.exe" }, { script: "a/b.ps1" }, { sha256: "0" }, { sha256: "A".repeat(64) }, { parameters: { "a b": "x" } }, { parameters: { a: { b: 1 } } }, { timeout: "3h" }, { server: "vm" }, { text: "Stop-Computer" }]) {
    it(`vm-run-script refuses ${JSON.stringify(change)}`, () => assert.equal(vmRunScriptFacts.schema.safeParse({ ...script, ...change }).success, false));
  }
});
