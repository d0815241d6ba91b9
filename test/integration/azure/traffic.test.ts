import assert from "node:assert/strict";
import { dnsRecord } from "../../../src/actions/dns-record.ts";
import { trafficEndpoint } from "../../../src/actions/traffic-endpoint.ts";
import type { Action, Progress } from "../../../src/drills/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { look, rehearsal, send, subscription } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

const group = `/subscriptions/${subscription}/resourceGroups/rg-edge/providers/Microsoft.Network`;
const endpoint = (name: string) => `${group}/trafficManagerProfiles/tm-payroll/externalEndpoints/${name}`;
const zone = `${group}/dnsZones/contoso.example`;
const estate = {
  ...payroll,
  traffic: [
    {
      name: "tm-payroll",
      resourceGroup: "rg-edge",
      dnsName: "payroll",
      ttl: 60,
      routing: "Priority" as const,
      monitor: { protocol: "HTTPS" as const, port: 443, path: "/health", interval: 30, timeout: 10, failures: 3 },
      endpoints: [
        { name: "primary", kind: "externalEndpoints" as const, target: "payroll-weu.contoso.example", priority: 1, enabled: true },
        { name: "recovery", kind: "externalEndpoints" as const, target: "payroll-neu.contoso.example", priority: 2, enabled: false },
      ],
    },
  ],
  dnsZones: [
    {
      name: "contoso.example",
      resourceGroup: "rg-edge",
      records: [
        { name: "payroll", type: "CNAME" as const, ttl: 300, values: ["payroll-weu.contoso.example"] },
        { name: "@", type: "A" as const, ttl: 3600, values: ["192.0.2.1", "192.0.2.2"] },
      ],
    },
  ],
};

