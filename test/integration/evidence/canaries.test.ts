import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectAzure } from "../../../src/azure/connect.ts";
import { simulatorConnection } from "../../../src/azure/simulator-connection.ts";
import { knownScripts } from "../../../src/composition.ts";
import { readConfig, secretsOf } from "../../../src/config.ts";
import { start } from "../../../src/main.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { startSimulator } from "../../../src/simulator/start.ts";
import { createLog } from "../../../src/telemetry.ts";
import { ConsoleClient } from "../../console-client.ts";

/** Each is planted where a secret could be, in the form it would have there. */
const canaries = {
  environment: "canary-environment-4c1d7e",
  token: "eyJjYW5hcnkiOiJ0b2tlbiJ9.canarytoken4c1d7e.c2lnbmF0dXJl",
  azure: "canary-azure-answer-4c1d7e",
  note: "canary-note-4c1d7e",
  reason: "canary-reason-4c1d7e",
} as const;

describe("canaries", () => {

  it("planted in the environment, in tokens, in Azure's answers and in what people write are in no log, card, store or bundle", async () => {
    const data = mkdtempSync(join(tmpdir(), "drillbook-canaries-"));
    const simulator = await startSimulator({ estate: payroll, pace: 500, knownScripts: knownScripts(), seed: "canaries" });
    const { httpClient, ...connection } = simulatorConnection(simulator.url);
    let planted = 0;
    let sent = 0;
    const azure = connectAzure({
      ...connection,
      credential: { getToken: async () => ({ token: canaries.token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
      httpClient: {
        async sendRequest(request) {
          if (request.headers.get("authorization")?.includes(canaries.token) === true) sent += 1;
          const answer = await httpClient!.sendRequest(request);
          answer.headers.set("x-ms-canary", `Bearer ${canaries.azure}`);
          if (answer.bodyAsText === null || answer.bodyAsText === undefined || !request.url.includes("replicationJobs")) return answer;
          const bodyAsText = answer.bodyAsText.replaceAll(/"friendlyName":"([^"]+)"/g, (_, name: string) => `"friendlyName":"${name} https://x.blob.core.windows.net/c?sp=r&sig=${canaries.azure}"`);
          if (bodyAsText !== answer.bodyAsText) planted += 1;
          return { ...answer, bodyAsText };
        },
      },
      subscriptions: [simulator.subscription],
      retryDelayMs: 10,
    });
    const before = { ...process.env };
    process.env["AZURE_CLIENT_SECRET"] = canaries.environment;
    const logged: string[] = [];
    try {
      const config = readConfig({ PORT: "0", DRILLBOOK_DATA: data, DRILLBOOK_RUNBOOKS: fileURLToPath(new URL("../../../runbooks", import.meta.url)), AZURE_CLIENT_SECRET: canaries.environment });
      const running = await start({ config, log: createLog("trace", secretsOf(config), (line) => logged.push(line)), onLinkUsed: () => undefined, azure: { azure, simulator, pace: 500, pollMs: 50, settlingMs: 200, close: async () => undefined }, replyWithinMs: 60_000, editEveryMs: 20 });
      const client = await ConsoleClient.open(running.link ?? "");
      await client.say("olivia", "start payroll-test-failover plan=rp-payroll network=vnet-dr-isolated now");
      await client.until("Approve");
      await client.say("olivia", `note The vault opens with password=${canaries.note} and Bearer ${canaries.note}xyz`);
      await client.press("amir", "Approve", { reason: `AccountKey=${canaries.reason};` });
      await client.press("bea", "Approve");
      const end = Date.now() + 100_000;
      while (planted === 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
      await client.say("olivia", `abort because token=x code=${canaries.reason}`);
      while (!(await (await client.get("/drills/PAY-0001/report")).text()).includes("complete and closed")) {
        assert.ok(Date.now() < end, "the drill did not end");
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const bundle = Buffer.from(await (await client.get("/drills/PAY-0001/bundle.zip")).arrayBuffer());
      const places = {
        log: Buffer.from(logged.join("")),
        cards: Buffer.from(JSON.stringify((await client.activities()).filter((said) => said.fromBot))),
        bundle,
        page: Buffer.from(await (await client.get("/drills/PAY-0001")).text()),
      };
      await running.stop();
      assert.ok(planted > 0, "nothing was planted in Azure's answers");
      assert.ok(sent > 0, "the token was never used");
      assert.ok(places.bundle.includes("[redacted]"), "what was struck out leaves its mark");
      assert.ok(places.bundle.includes("The vault opens with"), "the rest of the note is kept");
      for (const [name, canary] of Object.entries(canaries)) {
        for (const [place, bytes] of Object.entries(places)) assert.equal(bytes.includes(canary), false, `${name} in ${place}`);
        for (const file of readdirSync(data, { recursive: true, withFileTypes: true })) {
          // What people themselves typed into the local console stays in its own chat, as it does in Teams.
          if (!file.isFile() || file.name.startsWith("console.db") || file.name.startsWith("simulated-azure")) continue;
          assert.equal(readFileSync(join(file.parentPath, file.name)).includes(canary), false, `${name} in ${file.name}`);
        }
      }
    } finally {
      process.env = before;
      await simulator.close();
      rmSync(data, { recursive: true, force: true });
    }
  });
});
