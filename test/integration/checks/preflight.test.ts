import assert from "node:assert/strict";
import { asrTestFailoverCleanup } from "../../../src/actions/asr-test-failover-cleanup.ts";
import { asrTestFailover } from "../../../src/actions/asr-test-failover.ts";
import type { OwnPlace } from "../../../src/checks/preflight/own-place.ts";
import { preflight } from "../../../src/checks/preflight/preflight.ts";
import type { Preflight } from "../../../src/checks/preflight/preflight.ts";
import { catalogue, means } from "../../../src/composition.ts";
import { compile } from "../../../src/runbooks/compile.ts";
import type { Runbook } from "../../../src/runbooks/runbook.ts";
import type { Estate, Network } from "../../../src/simulator/estate.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { look, networkId, planId, rehearsal, send, subscription } from "../azure/rehearsal.ts";
import type { Rehearsal } from "../azure/rehearsal.ts";

const params = { plan: planId, network: networkId };

function runbook(more = ""): Runbook {
  const text = `---\nid: payroll\nmode: test\nowner: dr@contoso.example\nparameters:\n  plan: { type: recovery-plan }\n  network: { type: azure-resource }\n---\n# Payroll\n\n## Fail over\n\n### Replication is healthy\n\`\`\`check asr-replication\nplan: \${plan}\nmaxRpo: 15m\n\`\`\`\n\n### Approve\n\`\`\`approval\n\`\`\`\n\n### Start the test failover\n\`\`\`action asr-test-failover\nplan: \${plan}\nnetwork: \${network}\n\`\`\`\n\n### Servers have started\n\`\`\`check vm-boot\n\`\`\`\n${more}`;
  const { runbook: compiled, diagnostics } = compile(Buffer.from(text), "payroll.md", catalogue);
  assert.ok(compiled, JSON.stringify(diagnostics));
  return compiled;
}

const withNetwork = (change: Partial<Network>): Estate => ({ ...payroll, networks: payroll.networks.map((one) => (one.name === "vnet-dr-isolated" ? { ...one, ...change } : one)) });