describe("traffic through the Azure SDK", () => {
  let r: Rehearsal;
  const begin = async () => {
    r = await rehearsal({ estate });
    return { traffic: r.azure.traffic, trafficWriter: r.azure.trafficWriter, clock: r.clock };
  };
  afterEach(() => r.simulator.close());

  const toEnd = async (action: Action, handle: string, input: Json) => {
    const began = r.clock().getTime();
    for (;;) {
      const progress: Progress = await action.follow(handle, input, look());
      if (progress.state !== "running") return { progress, seconds: (r.clock().getTime() - began) / 1000 };
      r.passSeconds(progress.nextLookMs / 1000);
    }
  };
  const whole = async (action: Action, input: Json, tag: string) => {
    const preview = await action.preview(input, look());
    const { handle } = await action.start(input, send(r.clock, tag));
    const end = await toEnd(action, handle, input);
    const [write] = r.simulator.requests.filter((one) => one.clientRequestId === tag);
    return { preview, ...end, undo: action.undoInput(input, "7", preview), write: { method: write?.method, body: JSON.parse(write?.body || "null") } };
  };

  it("an endpoint is enabled, waits for its probes and for resolvers, and goes back to what it was", async () => {
    const action = trafficEndpoint(await begin());
    const input = { endpoint: endpoint("recovery"), status: "enabled" };
    const on = await whole(action, input, "t1");
    assert.deepEqual(on.write, { method: "PATCH", body: { properties: { endpointStatus: "Enabled" } } });
    assert.equal(on.progress.state, "succeeded");
    // Four probes of 30 s and 10 s of patience, then a minute that resolvers remember.
    assert.equal(on.seconds, 190);
    assert.deepEqual(on.undo, { endpoint: endpoint("recovery"), status: "disabled", onlyIf: { status: "enabled" } });
    assert.equal((await action.needed?.(on.undo, look()))?.needed, true);
    const off = await whole(action, on.undo, "t2");
    assert.deepEqual([off.progress.state, off.seconds], ["succeeded", 60]);
    assert.equal((await action.needed?.(on.undo, look()))?.needed, false);
  });

  it("an endpoint's priority goes up and back to the exact number", async () => {
    const action = trafficEndpoint(await begin());
    const input = { endpoint: endpoint("primary"), priority: 7 };
    const moved = await whole(action, input, "t3");
    assert.deepEqual([moved.write.body, moved.undo], [{ properties: { priority: 7 } }, { endpoint: endpoint("primary"), priority: 1, onlyIf: { priority: 7 } }]);
    await assert.rejects(action.preview({ endpoint: endpoint("recovery"), priority: 7 }, look()), /has priority 7 already/);
  });

  it("the last endpoint that serves is not switched off, nor is somebody else's change taken back", async () => {
    const parts = await begin();
    const action = trafficEndpoint(parts);
    await assert.rejects(action.start({ endpoint: endpoint("primary"), status: "disabled" }, send(r.clock)), /nothing would serve/);
    await assert.rejects(action.preview({ endpoint: endpoint("recovery"), status: "enabled", onlyIf: { priority: 9 } }, look()), /Somebody else changed recovery/);
    assert.deepEqual(r.simulator.requests.filter(({ method }) => method === "PATCH"), []);
  });

  it("a change that slipped in between what was shown and what is sent stops it", async () => {
    const parts = await begin();
    const action = trafficEndpoint(parts);
    const input = { endpoint: endpoint("recovery"), priority: 9 };
    await action.preview(input, look());
    await r.azure.trafficWriter.endpoint(endpoint("recovery"), { priority: 5 }, send(r.clock, "somebody"));
    await assert.rejects(action.start(input, send(r.clock)), /no longer what was shown/);
  });

  it("an endpoint that probes never find online fails, and says what to look at", async () => {
    const sick = estate.traffic.map((one) => ({ ...one, endpoints: one.endpoints.map((each) => (each.name === "recovery" ? { ...each, enabled: true, health: "Degraded" as const } : each)) }));
    r = await rehearsal({ estate: { ...estate, traffic: sick } });
    await r.azure.trafficWriter.endpoint(endpoint("recovery"), { status: "disabled" }, send(r.clock, "before"));
    const action = trafficEndpoint({ traffic: r.azure.traffic, trafficWriter: r.azure.trafficWriter, clock: r.clock });
    const { progress } = await whole(action, { endpoint: endpoint("recovery"), status: "enabled" }, "t5");
    assert.deepEqual([progress.state, /probe: path, port, status/.test(progress.problems[0]?.action ?? "")], ["failed", true]);
  });

  it("a record is changed under its etag, resolvers are waited for, and it goes back as it was", async () => {
    const action = dnsRecord(await begin());
    const input = { zone, record: "payroll", type: "CNAME", values: ["payroll-neu.contoso.example"], ttl: 30 };
    const changed = await whole(action, input, "d1");
    assert.equal(changed.write.body.properties.CNAMERecord.cname, "payroll-neu.contoso.example");
    assert.deepEqual([changed.progress.state, changed.seconds], ["succeeded", 300]);
    assert.deepEqual(changed.undo, { zone, record: "payroll", type: "CNAME", values: ["payroll-weu.contoso.example"], ttl: 300, onlyIf: { values: ["payroll-neu.contoso.example"], ttl: 30 } });
    const back = await whole(action, changed.undo, "d2");
    assert.deepEqual([back.progress.state, back.seconds], ["succeeded", 30]);
    const now = await r.azure.traffic.record({ zone, record: "payroll", type: "CNAME" }, look());
    assert.deepEqual([now.values, now.ttlSeconds], [["payroll-weu.contoso.example"], 300]);
  });

  it("a record of addresses keeps its time to live when none is asked", async () => {
    const { write } = await whole(dnsRecord(await begin()), { zone, record: "@", type: "A", values: ["198.51.100.7"] }, "d3");
    assert.deepEqual([write.body.properties.TTL, write.body.properties.ARecords], [3600, [{ ipv4Address: "198.51.100.7" }]]);
  });

  it("a record whose etag is gone is refused by Azure, and nothing is overwritten", async () => {
    await begin();
    const place = { zone, record: "payroll", type: "CNAME" as const };
    await assert.rejects(r.azure.trafficWriter.record(place, { values: ["x.contoso.example"], ttlSeconds: 30, etag: "stale" }, send(r.clock)), (e: { code?: string }) => e.code === "azure-refused");
    await assert.rejects(r.azure.trafficWriter.record(place, { values: ["x.contoso.example"], ttlSeconds: 30, etag: "" }, send(r.clock)), (e: { code?: string }) => e.code === "not-now");
    assert.deepEqual((await r.azure.traffic.record(place, look())).values, ["payroll-weu.contoso.example"]);
  });

  it("a lost answer is found by how the record stands", async () => {
    const action = dnsRecord(await begin());
    const input = { zone, record: "payroll", type: "CNAME", values: ["payroll-neu.contoso.example"] };
    r.simulator.add({ kind: "lost-answer", on: { method: "PATCH" }, times: 1 });
    const since = r.clock();
    assert.equal(await action.find(input, "d9", since, look()), null);
    await assert.rejects(action.start(input, send(r.clock, "d9")), (e: { code?: string }) => e.code === "outcome-unknown");
    assert.notEqual(await action.find(input, "d9", since, look()), null);
  });
});
