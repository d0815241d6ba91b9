import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { context, metrics, propagation, trace } from "@opentelemetry/api";
import { NodeSDK, type NodeSDKConfiguration } from "@opentelemetry/sdk-node";
import { startExport, telemetry } from "../../src/tracing.ts";
import { startBot } from "./started-bot.ts";

type Span = Parameters<NonNullable<NodeSDKConfiguration["spanProcessors"]>[number]["onEnd"]>[0];

/** What a process registers once; a test takes it back. */
function forget(): void {
  for (const api of [trace, metrics, context, propagation]) api.disable();
}

describe("traces and metrics", function () {
  this.timeout(60_000);
  afterEach(forget);

  it("lead from a click to the request that Azure got, by drill, step and sequence number", async () => {
    const spans: Span[] = [];
    const keep = { onStart: () => undefined, onEnd: (span: Span) => void spans.push(span), forceFlush: async () => undefined, shutdown: async () => undefined };
    const sdk = new NodeSDK({ spanProcessors: [keep], autoDetectResources: false, instrumentations: [] });
    sdk.start();
    const bot = await startBot({ pace: 200 });
    try {
      await bot.client.say("olivia", "start payroll-test-failover plan=rp-payroll network=vnet-dr-isolated now");
      await bot.client.until("Approve");
      await bot.client.press("amir", "Approve");
      await bot.client.press("bea", "Approve");
      const started = (): Span | undefined => spans.find((s) => s.name === "azure request" && s.attributes["drillbook.method"] === "POST" && String(s.attributes["drillbook.path"]).includes("testFailover"));
      for (const end = Date.now() + 20_000; started() === undefined && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 50));
      const request = started();
      assert.ok(request, "the request of the failover was never seen");
      const click = spans.findLast((s) => s.name === "arrival press" && s.attributes["drillbook.verb"] === "approve");
      const command = spans.findLast((s) => s.name === "command decide");
      assert.deepEqual(new Set([request, click, command].map((s) => s?.spanContext().traceId)).size, 1, "one trace from the click to the request");
      assert.equal(command?.attributes["drillbook.drill"], "PAY-0001");
      assert.equal(request.attributes["drillbook.drill"], "PAY-0001");
      assert.match(String(request.attributes["drillbook.step"] ?? request.attributes["drillbook.operation"]), /start-the-test-failover/u);
      assert.ok(Number(request.attributes["drillbook.seq"]) > Number(command.attributes["drillbook.seq"]));
      assert.match(String(request.attributes["drillbook.clientRequestId"]), /^[0-9a-f-]{36}$/u);
      const said = JSON.stringify(spans.map((s) => [s.name, s.attributes]));
      for (const person of ["Olivia", "olivia", "Amir", "amir", "Bearer"]) assert.ok(!said.includes(person), `a trace names ${person}`);
    } finally {
      await bot.close();
      await sdk.shutdown();
    }
  });

  it("go to the collector that OpenTelemetry's own variable names, and nowhere without it", async () => {
    const posts: { readonly path: string; readonly body: string }[] = [];
    const collector = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += part)).on("end", () => {
        posts.push({ path: request.url ?? "", body });
        response.setHeader("content-type", "application/json").end("{}");
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
    const before = { ...process.env };
    try {
      await (await startExport({}))();
      Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" });
      const stop = await startExport(process.env);
      const watch = telemetry();
      assert.equal(await watch.span("command note", { drill: "PAY-0001", seq: 7 }, async () => "done"), "done");
      await assert.rejects(watch.span("effect act", {}, () => Promise.reject(new Error("secret words"))));
      watch.count("drillbook.refusals", { status: 401 });
      await stop();
      const all = posts.map(({ path, body }) => `${path} ${body}`).join("\n");
      assert.match(all, /\/v1\/traces .*command note.*drillbook\.drill.*PAY-0001/u);
      assert.match(all, /\/v1\/metrics .*drillbook\.refusals/u);
      assert.ok(!all.includes("secret words"));
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      collector.close();
    }
  });
});
