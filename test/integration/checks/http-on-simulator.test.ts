import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { asrTestFailoverCleanupFacts } from "../../../src/actions/asr-test-failover-cleanup.ts";
import { asrTestFailover, asrTestFailoverFacts } from "../../../src/actions/asr-test-failover.ts";
import { asrReplicationFacts } from "../../../src/checks/asr-replication.ts";
import { httpCheck, httpCheckFacts } from "../../../src/checks/http/check.ts";
import { probeScripts } from "../../../src/checks/http/probe-scripts.ts";
import type { TestServer } from "../../../src/drills/events.ts";
import type { Catalogue } from "../../../src/runbooks/catalogue.ts";
import { compile } from "../../../src/runbooks/compile.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { look, networkId, planId, rehearsal, send } from "../azure/rehearsal.ts";
import type { Rehearsal } from "../azure/rehearsal.ts";

const catalogue: Catalogue = {
  actions: new Map([asrTestFailoverFacts, asrTestFailoverCleanupFacts].map((facts) => [facts.type, facts])),
  checks: new Map([httpCheckFacts, asrReplicationFacts].map((facts) => [facts.type, facts])),
};

/** The inputs of a runbook's HTTP checks, in order, as its compiler leaves them. */
function httpInputs(name: string): readonly Json[] {
  const { runbook, diagnostics } = compile(readFileSync(new URL(`../../../runbooks/${name}.md`, import.meta.url)), `${name}.md`, catalogue);
  assert.ok(runbook, JSON.stringify(diagnostics));
  return runbook.steps.flatMap((step) => (step.kind === "check" && step.type === "http" ? [step.input] : []));
}

describe("check http on the simulated test network", () => {
  let r: Rehearsal;
  let testServers: readonly TestServer[];

  beforeEach(async () => {
    r = await rehearsal({ knownScripts: new Set(Object.values(probeScripts()).map((script) => script.sha256)) });
    const failover = asrTestFailover({ reader: r.azure.reader, writer: r.azure.writer, clock: r.clock });
    await failover.start({ plan: planId, network: networkId }, send(r.clock));
    r.passSeconds(300);
    testServers = (await r.azure.reader.servers(planId, look())).flatMap((server) => server.testServer ?? []);
  });
  afterEach(() => r.simulator.close());

  /** Run command takes simulated time, which somebody has to let pass. */
  async function observe(input: Json) {
    const time = setInterval(() => r.passSeconds(30), 10);
    try {
      const check = httpCheck({ scripts: r.azure.scripts, addresses: r.azure.addresses, resolve: async () => [], allowPrivate: false, clock: r.clock });
      return await check.observe(input, { ...look(), testServers });
    } finally {
      clearInterval(time);
    }
  }

  it("passes the check of the payroll runbook as it stands", async () => {
    const [input] = httpInputs("payroll-test-failover");
    const seen = await observe(input ?? null);
    assert.equal(seen.verdict, "passed", JSON.stringify(seen));
  });

  it("teaches the lesson of the load balancer: up for the browser, down for the LoadMaster, up again with a host", async () => {
    const seen = [];
    for (const input of httpInputs("load-balancer-says-down")) seen.push(await observe(input));
    assert.deepEqual(seen.map((one) => one.verdict), ["passed", "failed", "passed"], JSON.stringify(seen.map((s) => s.summary)));
    assert.match(seen[1]?.diagnosis.join("\n") ?? "", /400 Invalid Hostname/);
    assert.match(seen[2]?.diagnosis.join("\n") ?? "", /LoadMaster would mark 10\.50\.0\.11 and 10\.50\.0\.12 down/);
  });

  it("asks a plan's test servers at the addresses of their interfaces", async () => {
    const seen = await observe({ as: "kemp-loadmaster", from: "web-01-test", testServers: "http://{name}/", servers: ["web-01-test", "web-02-test"], host: "payroll.contoso.example" });
    assert.equal(seen.verdict, "passed", JSON.stringify(seen));
    const rows = (seen.result as { readonly rows: readonly { readonly target: string; readonly url: string }[] }).rows;
    assert.deepEqual([...new Set(rows.map((row) => `${row.target} ${row.url}`))], ["web-01-test (10.50.0.11) http://10.50.0.11/", "web-02-test (10.50.0.12) http://10.50.0.12/"]);
  });

  it("says that an address of nobody does not answer", async () => {
    const seen = await observe({ as: "browser", from: "web-01-test", targets: ["http://10.50.0.99/"], timeout: "1s" });
    assert.equal(seen.verdict, "failed");
    assert.match(seen.diagnosis.join("\n"), /No connection to 10\.50\.0\.99 within 1 s/);
  });
});