describe("preflight, through the SDK over HTTP", () => {
  let r: Rehearsal;
  const elsewhere: readonly OwnPlace[] = [{ what: "Drillbook itself", id: `/subscriptions/${subscription}/resourceGroups/rg-tools/providers/Microsoft.Web/sites/drillbook` }];

  const begin = async (estate: Estate = payroll) => void (r = await rehearsal({ estate }));
  afterEach(() => r.simulator.close());

  function before(own = elsewhere, of = runbook()): Promise<Preflight> {
    const side = { azure: r.azure, simulator: null, pollMs: 5, settlingMs: 5, close: async () => undefined };
    const { checks } = means(side, r.clock, "runbooks");
    return preflight(of, params, { checks, reader: r.azure.reader, rights: r.azure.rights, catalogue, own, clock: r.clock }, look());
  }

  async function failOver(clean: boolean): Promise<void> {
    const parts = { reader: r.azure.reader, writer: r.azure.writer, clock: r.clock };
    await asrTestFailover(parts).start(params, send(r.clock));
    r.passSeconds(600);
    if (!clean) return;
    await asrTestFailoverCleanup(parts).start({ plan: planId, comments: "done" }, send(r.clock, "drill-7-clean-1"));
    r.passSeconds(600);
  }

  it("has nothing against a drill that can go through, and says how little it knows of cleanups", async () => {
    await begin();
    assert.deepEqual(await before(), { reasons: [], notes: ["While test servers of rp-payroll stand, a real failover of them waits for their cleanup: how long that takes is not known, because Azure lists no cleanup of them in the last 180 days."] });
  });

  it("says in one list everything that would fail half way", async () => {
    const { name: _name, ...peering } = { name: "x", to: "vnet-hub" };
    await begin({
      ...withNetwork({ peerings: [{ name: "to-hub", ...peering }] }),
      quotas: [{ location: "northeurope", name: "standardESv5Family", used: 0, limit: 4 }],
      grants: [{ actions: ["*/read", "Microsoft.RecoveryServices/*"], notActions: ["Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/testFailover/action"] }],
    });
    r.simulator.add({ kind: "rpo", server: "web-02", seconds: 7200, times: null });
    const { reasons } = await before();
    const list = reasons.join("\n");
    for (const words of [
      /^Replication is healthy: .*web-02: RPO 2 h is over 15 min/m,
      /^Room for rp-payroll: .*standardESv5Family vCPUs in northeurope: 8 are needed and 4 of 4 are free/m,
      /^Isolation of vnet-dr-isolated: .*peering to-hub: peered with vnet-hub/m,
      /On rsv-payroll, Drillbook's identity lacks Microsoft\.RecoveryServices\/vaults\/replicationRecoveryPlans\/testFailover\/action/,
      /On rg-dr-test, Drillbook's identity lacks .*Microsoft\.Compute\/virtualMachines\/runCommands\/write/,
    ]) assert.match(list, words);
  });

  it("takes the exceptions of the runbook's own check, and tells them", async () => {
    await begin(withNetwork({ peerings: [{ name: "to-hub", to: "vnet-hub" }] }));
    const own = runbook("\n### Isolated\n```check network-isolation\nnetwork: ${network}\nallow: [{ name: to-hub, why: the licence server is there }]\n```\n");
    const { reasons, notes } = await before(elsewhere, own);
    assert.deepEqual(reasons, []);
    assert.match(notes.join("\n"), /Allowed by name: peering to-hub \(.*the licence server is there\)/);
  });

  it("says what a pending test failover delays, from the cleanups that there were", async () => {
    await begin();
    await failOver(true);
    const { notes } = await before();
    assert.match(notes[0] ?? "", /waits for their cleanup: the last one took \d+ (?:s|min)/);
    await asrTestFailover({ reader: r.azure.reader, writer: r.azure.writer, clock: r.clock }).start(params, send(r.clock, "drill-8-tfo-1"));
    r.passSeconds(600);
    assert.match((await before()).reasons.join("\n"), /A test failover of sql-payroll, web-01, web-02 stands already: neither this drill nor a real failover of them can start before its cleanup \(the last one took/);
  });

  for (const [what, own, words] of [
    ["the bot by its resource id", { what: "Drillbook itself", id: `/subscriptions/${subscription}/resourceGroups/rg-westeurope/providers/Microsoft.Compute/virtualMachines/WEB-01` }, /Drillbook itself stands on web-01, which this plan fails over/],
    ["the store by its host's name", { what: "Drillbook's store", host: "sql-payroll.contoso.example" }, /Drillbook's store stands on sql-payroll/],
  ] as const) {
    it(`refuses to fail over ${what}`, async () => {
      await begin();
      assert.match((await before([own])).reasons.join(), words);
    });
  }

  it("tells what stands beside, and when nobody said where it stands", async () => {
    await begin();
    const beside = { what: "Drillbook's store", id: `/subscriptions/${subscription}/resourceGroups/RG-WestEurope/providers/Microsoft.DBforPostgreSQL/flexibleServers/pg` };
    assert.match((await before([beside])).notes.join(), /Drillbook's store stands in the resource group of sql-payroll/);
    assert.match((await before([{ what: "Drillbook itself", host: "10.50.0.11" }])).notes.join(), /DRILLBOOK_STANDS_ON/);
  });

  it("takes what it cannot read for a reason", async () => {
    await begin();
    r.simulator.add({ kind: "answer", status: 403, error: { code: "AuthorizationFailed", message: "not yours" }, on: { path: "/usages$" }, times: null });
    const { reasons } = await before();
    assert.match(reasons.join(), /Room for rp-payroll: nothing is known of it\. Azure did not give the quotas of northeurope \(AuthorizationFailed, HTTP 403\)/);
  });
});
