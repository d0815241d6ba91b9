import assert from "node:assert/strict";
import { asrTestFailoverCleanup } from "../../../src/actions/asr-test-failover-cleanup.ts";
import { asrTestFailover } from "../../../src/actions/asr-test-failover.ts";
import { asrPlanCheck } from "../../../src/checks/asr-plan.ts";
import { asrReplicationCheck } from "../../../src/checks/asr-replication.ts";
import { probeScripts } from "../../../src/checks/http/probe-scripts.ts";
import { encodeRequests } from "../../../src/checks/http/wire.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { readScenario } from "../../../src/simulator/scenario-files.ts";
import { look, networkId, planId, rehearsal, send, testFailoverInput, whileTimePasses } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

const input = { plan: planId, network: networkId, recoveryPoint: "latest-processed" };

describe("the actions and checks on the simulated Azure", () => {
  let r: Rehearsal;
  afterEach(() => r.simulator.close());

  const begin = async (scenario: string) => {
    r = await rehearsal({ scenario: readScenario(scenario), knownScripts: new Set(Object.values(probeScripts()).map((script) => script.sha256)) });
    const parts = { reader: r.azure.reader, writer: r.azure.writer, clock: r.clock };
    return { failover: asrTestFailover(parts), cleanup: asrTestFailoverCleanup(parts), replication: asrReplicationCheck(parts) };
  };

  it("fail over, follow every server and clean up", async () => {
    const { failover, cleanup, replication } = await begin("calm");
    const healthy = await replication.observe({ plan: planId, maxRpo: "15m" }, { ...look(), testServers: [] });
    assert.deepEqual([healthy.verdict, healthy.summary], ["passed", "3 of 3 servers, worst RPO 4 min 10 s (sql-payroll)"]);
    assert.equal((await failover.preview(input, look())).targets.length, 3);

    const { handle } = await failover.start(input, send(r.clock));
    const outcomes = async () => (await failover.follow(handle, input, look())).servers.map((server) => server.outcome);
    assert.deepEqual(await outcomes(), ["waiting", "waiting", "waiting"]);
    r.passSeconds(60);
    assert.deepEqual(await outcomes(), ["running", "running", "running"], "a test server that is being created is at work, whatever tasks are still to come");
    r.passSeconds(85);
    assert.deepEqual(await outcomes(), ["running", "waiting", "waiting"]);
    r.passSeconds(155);
    const ended = await failover.follow(handle, input, look());
    assert.deepEqual([ended.state, ended.summary], ["succeeded", "3 of 3 servers up"]);
    assert.deepEqual(ended.servers.map((server) => server.testServer?.name), ["sql-payroll-test", "web-01-test", "web-02-test"]);
    assert.deepEqual(await failover.find(input, "drill-7-tfo-1", new Date("2026-11-20T08:00:00Z"), look()).then((found) => found?.handle.toLowerCase()), handle.toLowerCase());

    const undo = failover.undoInput(input, "7");
    assert.equal((await cleanup.needed?.(undo, look()))?.needed, true);
    const cleaning = await cleanup.start(undo, send(r.clock, "drill-7-cleanup"));
    r.passSeconds(120);
    assert.equal((await cleanup.follow(cleaning.handle, undo, look())).state, "succeeded");
    assert.equal((await cleanup.needed?.(undo, look()))?.needed, false);
    await failover.start(input, send(r.clock, "drill-8-tfo"));
  });

  it("do not pass with two of three servers", async () => {
    const { failover } = await begin("quota");
    const { handle } = await failover.start(input, send(r.clock));
    r.passSeconds(300);
    const ended = await failover.follow(handle, input, look());
    assert.deepEqual([ended.state, ended.servers.map((server) => server.outcome)], ["failed", ["succeeded", "succeeded", "failed"]]);
    assert.match(ended.problems[0]?.action ?? "", /Raise the quota/);
  });

  it("find a start whose answer was lost", async () => {
    const { failover } = await begin("lost-answer");
    await assert.rejects(failover.start(input, send(r.clock)), (error: { code?: string }) => error.code === "outcome-unknown");
    assert.notEqual(await failover.find(input, "drill-7-tfo-1", r.clock(), look()), null);
  });

  it("owe the clean-up that failed, and succeed at the second", async () => {
    const { failover, cleanup } = await begin("cleanup-fails");
    await failover.start(input, send(r.clock));
    r.passSeconds(300);
    const undo = failover.undoInput(input, "7");
    const first = await cleanup.start(undo, send(r.clock, "cleanup-1"));
    r.passSeconds(120);
    assert.equal((await cleanup.follow(first.handle, undo, look())).state, "failed");
    assert.equal((await cleanup.needed?.(undo, look()))?.needed, true);
    const second = await cleanup.start(undo, send(r.clock, "cleanup-2"));
    r.passSeconds(120);
    assert.equal((await cleanup.follow(second.handle, undo, look())).state, "succeeded");
  });

  it("stop at a breached RPO", async () => {
    const { replication } = await begin("rpo-breach");
    const breached = await replication.observe({ plan: planId, maxRpo: "15m" }, { ...look(), testServers: [] });
    assert.deepEqual([breached.verdict, breached.summary], ["failed", "2 of 3 servers, worst RPO 1 h 30 min (sql-payroll); sql-payroll: RPO 1 h 30 min is over 15 min"]);
  });

  it("notice somebody who cleans up in the portal while the drill waits, and who works on a single server", async () => {
    const { failover } = await begin("calm");
    const { handle } = await failover.start(input, send(r.clock));
    await failover.follow(handle, input, look());
    r.passSeconds(300);
    await r.azure.writer.testFailoverCleanup(planId, "from the portal", send(r.clock, "somebody"));
    r.passSeconds(20);
    const seen = await failover.follow(handle, input, look());
    assert.match(seen.summary, /somebody else is at work on this plan/);
    assert.deepEqual([seen.problems[0]?.code, /started TestFailoverCleanup on rp-payroll/.test(seen.problems[0]?.message ?? "")], ["foreign-work", true]);
    assert.notEqual(seen.state, "succeeded");

    r.passSeconds(200);
    const [server] = await r.azure.reader.servers(planId, look());
    await fetch(`${r.simulator.url}${server?.id}/testFailover?api-version=2023-06-01`, { method: "POST", headers: { authorization: "Bearer somebody" } });
    await assert.rejects(failover.start(input, send(r.clock, "drill-8")), (error: { code?: string; message?: string }) => error.code === "not-now");
    assert.deepEqual(r.simulator.counts().starts, { "rp-payroll": 1, "sql-payroll": 1 });
  });

  for (const seconds of [20, 200]) {
    it(`follow a plan of a hundred servers whose job takes ${seconds} s, seen to its end in time and with few requests`, async () => {
      const servers = Array.from({ length: 100 }, (_, index) => ({ name: `vm-${index}`, address: `10.50.1.${index}`, size: "Standard_D2s_v5", rpoSeconds: 60, sites: [] }));
      const vaults = payroll.vaults.map((vault) => ({ ...vault, servers, plans: [{ name: "rp-payroll", groups: [servers.map((one) => one.name)] }] }));
      r = await rehearsal({ estate: { ...payroll, vaults } });
      const natural = await jobSeconds(r);
      await r.simulator.close();
      r = await rehearsal({ estate: { ...payroll, vaults } });
      r.simulator.add({ kind: "slow-job", factor: seconds / natural, times: null });
      const failover = asrTestFailover({ reader: r.azure.reader, writer: r.azure.writer, clock: r.clock });
      const before = r.simulator.requests.length;
      const began = r.clock().getTime();
      const { handle } = await failover.start(input, send(r.clock));
      let seen = await failover.follow(handle, input, look());
      while (seen.state === "running") {
        r.passSeconds(seen.nextLookMs / 1000);
        seen = await failover.follow(handle, input, look());
      }
      assert.equal(seen.servers.length, 100);
      const tookSeconds = (r.clock().getTime() - began) / 1000;
      assert.ok(tookSeconds <= seconds * 1.02 + 15, `ended after ${tookSeconds} s`);
      // What cannot be left out: the plan and its servers before the write, the POST, one look an interval until the job
      // has ended, and the servers after it.
      const asked = r.simulator.requests.length - before;
      const least = 2 + 1 + Math.ceil(seconds / 15) + 1;
      assert.ok(asked <= least * 1.2, `${asked} requests where ${least} are the least`);
    });
  }

  it("see the live plan beside what the runbook expects", async () => {
    await begin("calm");
    const observe = (groups: Json) => asrPlanCheck({ reader: r.azure.reader, clock: r.clock }).observe({ plan: planId, groups }, { ...look(), testServers: [] });
    assert.equal((await observe([{ servers: ["sql-payroll"] }, { servers: ["web-01", "web-02"] }])).verdict, "passed");
    const drifted = await observe([{ servers: ["web-01", "web-02"] }, { servers: ["sql-payroll"] }]);
    assert.deepEqual([drifted.verdict, drifted.diagnosis.length], ["failed", 3]);
  });

  it("run the shipped probe from a test server", async () => {
    const { failover } = await begin("calm");
    await failover.start(input, send(r.clock));
    r.passSeconds(300);
    const server = (await r.azure.reader.servers(planId, look()))[1]?.testServer;
    assert.ok(server);
    const bytes = Buffer.from("GET / HTTP/1.1\r\nHost: 10.50.0.12\r\n\r\n");
    const requests = encodeRequests([{ id: "1", address: "10.50.0.12", port: 80, tls: null, timeoutMs: 60_000, maxBytes: 2000, bytes }]);
    const { exitCode, output } = await whileTimePasses(r, () => r.azure.scripts.run(server, { ...probeScripts().powershell, parameters: { requests }, timeoutMs: 5000 }, look()));
    assert.equal(exitCode, 0);
    assert.match(output, /^1\tanswered\t/);
  });
});

/** How long a test failover of the plan takes when nothing stretches it. */
async function jobSeconds({ azure, clock, passSeconds }: Rehearsal): Promise<number> {
  const { jobId } = await azure.writer.testFailover(planId, testFailoverInput, send(clock, "measured"));
  passSeconds(2_000);
  const { startedAt, endedAt } = await azure.reader.job(jobId, look());
  return (Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "")) / 1000;
}
