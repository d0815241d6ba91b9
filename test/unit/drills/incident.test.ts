import assert from "node:assert/strict";
import { openDebts } from "../../../src/drills/debts.ts";
import { timesOf } from "../../../src/drills/times.ts";
import { transcriptOf } from "../../../src/evidence/transcript/transcript.ts";
import type { Runbook } from "../../../src/runbooks/runbook.ts";
import { world } from "../../fakes/drill-world.ts";
import { running } from "../../fakes/outside-world.ts";
import { action, amir, approval, ask, check, manual, olivia, ravi, roles, runbookOf } from "../../fakes/runbooks.ts";

const done = (step: string, round = 1) => ({ type: "answer", step, round, answer: "done", reason: "", ticks: [] }) as const;
const dora = { id: "dora", name: "Dora Diaz" };
const people = { ...roles, director: [dora], deputy: [ravi] };
const incident: Partial<Runbook> = {
  purpose: "incident",
  mode: "live",
  declaration: { role: "director", criteria: ["Site lost", "Ransomware"], decideByMs: 3_600_000 },
};
const declared = { by: dora, roles: people, declaration: { criterion: "site lost" } };

describe("incident: the declaration", () => {
  it("opens with who, when, which criterion and by when to decide", async () => {
    const w = world([manual("look")], incident);
    const drill = await w.launch("live", { ...declared, declaration: { criterion: "site lost", disruptedAt: "2020-01-01T00:00:00Z" } });
    const { declared: said, launchedAt } = await w.state(drill);
    assert.deepEqual([said?.by, said?.criterion, said?.disruptedAt], [dora, "Site lost", "2020-01-01T00:00:00.000Z"]);
    assert.equal(Date.parse(said?.decideBy ?? "") - Date.parse(launchedAt), 3_600_000);
    assert.deepEqual((await w.types(drill)).slice(0, 3), ["drill.launched", "incident.declared", "step.opened"]);
  });

  it("is refused without a criterion of the runbook, with a time to come, and from anybody else", async () => {
    const w = world([manual("look")], incident);
    await assert.rejects(w.launch("live", { by: dora, roles: people }), { code: "bad-input", suggestion: "Name one of: Site lost; Ransomware." });
    await assert.rejects(w.launch("live", { ...declared, declaration: { criterion: "boredom" } }), { code: "bad-input" });
    await assert.rejects(w.launch("live", { ...declared, declaration: { criterion: "Site lost", disruptedAt: "2999-01-01T00:00Z" } }), { code: "bad-input" });
    await assert.rejects(w.launch("live", { ...declared, by: olivia }), { code: "not-allowed" });
  });

  it("tells the deputies when nobody decided in time, once", async () => {
    const w = world([manual("look")], incident);
    const drill = await w.launch("live", declared);
    await w.clock.advance(3_600_001);
    await w.clock.advance(3_600_001);
    assert.deepEqual((await w.state(drill)).escalations.map((e) => [e.step, e.people.map((p) => p.id)]), [[null, ["ravi"]]]);
  });
});

describe("incident: exercises stand aside", () => {
  it("takes their locks, stops them at once and starts their cleanup", async () => {
    const w = world([action("fail-over"), manual("staff")]);
    const exercise = await w.launch("test");
    await assert.rejects(w.launch("test"), { code: "conflict" });
    await w.give(exercise, olivia, { type: "pause", reason: "lunch" });
    const real = await w.launch("live", { ...declared, runbook: runbookOf([manual("look")], incident) });
    const state = await w.state(exercise);
    assert.deepEqual([state.stoodAside, state.cleanup?.why, w.cleanup.starts.length], [true, "aborted", 1]);
    assert.equal(state.result, "aborted");
    assert.equal((await w.state(real)).declared?.criterion, "Site lost");
    const [, said] = (await w.store.read(real)).map((e) => e.event);
    assert.deepEqual(said?.type === "incident.declared" && said.instead, [exercise]);
    await assert.rejects(w.launch("live", { ...declared, runbook: runbookOf([manual("look")], incident) }), { code: "conflict" }, "an incident does not give way");
    await assert.rejects(w.launch("test"), (e: Error) => e.message.startsWith(`${real} (Payroll test failover) holds what this drill needs, for 1 min`));
  });

  it("does not stop an exercise for a declaration that is refused", async () => {
    const w = world([manual("staff")]);
    const exercise = await w.launch("test");
    await assert.rejects(w.launch("live", { ...declared, runbook: runbookOf([manual("look")], incident), declaration: { criterion: "" } }), { code: "bad-input" });
    assert.equal((await w.state(exercise)).status, "running");
  });
});

