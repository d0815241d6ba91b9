import assert from "node:assert/strict";
import { nextAnswer } from "../../../src/drills/unattended.ts";
import { z } from "zod";
import { approveBoth, world } from "../../fakes/drill-world.ts";
import { action, approval, ask, check, decision, manual, olivia, ravi } from "../../fakes/runbooks.ts";

const asked = [
  { name: "host", type: "text", label: "Host", choices: [], default: null },
  { name: "count", type: "number", label: "How many", choices: [], default: "2" },
  { name: "colour", type: "choice", label: "Colour", choices: ["Red", "Green"], default: null },
  { name: "day", type: "date", label: "Day", choices: [], default: null },
  { name: "lead", type: "person", label: "Who leads", choices: [], default: null },
] as const;
const good = { host: "payroll.example", colour: "green", day: "2026-11-20", lead: "ravi" };
const give = (step: string, values: Readonly<Record<string, string>>) => ({ type: "answer", step, round: 1, answer: "done", reason: "", ticks: [], values }) as const;

describe("runner: answers that later steps use", () => {
  it("records what fits, a person by name, and hands it to later steps, also after a restart", async () => {
    const w = world([ask("first", asked), check("look", { input: { text: "${host} ${colour} ${lead}", count: "${count:number}" } }), manual("last")]);
    const inputs: unknown[] = [];
    const observe = w.health.observe_;
    Object.assign(w.health, { observe: async (input: unknown) => (inputs.push(input), observe()) });
    const drill = await w.launch();
    await w.runner.stop();
    w.restart();
    assert.equal((await w.give(drill, olivia, give("first", { ...good, stranger: "x" }))).refused, null);
    assert.deepEqual(inputs, [{ text: "payroll.example Green Ravi Menon", count: 2 }]);
    assert.deepEqual((await w.state(drill)).answers, { host: "payroll.example", count: "2", colour: "Green", day: "2026-11-20", lead: "Ravi Menon" });
    assert.equal((await w.state(drill)).current, "last");
    assert.deepEqual(w.faults, []);
  });

  for (const [name, value, words] of [["host", "", /no answer/], ["count", "many", /not a number/], ["colour", "blue", /one of the choices/], ["day", "2026-02-30", /not a date/], ["lead", "Nobody", /one of the choices/], ["host", "a\nb", /line break/]] as const) {
    it(`refuses ${JSON.stringify(value)} for ${name} and changes nothing`, async () => {
      const w = world([ask("first", asked)]);
      const drill = await w.launch();
      const { refused } = await w.give(drill, olivia, give("first", { ...good, [name]: value }));
      assert.equal(refused?.code, "bad-input");
      assert.match(refused?.message ?? "", words);
      assert.equal((await w.state(drill)).steps[0]?.status, "open");
    });
  }

  it("lets nobody skip or pass over a step whose answers nothing else gives, and lets defaults hold otherwise", async () => {
    const w = world([ask("first", asked), ask("second", asked.slice(1, 2)), manual("last")]);
    const drill = await w.launch();
    const skip = { type: "answer", step: "first", round: 1, answer: "skipped", reason: "hurry", ticks: [] } as const;
    assert.match((await w.give(drill, olivia, skip)).refused?.message ?? "", /asks for what later steps may need/);
    await w.give(drill, olivia, { ...skip, answer: "failed" });
    assert.equal((await w.give(drill, olivia, { type: "continue", step: "first", round: 1, reason: "hurry" })).refused?.code, "not-allowed");
    await w.give(drill, olivia, { type: "retry", step: "first", round: 1, reason: "" });
    await w.give(drill, olivia, { ...give("first", { ...good, count: "7" }), round: 2 });
    assert.equal((await w.give(drill, olivia, { ...skip, step: "second" })).refused, null);
    assert.equal((await w.state(drill)).answers["count"], "2");
  });

  it("binds an approval to the answers, and sends nothing whose input does not fit", async () => {
    const w = world([ask("first", asked.slice(0, 1)), approval("approve"), action("failover", { input: { host: "${host}" } })]);
    const drill = await w.launch();
    await w.give(drill, olivia, give("first", { host: "a.example" }));
    assert.match(JSON.stringify((await w.state(drill)).steps[1]?.approval?.subject), /"host":"a.example"/);
    Object.assign(w.failover.facts, { schema: z.strictObject({ host: z.literal("b.example") }) });
    await approveBoth(w, drill);
    assert.equal(w.failover.starts.length, 0);
    assert.equal((await w.state(drill)).steps[2]?.blocked?.code, "bad-input");
  });

  it("answers by itself in an unattended rehearsal with something that fits", async () => {
    const w = world([ask("first", asked), decision("way", "site"), manual("last")]);
    const drill = await w.launch();
    for (const current of ["way", "last"]) {
      const command = nextAnswer(await w.state(drill), { first: { answer: "done", reason: "", then: "give-up", values: { host: "given" } } });
      assert.ok(command);
      const { by, ...body } = command;
      assert.equal((await w.give(drill, by, body)).refused, null);
      assert.equal((await w.state(drill)).current, current);
    }
    const { answers } = await w.state(drill);
    assert.deepEqual([answers["host"], answers["lead"], answers["site"]], ["given", "Olivia Okafor", "east"]);
  });
});

describe("runner: branches", () => {
  it("leaves out what is not on the chosen branch or not for this mode, which is no deviation", async () => {
    const w = world([
      decision("way", "site"),
      manual("in-east", { when: 'site == "east"' }),
      manual("in-west", { when: 'site == "west"', guard: true }),
      manual("live", { only: ["live"] }),
      manual("here", { only: ["rehearsal", "test"] }),
    ]);
    const drill = await w.launch();
    assert.equal((await w.give(drill, ravi, give("way", { site: "east" }))).refused?.code, "not-allowed");
    assert.equal((await w.give(drill, olivia, give("way", { site: "north" }))).refused?.code, "bad-input");
    await w.give(drill, olivia, give("way", { site: "WEST" }));
    assert.equal((await w.state(drill)).current, "in-west");
    for (const step of ["in-west", "here"]) await w.give(drill, olivia, give(step, {}));
    const state = await w.state(drill);
    assert.deepEqual(state.steps.map((s) => s.status), ["passed", "left-out", "passed", "left-out", "passed"]);
    assert.equal(state.proposed, "passed");
    w.restart();
    assert.deepEqual(await w.state(drill), state);
  });

  it("gives the defaults of a question that is left out", async () => {
    const w = world([ask("first", asked.slice(1, 2), { only: ["live"] }), manual("last", { when: "count == 2" })]);
    const drill = await w.launch();
    assert.equal((await w.state(drill)).current, "last");
    assert.deepEqual((await w.state(drill)).answers, { count: "2" });
  });

  it("starts no action behind an approval that was left out", async () => {
    const w = world([approval("approve", { only: ["live"] }), action("failover")]);
    const drill = await w.launch();
    assert.equal(w.failover.starts.length, 0);
    assert.match((await w.state(drill)).steps[1]?.blocked?.message ?? "", /has not been approved/);
  });
});
