import assert from "node:assert/strict";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { reading, writing } from "../../../src/azure/call.ts";
import { throttling } from "../../../src/azure/throttling.ts";

const look = { signal: new AbortController().signal, record: () => undefined };
const siteRecovery = "https://management.azure.com/subscriptions/s1/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v?api-version=1";
const compute = "https://management.azure.com/subscriptions/s1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m?api-version=1";

/** A service that answers by what it is told, and a clock that only sleeping moves. */
function service() {
  let now = 1_000;
  const slept: number[] = [];
  const { waitForTurn, learn } = throttling(() => new Date(), () => now, async (ms) => void (slept.push(ms), (now += ms)));
  const ask = async (url: string, answer: { status?: number; headers?: Record<string, string> } = {}, method: "GET" | "POST" = "GET") => {
    let sent = false;
    const request = createPipelineRequest({ url, method });
    const respond = async () => {
      sent = true;
      return { request, status: answer.status ?? 200, headers: createHttpHeaders(answer.headers ?? {}) };
    };
    await waitForTurn.sendRequest(request, (one) => learn.sendRequest(one, respond));
    return sent;
  };
  return { ask: (...given: Parameters<typeof ask>) => reading(look, () => ask(...given)), asWrite: (sendBy: Date) => writing({ send: { ...look, tag: "t", sendBy }, sent: false, answer: null }, () => ask(siteRecovery, {}, "POST")), slept, pass: (ms: number) => (now += ms) };
}

describe("throttling across drills", () => {
  it("lets the next request of another drill wait as long as Azure asked, at that service and for that kind alone", async () => {
    const { ask, slept } = service();
    await ask(siteRecovery, { status: 429, headers: { "retry-after": "7" } });
    await ask(compute);
    await ask(siteRecovery, {}, "POST");
    assert.deepEqual(slept, []);
    await ask(siteRecovery);
    assert.deepEqual(slept, [7_000]);
    await ask(siteRecovery);
    assert.deepEqual(slept, [7_000], "once is enough");
  });

  it("tells people instead of sleeping when Azure asks for long, and asks again afterwards", async () => {
    const { ask, slept, pass } = service();
    await ask(siteRecovery, { status: 429, headers: { "retry-after": "3600" } });
    await assert.rejects(ask(siteRecovery), (e: { code?: string; message?: string }) => e.code === "azure-throttled" && /another 600 seconds/.test(e.message ?? ""));
    pass(600_000);
    assert.equal(await ask(siteRecovery), true);
    assert.deepEqual(slept, []);
  });

  it("spreads requests when few are left, and after a 429 that names no time", async () => {
    const { ask, slept } = service();
    await ask(siteRecovery, { headers: { "x-ms-ratelimit-remaining-subscription-reads": "3" } });
    await ask(compute);
    await ask(compute, { status: 429 });
    await ask(compute);
    assert.deepEqual(slept, [1_000, 1_000]);
  });

  it("does not hold a write past the time until which it may be sent", async () => {
    const { ask, asWrite, slept } = service();
    await ask(siteRecovery, { status: 429, headers: { "retry-after": "20" } }, "POST");
    await assert.rejects(asWrite(new Date(Date.now() + 2_000)), (e: { code?: string }) => e.code === "azure-throttled");
    assert.equal(await asWrite(new Date(Date.now() + 60_000)), true);
    assert.deepEqual(slept, [20_000]);
  });
});