describe("incident: live", () => {
  it("takes nothing back by itself", async () => {
    const w = world([action("fail-over"), manual("staff")], incident);
    const drill = await w.launch("live", declared);
    await w.give(drill, olivia, { type: "abort", reason: "false alarm" });
    await w.clock.advance(3_600_000);
    assert.deepEqual([w.cleanup.starts.length, openDebts(await w.state(drill)).length], [0, 1]);
    await w.give(drill, amir, { type: "order-undo", operation: "fail-over#1", reason: "go back" });
    assert.equal(w.cleanup.starts.length, 1);
  });

  it("lets standing authority release the named steps alone, in an incident and nowhere else", async () => {
    const steps = [approval("approve", { quorum: 2 }), action("fail-over")];
    const authority = { standingAuthority: [{ role: "director", steps: ["fail-over"], agreed: "Board, 3 May" }] };
    for (const [purpose, starts] of [["incident", 1], ["exercise", 0]] as const) {
      const w = world(steps, { ...incident, ...authority, purpose });
      const drill = await w.launch("live", { ...declared, roles: { ...people, operator: [dora] } });
      const code = (await w.state(drill)).steps[0]?.approval?.code ?? "";
      const { refused } = await w.give(drill, dora, { type: "decide", step: "approve", round: 1, decision: "approve", code, reason: "agreed beforehand" });
      assert.deepEqual([refused?.code, w.failover.starts.length], [starts === 1 ? undefined : "not-allowed", starts], purpose);
    }
  });
});

describe("protected scopes", () => {
  const vm = (name: string): string => `/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/${name}`;
  const touching = (id: string, name = "one"): Partial<Runbook> => ({ id: name, parameters: [], steps: [action("go", { input: { server: id } })] });

  it("are what the actions touch, in whatever letters it is written", async () => {
    const w = world();
    w.failover.follow_ = () => running;
    await w.launch("test", { runbook: runbookOf([], touching(vm("web-01"))) });
    await w.launch("test", { runbook: runbookOf([], touching(vm("web-02"))) });
    await assert.rejects(w.launch("test", { runbook: runbookOf([], touching(vm("WEB-01").toLowerCase())) }), { code: "conflict" });
  });

  it("hold also what an answer names, or the answer is refused and names the holder", async () => {
    const asked = [ask("which", [{ name: "server", type: "resource", label: "Server", choices: [], default: null }]), manual("wait"), action("go", { input: { server: "${server}" } })];
    const w = world(asked, { parameters: [] });
    w.failover.follow_ = () => running;
    const other = await w.launch("test", { runbook: runbookOf([], touching(vm("web-01"))) });
    const drill = await w.launch("test");
    const answer = (name: string) => w.give(drill, olivia, { ...done("which"), values: { server: vm(name) } });
    const { refused } = await answer("WEB-01");
    assert.equal(refused?.code, "conflict");
    assert.ok(refused?.message.startsWith(other));
    assert.equal((await answer("web-02")).refused, null);
    await assert.rejects(w.launch("test", { runbook: runbookOf([], touching(vm("web-02"))) }), { code: "conflict" });
  });
});

