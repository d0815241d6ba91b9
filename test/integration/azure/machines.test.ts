import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { vmRestart } from "../../../src/actions/vm-restart.ts";
import { vmRunScript } from "../../../src/actions/vm-run-script.ts";
import { vmStart } from "../../../src/actions/vm-start.ts";
import { vmStop } from "../../../src/actions/vm-stop.ts";
import type { Action, Progress } from "../../../src/drills/ports.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { look, planId, probeScript, rehearsal, send, subscription, testFailoverInput } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

const sha256 = createHash("sha256").update(probeScript).digest("hex");
const server = `/subscriptions/${subscription}/resourceGroups/rg-jump/providers/Microsoft.Compute/virtualMachines/jump-01`;
const estate = { ...payroll, machines: [{ name: "jump-01", resourceGroup: "rg-jump", location: "northeurope", size: "Standard_D2s_v5", address: "10.50.0.9", network: "vnet-dr-isolated", stopped: true }] };

describe("machines through the Azure SDK", () => {
  let r: Rehearsal;
  const begin = async () => {
    r = await rehearsal({ estate });
    const library = (name: string) => (name === "probe.ps1" ? { text: probeScript, sha256 } : null);
    return { machines: r.azure.machines, machineWriter: r.azure.machineWriter, scriptLibrary: library, clock: r.clock };
  };
  afterEach(() => r.simulator.close());

  const toEnd = async (action: Action, handle: string, input: Json): Promise<readonly Progress[]> => {
    const seen: Progress[] = [];
    for (let looks = 0; looks < 40; looks += 1) {
      const progress = await action.follow(handle, input, look());
      seen.push(progress);
      if (progress.state !== "running") return seen;
      r.passSeconds(10);
      // The simulated agent plays its script beside us.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return seen;
  };
  const whole = async (action: Action, input: Json, tag: string) => {
    const preview = await action.preview(input, look());
    const { handle } = await action.start(input, send(r.clock, tag));
    const seen = await toEnd(action, handle, input);
    return { preview, ended: seen.at(-1), undo: action.undoInput(input, "7", preview), writes: r.simulator.requests.filter((one) => one.clientRequestId === tag) };
  };

  it("start, restart and stop, each with the undo that the former state needs", async () => {
    const parts = await begin();
    const started = await whole(vmStart(parts), { server }, "m1");
    assert.deepEqual([started.ended?.state, started.undo], ["succeeded", { server, deallocate: true }]);
    assert.deepEqual(started.writes.map(({ method, path }) => `${method} ${path.split("?")[0]?.split("/").at(-1)}`), ["POST start"]);
    assert.deepEqual((await whole(vmStart(parts), { server }, "m2")).undo, null, "a machine that ran already is not stopped");
    const restarted = await whole(vmRestart(parts), { server }, "m3");
    assert.deepEqual([restarted.ended?.state, restarted.undo], ["succeeded", null]);
    const stopped = await whole(vmStop(parts), { server, deallocate: false }, "m4");
    assert.deepEqual([stopped.ended?.state, stopped.undo, stopped.ended?.summary], ["succeeded", { server }, "jump-01 is stopped"]);
    const released = await whole(vmStop(parts), { server }, "m5");
    assert.deepEqual([released.ended?.state, released.undo], ["succeeded", null]);
  });

  it("are left alone while somebody else changes them", async () => {
    const parts = await begin();
    await r.azure.machineWriter.power(server, "start", send(r.clock, "somebody"));
    await assert.rejects(vmStop(parts).start({ server }, send(r.clock)), (e: { code?: string; message?: string }) => e.code === "not-now" && /Somebody else is at work on jump-01/.test(e.message ?? ""));
  });

  it("are found as they were asked to be when the answer was lost", async () => {
    const parts = await begin();
    r.simulator.add({ kind: "lost-answer", on: { method: "POST" }, times: 1 });
    const since = r.clock();
    await assert.rejects(vmStart(parts).start({ server }, send(r.clock, "m9")), (e: { code?: string }) => e.code === "outcome-unknown");
    r.passSeconds(60);
    const found = await vmStart(parts).find({ server }, "m9", since, look());
    assert.ok(found);
    assert.equal((await toEnd(vmStart(parts), found.handle, { server })).at(-1)?.state, "succeeded");
  });

  const testServer = `/subscriptions/${subscription}/resourceGroups/rg-dr-test/providers/Microsoft.Compute/virtualMachines/web-01-test`;
  const script = { server: testServer, script: "probe.ps1", sha256, parameters: { requests: "'; Stop-Computer #" }, timeout: "1m" };
  const failedOver = async () => {
    const parts = await begin();
    await r.azure.writer.testFailover(planId, testFailoverInput, send(r.clock, "tfo"));
    r.passSeconds(400);
    return parts;
  };

  it("run a script that the approver saw whole, with its parameters beside it, and forget it afterwards", async () => {
    const action = vmRunScript(await failedOver());
    const { preview, ended, writes } = await whole(action, script, "s1");
    assert.deepEqual(preview.documents?.map((one) => one.text), [probeScript]);
    const put = JSON.parse(writes[0]?.body ?? "");
    assert.deepEqual([put.properties.source.script, put.properties.parameters, put.properties.timeoutInSeconds], [probeScript, [{ name: "requests", value: "'; Stop-Computer #" }], 60]);
    assert.equal(writes.length, 1);
    assert.ok(ended && ended.state !== "running");
    assert.match(ended.servers[0]?.detail ?? "", /^exit code \d/);
    assert.equal(await r.azure.machines.command(testServer, "drillbook-s1", look()), null, "the command is gone");
  });

  it("report what a script printed before its command is deleted", async () => {
    const action = vmRunScript(await failedOver());
    const { handle } = await action.start(script, send(r.clock, "s2"));
    const seen = await toEnd(action, handle, script);
    const [before, last] = seen.slice(-2);
    assert.deepEqual([before?.state, /deleting the command/.test(before?.summary ?? "")], ["running", true]);
    assert.deepEqual(before?.servers, last?.servers);
    assert.equal((await action.follow(handle, script, look())).state, last?.state, "asked again, it is still the same");
  });

  it("say that a result is lost when its command is gone, and do not run the script again", async () => {
    const parts = await failedOver();
    const { handle } = await vmRunScript(parts).start(script, send(r.clock, "s5"));
    r.passSeconds(120);
    await r.azure.machines.removeCommand(testServer, "drillbook-s5", look());
    const { state, problems } = await vmRunScript(parts).follow(handle, script, look());
    assert.deepEqual([state, problems[0]?.message, /drill's history/.test(problems[0]?.action ?? "")], ["failed", "probe.ps1 on web-01-test: its command is gone", true]);
    assert.equal(r.simulator.requests.filter(({ method }) => method === "PUT").length, 1);
  });

  it("are approved before a test failover creates them", async () => {
    const parts = await begin();
    assert.equal((await vmRunScript(parts).preview(script, look())).facts.at(-1)?.value, "the machine does not exist yet");
    assert.match((await vmStop(parts).preview({ server: testServer }, look())).facts.at(-1)?.value ?? "", /it does not exist yet$/);
    await assert.rejects(vmRunScript(parts).start(script, send(r.clock)), (e: { code?: string }) => e.code === "not-now");
  });

  it("find a script whose answer was lost by its own name, and start it once", async () => {
    const action = vmRunScript(await failedOver());
    r.simulator.add({ kind: "lost-answer", on: { method: "PUT" }, times: 1 });
    const since = r.clock();
    await assert.rejects(action.start(script, send(r.clock, "s3")), (e: { code?: string }) => e.code === "outcome-unknown");
    assert.notEqual(await action.find(script, "s3", since, look()), null);
    assert.equal(await action.find(script, "s4", since, look()), null);
    assert.equal(r.simulator.requests.filter(({ method }) => method === "PUT").length, 1);
  });

  it("run no other bytes than the runbook names, and nothing on a machine that is not ready", async () => {
    const action = vmRunScript(await failedOver());
    await assert.rejects(action.start({ ...script, sha256: "0".repeat(64) }, send(r.clock)), (e: { code?: string; message?: string }) => e.code === "not-now" && e.message?.includes(sha256) === true);
    await assert.rejects(action.preview({ ...script, script: "other.ps1" }, look()), /has no script other\.ps1/);
    await assert.rejects(action.preview({ ...script, script: "../probe.ps1" }, look()), /script/);
    assert.match((await action.preview({ ...script, server }, look())).facts.at(-1)?.value ?? "", /^not ready yet: it is (deallocated|stopped)/);
    await assert.rejects(action.start({ ...script, server }, send(r.clock)), /jump-01 cannot run a script: it is (deallocated|stopped)/);
  });
});
