import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { context, diag, metrics, propagation, trace } from "@opentelemetry/api";
import { connectAzure } from "../../src/azure/connect.ts";
import { simulatorConnection } from "../../src/azure/simulator-connection.ts";
import { knownScripts } from "../../src/composition.ts";
import { payroll } from "../../src/simulator/estates/payroll.ts";
import { startSimulator } from "../../src/simulator/start.ts";
import { createLog } from "../../src/telemetry.ts";
import { startExport, telemetry } from "../../src/tracing.ts";
import { keptLog } from "./bot/kept-log.ts";
import { rawRequest } from "./bot/raw-request.ts";
import { button, untilShown, withButton } from "./bot/shown-in-teams.ts";
import { startTeams } from "./bot/started-teams.ts";
import { teamsPerson } from "./bot/tenant.ts";
import { ConsoleClient } from "../console-client.ts";
import { startCollector, type CollectedSpan, type Collector } from "./otlp-collector.ts";

/** What a process registers once; a test takes it back. */
function forget(): void {
  for (const api of [trace, metrics, context, propagation, diag]) api.disable();
}

/** Each is planted where such a secret would be. */
const canaries = {
  password: "canary-password-9d2e41",
  azureToken: "canary-azure-token-9d2e41",
  sas: "canary-sas-9d2e41",
  connectionString: "canary-connection-9d2e41",
  parameter: "canary-parameter-9d2e41",
  reason: "canary-reason-9d2e41",
  algorithm: "canary-algorithm-9d2e41",
  collector: "canary-collector-9d2e41",
} as const;

const runbook = `---
mode: test
parameters:
  plan: { type: recovery-plan }
  network: { type: azure-resource }
  vault-code: { type: text }
roles: { operator: dr-operators, approver: service-owners }
---
# Fail over

## Approve the failover

Open the vault with \${vault-code}.

\`\`\`approval
quorum: 1
\`\`\`

## Start the failover

\`\`\`action asr-test-failover
plan: \${plan}
network: \${network}
\`\`\`
`;

/** From a span to where its trace began. */
function pathTo(spans: readonly CollectedSpan[], span: CollectedSpan | undefined): readonly CollectedSpan[] {
  return span === undefined ? [] : [span, ...pathTo(spans, spans.find(({ id, trace: of }) => of === span.trace && id === span.parent))];
}