describe("times", () => {
  const marked = [
    manual("pull", { marks: ["disruption"], plannedMs: 60_000 }),
    action("fail-over"),
    check("service", { marks: ["service-proved"], objective: "O1" }),
    manual("users", { marks: ["users-confirmed"] }),
    manual("after"),
  ];

  it("run from the disruption to the proof of the service, as run, with planned against actual", async () => {
    const objectives = [{ id: "O1", text: "up", rtoMs: 600_000, rpoMs: null }];
    const w = world(marked, { objectives });
    const drill = await w.launch();
    const launched = Date.parse((await w.state(drill)).launchedAt);
    await w.clock.advance(120_000);
    let polls = 0;
    w.failover.follow_ = () => (polls++ < 30 ? running : { ...running, state: "succeeded" });
    await w.give(drill, olivia, done("pull"));
    await w.give(drill, olivia, { type: "pause", reason: "fire alarm" });
    await w.clock.advance(300_000);
    await w.give(drill, olivia, { type: "resume", reason: "" });
    await w.clock.advance(60_000);
    await w.give(drill, olivia, done("users"));
    const times = timesOf(await w.state(drill), w.clock.now());
    const at = (iso: string | null): number => Math.round((Date.parse(iso ?? "") - launched) / 1_000);
    assert.equal(at(times.disruptionAt), 120);
    assert.ok(at(times.serviceProvedAt) >= 420, "the pause counts");
    assert.equal(times.recoveryMs, Date.parse(times.serviceProvedAt ?? "") - Date.parse(times.disruptionAt ?? ""));
    assert.deepEqual(times.objectives, [{ id: "O1", rtoMs: 600_000, recoveryMs: times.recoveryMs }]);
    assert.ok(at(times.usersConfirmedAt) >= at(times.serviceProvedAt));
    assert.equal(times.steps[0]?.plannedMs, 60_000);
    assert.ok((times.steps[0]?.actualMs ?? 0) >= 120_000);
  });

  it("proves nothing while a marked step was passed over, and takes a declared disruption for the beginning", async () => {
    const w = world([manual("service", { marks: ["service-proved"] }), manual("last")], incident);
    const drill = await w.launch("live", { ...declared, declaration: { criterion: "Ransomware", disruptedAt: "2020-01-01T00:00Z", detectedAt: "2020-01-01T01:00Z" } });
    await w.give(drill, olivia, { ...done("service"), answer: "skipped", reason: "no" });
    const times = timesOf(await w.state(drill), w.clock.now());
    assert.deepEqual([times.disruptionAt, times.detectedAt, times.recoveryMs], ["2020-01-01T00:00:00.000Z", "2020-01-01T01:00:00.000Z", null]);
  });

  it("prove an objective only when all of its steps passed, and never with a proof from before the disruption", async () => {
    const objectives = [{ id: "O1", text: "up", rtoMs: 600_000, rpoMs: null }];
    const proof = { objective: "O1", marks: ["service-proved"] } as const;
    for (const [answer, isProved] of [["done", true], ["skipped", false]] as const) {
      const w = world([manual("pull", { marks: ["disruption"] }), manual("one", proof), manual("two", proof), manual("last")], { objectives });
      const drill = await w.launch();
      for (const step of ["pull", "one"]) await w.give(drill, olivia, done(step));
      await w.clock.advance(1_000);
      await w.give(drill, olivia, { ...done("two"), answer, reason: "no time" });
      const times = timesOf(await w.state(drill), w.clock.now());
      assert.deepEqual([times.recoveryMs !== null, times.objectives[0]?.recoveryMs !== null], [isProved, isProved], answer);
    }
    const w = world([manual("proof", proof), manual("pull", { marks: ["disruption"] }), manual("last")], { objectives });
    const drill = await w.launch();
    await w.give(drill, olivia, done("proof"));
    await w.clock.advance(1_000);
    await w.give(drill, olivia, done("pull"));
    assert.equal(timesOf(await w.state(drill), w.clock.now()).recoveryMs, null);
    assert.equal(transcriptOf((await w.store.read(drill)).map(({ event }) => event)).recoveryTime.ms, null);
  });
});
