import assert from "node:assert/strict";
import { asrTestFailover } from "../../../src/actions/asr-test-failover.ts";
import type { Action, Progress } from "../../../src/drills/ports.ts";
import { payroll } from "../../../src/simulator/estates/payroll.ts";
import { connected, look, networkId, planId, posts, rehearsal, send } from "./rehearsal.ts";
import type { Rehearsal } from "./rehearsal.ts";

const first = { name: "Licence server", description: "Tell the licence server the new address of sql-payroll.", before: 1 };
const second = { name: "Printers", description: "Switch the printers of the ground floor.", before: 2 };
const estate = { ...payroll, vaults: payroll.vaults.map((vault) => ({ ...vault, plans: vault.plans.map((plan) => ({ ...plan, manualActions: [second, first] })) })) };
const input = { plan: planId, network: networkId };

describe("a recovery plan that stops for people, through the Azure SDK", () => {
  let r: Rehearsal;
  beforeEach(async () => {
    r = await rehearsal({ estate });
  });
  afterEach(() => r.simulator.close());

  const fresh = (): Action => asrTestFailover({ ...connected(r.simulator, r.clock), clock: r.clock });
  const resume = (handle: string, pause: string, comments = "done by Olivia") => fresh().resume?.(handle, input, pause, comments, send(r.clock)) ?? assert.fail();
  const until = async (handle: string, wanted: (progress: Progress) => boolean): Promise<Progress> => {
    for (let looks = 0; looks < 100; looks += 1) {
      const progress = await fresh().follow(handle, input, look());
      if (wanted(progress)) return progress;
      r.passSeconds(15);
    }
    return assert.fail("it never came to that");
  };
  const stopped = ({ pause, state }: Progress) => pause !== undefined || state !== "running";

  it("says to its approvers where, shows what to do, and goes on with the words of whoever did it", async () => {
    const preview = await fresh().preview(input, look());
    assert.deepEqual(preview.facts.filter(({ label }) => label === "Stops for people").map(({ value }) => value), [`${first.name}: ${first.description}`, `${second.name}: ${second.description}`]);
    const { handle } = await fresh().start(input, send(r.clock));

    const one = await until(handle, stopped);
    assert.deepEqual([one.state, one.pause?.name, one.pause?.text], ["running", first.name, first.description]);
    assert.match(one.summary, /waits for people: Licence server/);
    r.passSeconds(86_400);
    assert.deepEqual((await fresh().follow(handle, input, look())).pause, one.pause, "however long it takes, nothing goes on by itself");
    assert.equal(posts(r.simulator).length, 1);

    await resume(handle, one.pause?.id ?? "");
    assert.deepEqual([posts(r.simulator).at(-1)?.path.split("?")[0]?.split("/").slice(-1)[0], JSON.parse(posts(r.simulator).at(-1)?.body ?? "")], ["resume", { properties: { comments: "done by Olivia" } }]);
    const two = await until(handle, stopped);
    assert.equal(two.pause?.name, second.name);
    assert.notEqual(two.pause?.id, one.pause?.id);
    await resume(handle, two.pause?.id ?? "");
    const ended = await until(handle, ({ state }) => state !== "running");
    assert.deepEqual([ended.state, ended.summary, ended.pause], ["succeeded", "3 of 3 servers up", undefined]);
    assert.deepEqual(ended.tasks.filter(({ name }) => [first.name, second.name].includes(name)).map(({ state }) => state), ["succeeded", "succeeded"]);
  });

  it("is never let past a stop that nobody spoke of: a word for the first is no word for the second", async () => {
    const { handle } = await fresh().start(input, send(r.clock));
    const one = await until(handle, stopped);
    await resume(handle, one.pause?.id ?? "");
    await until(handle, ({ pause }) => pause?.name === second.name);
    const sent = posts(r.simulator).length;
    await assert.rejects(resume(handle, one.pause?.id ?? ""), (e: { code?: string; message?: string }) => e.code === "not-now" && /does not wait there any more/.test(e.message ?? ""));
    assert.equal(posts(r.simulator).length, sent, "nothing was sent");
  });

  it("nobody knows what became of a word whose answer was lost, and the next look shows it", async () => {
    const { handle } = await fresh().start(input, send(r.clock));
    const one = await until(handle, stopped);
    r.simulator.add({ kind: "lost-answer", on: { method: "POST", path: "/resume" }, times: 1 });
    await assert.rejects(resume(handle, one.pause?.id ?? ""), (e: { code?: string }) => e.code === "outcome-unknown");
    assert.equal((await until(handle, ({ pause }) => pause?.id !== one.pause?.id)).state, "running");
  });
});