describe("traces and metrics", () => {
  const before = { ...process.env };
  let collector: Collector;
  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(async () => {
    forget();
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    await collector.close();
  });
  const begin = (more: Readonly<Record<string, string>> = {}, onUnsent: (told: string) => void = () => undefined) => {
    Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", ...more });
    return startExport(process.env, onUnsent);
  };

  it("lead from a click in Teams to the request that Azure got, and carry no secret and no person", async () => {
    const stopExport = await begin({ OTEL_EXPORTER_OTLP_HEADERS: `api-key=${canaries.collector}`, AZURE_CLIENT_SECRET: canaries.password });
    const [olivia, amir] = [teamsPerson("Olivia"), teamsPerson("Amir")];
    const simulator = await startSimulator({ estate: payroll, pace: 500, knownScripts: knownScripts(), seed: "traces" });
    const { httpClient, ...connection } = simulatorConnection(simulator.url);
    const failovers: { readonly id: string; readonly token: string }[] = [];
    let planted = 0;
    const azure = connectAzure({
      ...connection,
      credential: { getToken: async () => ({ token: canaries.azureToken, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
      httpClient: {
        async sendRequest(request) {
          if (request.method === "POST" && /\/testFailover\?/u.test(request.url)) failovers.push({ id: request.headers.get("x-ms-client-request-id") ?? "", token: request.headers.get("authorization") ?? "" });
          const answer = await httpClient!.sendRequest(request);
          const signed = `https://x.blob.core.windows.net/c?sp=r&sig=${canaries.sas}`;
          answer.headers.set("x-ms-canary", signed);
          if (!request.url.includes("replicationJobs")) return answer;
          planted += 1;
          return { ...answer, bodyAsText: (answer.bodyAsText ?? "").replaceAll(/"friendlyName":"([^"]+)"/gu, (_, name: string) => `"friendlyName":"${name} ${signed}"`) };
        },
      },
      subscriptions: [simulator.subscription],
      retryDelayMs: 10,
    });
    const logged: string[] = [];
    const teams = await startTeams({
      runbook, operators: [olivia], approvers: [amir],
      env: { DRILLBOOK_BOT_APP_TYPE: "SingleTenant", DRILLBOOK_BOT_APP_PASSWORD: canaries.password },
      more: { log: createLog("trace", [], (line) => logged.push(line)), azure: { azure, simulator, pollMs: 50, settlingMs: 200, close: async () => undefined } },
    });
    const { connector } = teams;
    const refused = async (token: string): Promise<number> =>
      (await rawRequest({ port: teams.port, method: "POST", path: "/api/messages", headers: { "content-type": "application/json", authorization: `Bearer ${token}` }, body: "{}" })).status;
    try {
      await teams.arrive(olivia, { type: "message", text: `start approve-it plan=rp-payroll network=vnet-dr-isolated vault-code="password=${canaries.parameter}" now` });
      const asked = await untilShown(connector, "the approval", (message) => message.conversation.startsWith("19:") && withButton("approve")(message));
      connector.next.push((_request, response) => void response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: { code: "BadSyntax", message: `Bearer ${teams.tokens.ofBot} https://x.blob.core.windows.net/c?sig=${canaries.sas}` } })));
      await teams.arrive(olivia, { type: "message", text: `note DefaultEndpointsProtocol=https;AccountKey=${canaries.connectionString}; and Bearer ${teams.tokens.ofTeams}` });
      const answer = await teams.press(amir, asked.id, "approve", { ...button(asked, "approve").data, reason: `token=${canaries.reason} code=${canaries.reason}` });
      assert.match(String(answer.value), /you approved/u);
      for (const end = Date.now() + 90_000; failovers.length === 0 || planted < 2; await pause(25)) assert.ok(Date.now() < end, "the failover never began");
      // A stranger knows the key's name, and may write what they like where the algorithm stands.
      const claims = { iss: "https://api.botframework.com", aud: "11111111-2222-4333-8444-555555555555", serviceurl: `${connector.origin}/emea/`, exp: Math.floor(Date.now() / 1000) + 3600 };
      const head = Buffer.from(JSON.stringify({ alg: canaries.algorithm, typ: "JWT", kid: "channel" })).toString("base64url");
      assert.equal(await refused(`${head}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.AAAA`), 401);
      assert.equal(await refused("canary"), 401);
    } finally {
      await teams.close();
      await stopExport();
      await simulator.close();
    }

    const { spans } = collector;
    const request = spans.find(({ name, about }) => name === "azure request" && about["drillbook.clientRequestId"] === failovers[0]?.id);
    const path = pathTo(spans, request);
    assert.deepEqual(path.map(({ name }) => name), ["azure request", "effect act", "command decide", "arrival press"]);
    const [, effect, command, click] = path;
    for (const at of path) assert.equal(at.about["drillbook.drill"], "APP-0001", at.name);
    assert.equal(click?.about["drillbook.verb"], "approve");
    assert.equal(click.about["drillbook.step"], command?.about["drillbook.step"]);
    for (const at of [effect, request]) assert.equal(at?.about["drillbook.step"], "start-the-failover", at?.name);
    const seqs = [command, effect, request].map((at) => Number(at?.about["drillbook.seq"]));
    assert.deepEqual(seqs, seqs.toSorted((a, b) => a - b));

    const named = (name: string) => collector.points.filter((point) => point.name === name).map(({ about }) => about);
    assert.ok(named("drillbook.azure.request.duration").length > 0);
    assert.ok(named("drillbook.reply.duration").some((about) => about["drillbook.kind"] === "press"));
    assert.ok(named("drillbook.sends").some((about) => about["drillbook.what"] === "send" && about["drillbook.outcome"] === "done"));
    assert.deepEqual(new Set(named("drillbook.refusals").map((about) => about["drillbook.reason"])), new Set(["no bearer token", "invalid algorithm"]));

    assert.equal(failovers[0]?.token, `Bearer ${canaries.azureToken}`, "the token was never used");
    const of = { Olivia: olivia, Amir: amir };
    const people = Object.entries(of).flatMap(([name, { id, account }]) => [name, id, account]);
    const bodies = collector.said().replaceAll(/"api-key":"[^"]*"/gu, "");
    for (const secret of [...Object.values(canaries), teams.tokens.ofTeams, teams.tokens.ofBot, ...people]) assert.ok(!bodies.includes(secret), `a trace or metric holds ${secret}`);
    assert.match(logged.join(""), /the connector answered 400/u, "what the connector said was never met");
    for (const secret of [...Object.values(canaries), teams.tokens.ofTeams, teams.tokens.ofBot]) assert.ok(!logged.join("").includes(secret), `the log holds ${secret}`);
  });

  it("leave the program as it is started: the collector gets the rest when it is stopped", async () => {
    const data = mkdtempSync(join(tmpdir(), "drillbook-traces-"));
    const child = spawn(process.execPath, ["bin/drillbook.mjs", "start"], {
      env: { PATH: process.env["PATH"], PORT: "0", DRILLBOOK_DATA: data, OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", OTEL_SERVICE_NAME: "drills-of-contoso" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      let said = "";
      while (!/http:\S+/u.test(said)) said += String(await once(child.stdout, "data"));
      const client = await ConsoleClient.open(/http:\S+/u.exec(said)?.[0] ?? "");
      await client.say("olivia", "status");
      child.kill("SIGTERM");
      assert.deepEqual(await once(child, "exit"), [0, null]);
      assert.ok(collector.spans.some(({ name }) => name === "arrival message"));
      assert.ok(collector.points.some(({ name }) => name === "drillbook.reply.duration"));
      assert.match(collector.said(), /drills-of-contoso/u);
    } finally {
      child.kill("SIGKILL");
      rmSync(data, { recursive: true, force: true });
    }
  });

  it("go nowhere while no collector is named", async () => {
    const stop = await startExport({}, () => undefined);
    assert.equal(trace.getTracer("test").startSpan("anything").isRecording(), false);
    await stop();
  });

  it("are said not to arrive, once, with no secret in it", async () => {
    let refused = 0;
    const refusing = createServer((request, response) => void request.resume().on("end", () => {
      if (request.url === "/v1/traces") refused += 1;
      response.writeHead(401).end("Bearer of-the-collector");
    }));
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    const { log, written } = keptLog();
    try {
      const stop = await begin({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`, OTEL_BSP_SCHEDULE_DELAY: "10" }, (told) => log.warn({ told }, "not sent"));
      for (const batch of [1, 2, 3]) {
        await telemetry().span("effect act", {}, async () => undefined);
        while (refused < batch) await pause(10);
      }
      await stop();
    } finally {
      refusing.close();
    }
    assert.deepEqual(written.map(({ level, msg }) => [level, msg]), [["warn", "not sent"]]);
    assert.match(JSON.stringify(written), /401|Unauthorized/u);
    assert.ok(!JSON.stringify(written).includes("of-the-collector"));
  });

  it("say that something failed, and not in which words", async () => {
    const stop = await begin();
    await assert.rejects(telemetry().span("effect act", {}, () => Promise.reject(new Error("secret words"))));
    await stop();
    assert.deepEqual(collector.spans.map(({ name, failed }) => [name, failed]), [["effect act", true]]);
    assert.ok(!collector.said().includes("secret words"));
  });
});
