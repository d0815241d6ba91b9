import assert from "node:assert/strict";
import { fieldChecks, fieldScripts } from "../../../src/checks/field/field-tools.ts";
import type { TestServer } from "../../../src/drills/events.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { fieldOutputs, type OutputChoice } from "../../../src/simulator/tool-outputs.ts";
import { look, rehearsal, subscription, whileTimePasses } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

const idOf = (name: string): string => `/subscriptions/${subscription}/resourceGroups/rg-premises/providers/Microsoft.HybridCompute/machines/${name}`;
const server = (name: string): TestServer => ({ name, id: idOf(name) });

describe("a script on a server on premises through its Arc agent", () => {
  let r: Rehearsal;
  afterEach(() => r.simulator.close());

  const begin = async (choice: OutputChoice = {}) => {
    r = await rehearsal({ pace: 1000, estate: { ...payroll, scripts: fieldOutputs(fieldScripts(), choice) } });
  };
  const observe = (type: string, input: { readonly [key: string]: string }) => {
    const check = fieldChecks({ scripts: r.azure.scripts, clock: r.clock }).find(({ facts }) => facts.type === type);
    assert.ok(check);
    return whileTimePasses(r, () => check.observe(input, { ...look(), testServers: [] }));
  };

  it("runs a shipped script, reads what it prints and deletes the command", async () => {
    await begin();
    const seen = await observe("cluster-nodes", { from: idOf("HV-01") });
    assert.equal(seen.verdict, "passed", [seen.summary, ...seen.diagnosis].join("\n"));
    const commands = r.simulator.requests.filter(({ path }) => path.includes("/runCommands/"));
    assert.deepEqual([commands[0]?.method, commands.at(-1)?.method], ["PUT", "DELETE"]);
    assert.equal(commands.filter(({ method }) => method === "PUT").length, 1);
    assert.match(commands[0]?.path ?? "", /Microsoft\.HybridCompute\/machines\/HV-01\/runCommands\/drillbook-[^/?]+\?api-version=2025-01-13$/);
    const body = JSON.parse(commands[0]?.body ?? "");
    assert.equal(body.location, "westeurope");
    assert.match(body.properties.source.script, /^# Every node of the failover cluster/);
  });

  it("names the planted fault", async () => {
    await begin({ "cluster-nodes": "sick-down" });
    const seen = await observe("cluster-nodes", { from: idOf("HV-01") });
    assert.equal(seen.verdict, "failed");
    assert.match(seen.summary, /HV-02 is Down/);
  });

  it("proves nothing when the script is not known there, or the server is not", async () => {
    await begin();
    const run = await whileTimePasses(r, () => r.azure.scripts.run(server("HV-01"), { name: "own", text: "Get-Process", parameters: {}, timeoutMs: 5_000 }, look()));
    assert.equal(run.exitCode, 1);
    const seen = await observe("volumes", { from: idOf("GONE-01") });
    assert.equal(seen.verdict, "not-proved");
    assert.match(seen.diagnosis.join("\n"), /Azure did not give the output of volumes\.ps1 on GONE-01/);
  });

  it("sends the command once, also when Azure's answer is lost", async () => {
    await begin();
    r.simulator.add({ kind: "lost-answer", on: { method: "PUT", path: "HybridCompute/.*/runCommands" }, times: 1 });
    const seen = await observe("cluster-nodes", { from: idOf("HV-01") });
    assert.equal(r.simulator.requests.filter(({ method }) => method === "PUT").length, 1);
    assert.equal(seen.verdict, "not-proved");
  });
});
