import assert from "node:assert/strict";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { clouds } from "../../../src/azure/cloud.ts";
import { connectAzure } from "../../../src/azure/connect.ts";
import { resourceManagerOnly, toSimulator } from "../../../src/azure/http-client.ts";

const plan = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v/replicationRecoveryPlans/p";

describe("where requests may go", () => {
  const sent: string[] = [];
  const inner: HttpClient = {
    async sendRequest(request) {
      sent.push(request.url);
      const nextLink = request.url.includes("replicationJobs") ? "https://evil.example/next" : null;
      return { status: 200, headers: createHttpHeaders(), request, bodyAsText: JSON.stringify({ value: [], nextLink }) };
    },
  };
  beforeEach(() => void sent.splice(0));

  it("is Resource Manager of the cloud, at its own or a regional host", async () => {
    const client = resourceManagerOnly(clouds.public, inner);
    for (const url of ["https://management.azure.com/x", "https://westeurope.management.azure.com/x"]) await client.sendRequest(createPipelineRequest({ url }));
    assert.equal(sent.length, 2);
    const foreign = ["http://management.azure.com/x", "https://management.azure.com:8443/x", "https://management.azure.com.evil.example/x", "https://evil-management.azure.com/x", "https://a.b.management.azure.com/x", "https://management.usgovcloudapi.net/x"];
    for (const url of foreign) assert.throws(() => client.sendRequest(createPipelineRequest({ url })), (error: { code?: string }) => error.code === "not-allowed", url);
    assert.equal(sent.length, 2);
  });

  it("does not follow a link in an answer to another host", async () => {
    const credential = { getToken: async () => ({ token: "t", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
    const azure = connectAzure({ credential, subscriptions: ["00000000-0000-4000-8000-000000000001"], httpClient: resourceManagerOnly(clouds.public, inner) });
    const look = { signal: new AbortController().signal, record: () => undefined };
    await assert.rejects(azure.reader.jobsSince(plan, new Date(0), look), (error: { code?: string }) => error.code === "not-allowed");
    assert.deepEqual(sent.map((url) => new URL(url).host), ["management.azure.com"]);
  });

  it("speaks to the host of a sovereign cloud when told so", async () => {
    const scopes: unknown[] = [];
    const credential = { getToken: async (scope: unknown) => (scopes.push(scope), { token: "t", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
    const azure = connectAzure({ credential, cloud: "usgov", subscriptions: ["00000000-0000-4000-8000-000000000001"], httpClient: inner });
    const look = { signal: new AbortController().signal, record: () => undefined };
    await azure.reader.plan(plan, look);
    assert.equal(new URL(sent[0] ?? "").host, "management.usgovcloudapi.net");
    assert.deepEqual(scopes.flat(), ["https://management.usgovcloudapi.net/.default"]);
  });

  it("is a simulator on this machine only", async () => {
    assert.throws(() => toSimulator("http://10.0.0.5:80"), (error: { code?: string }) => error.code === "not-allowed");
    await assert.rejects(toSimulator("http://127.0.0.1:9").sendRequest(createPipelineRequest({ url: "https://evil.example/" })), (error: { code?: string }) => error.code === "not-allowed");
  });
});
