import assert from "node:assert/strict";
import { createHttpHeaders } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { connectAzure } from "../../../src/azure/connect.ts";

const subscription = "00000000-0000-4000-8000-000000000001";
const vault = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v`;
const plan = `${vault}/replicationRecoveryPlans/p`;
const job = "58776d0b-3141-48b2-a377-9ad863eb160d";
const look = { signal: new AbortController().signal, record: () => undefined };

/** Azure that gives one answer to everything, and counts. */
function azureAnswering(status: number, headers: Record<string, string>, body = "") {
  const sent: string[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      sent.push(`${request.method} ${new URL(request.url).pathname.split("/").at(-1)}`);
      return { status, headers: createHttpHeaders(headers), request, bodyAsText: body };
    },
  };
  const credential = { getToken: async () => ({ token: "t", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
  const azure = connectAzure({ credential, subscriptions: [subscription], httpClient });
  const start = () => azure.writer.testFailoverCleanup(plan, "over", { ...look, tag: "t-1", sendBy: new Date(Date.now() + 60_000) });
  const startLate = () => azure.writer.testFailoverCleanup(plan, "over", { ...look, tag: "t-1", sendBy: new Date() });
  const startSetBack = () => azure.writer.testFailoverCleanup(plan, "over", { ...look, tag: "t-1", sendBy: new Date(Date.now() + 3_600_000), leftMs: () => 0 });
  const startInParts = () => azure.writer.testFailoverCleanup(plan, "over", { ...look, tag: "t-1", sendBy: new Date(Date.now() + 60_000), leftMs: () => 1_234.567 });
  return { sent, start, startLate, startSetBack, startInParts, azure };
}

describe("one POST a write", () => {
  it("also when Azure challenges the token, which makes the SDK ask again", async () => {
    const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString("base64");
    const { sent, start } = azureAnswering(401, { "www-authenticate": `Bearer realm="", error="insufficient_claims", claims="${claims}"` });
    await assert.rejects(start(), (error: { code?: string }) => error.code === "azure-refused");
    assert.deepEqual(sent, ["POST testFailoverCleanup"]);
  });

  it("also when it is sent elsewhere", async () => {
    const { sent, start } = azureAnswering(307, { location: `https://westeurope.management.azure.com${plan}/testFailoverCleanup?api-version=1` });
    await assert.rejects(start(), (error: { code?: string }) => error.code === "outcome-unknown");
    assert.deepEqual(sent, ["POST testFailoverCleanup"]);
  });

  it("and none at all once its time is over", async () => {
    const { sent, startLate } = azureAnswering(202, { "x-ms-request-id": `${vault}/replicationJobs/${job}` });
    await assert.rejects(startLate(), (error: { code?: string }) => error.code === "not-now");
    assert.deepEqual(sent, []);
  });

  it("and none although a clock that was set back says that there is time", async () => {
    const { sent, startSetBack } = azureAnswering(202, { "x-ms-request-id": `${vault}/replicationJobs/${job}` });
    await assert.rejects(startSetBack(), (error: { code?: string }) => error.code === "not-now");
    assert.deepEqual(sent, []);
  });

  it("and it leaves when a steady clock counts parts of milliseconds", async () => {
    const { sent, startInParts } = azureAnswering(202, { "x-ms-request-id": `${vault}/replicationJobs/${job}` });
    assert.match((await startInParts()).jobId, new RegExp(job));
    assert.deepEqual(sent, ["POST testFailoverCleanup"]);
  });

  it("whichever header names the job", async () => {
    const forms: readonly Record<string, string>[] = [
      { "azure-asyncoperation": `https://management.azure.com${vault}/replicationOperationStatus/${job}?api-version=1` },
      { location: `https://management.azure.com${plan}/operationresults/${job}?api-version=1` },
      { "x-ms-request-id": `${vault}/replicationJobs/${job}, ${vault}/replicationJobs/${job}` },
    ];
    for (const headers of forms) {
      const { sent, start } = azureAnswering(202, headers);
      assert.deepEqual(await start(), { jobId: `${vault}/replicationJobs/${job}` });
      assert.deepEqual(sent, ["POST testFailoverCleanup"]);
    }
  });

  it("that is accepted without a job is of unknown outcome", async () => {
    for (const status of [200, 202, 204]) {
      const { sent, start } = azureAnswering(status, {});
      await assert.rejects(start(), (error: { code?: string; message?: string }) => error.code === "outcome-unknown" && /without naming a job/.test(error.message ?? ""));
      assert.deepEqual(sent, ["POST testFailoverCleanup"]);
    }
  });
});

describe("jobs since a time", () => {
  it("include those that have no time yet", async () => {
    const value = [
      { id: "1", properties: { startTime: "0001-01-01T00:00:00" } },
      { id: "2", properties: {} },
      { id: "3", properties: { startTime: "2026-11-20T07:00:00Z" } },
      { id: "4", properties: { startTime: "2026-11-20T09:00:00Z" } },
    ];
    const { azure } = azureAnswering(200, {}, JSON.stringify({ value, nextLink: null }));
    const jobs = await azure.reader.jobsSince(plan, new Date("2026-11-20T08:00:00Z"), look);
    assert.deepEqual(jobs.map((one) => one.id), ["1", "2", "4"]);
  });
});
