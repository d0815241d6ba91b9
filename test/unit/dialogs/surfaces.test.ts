import assert from "node:assert/strict";
import { commandOfWords } from "../../../src/bot/commands/drill-words.ts";
import { parse } from "../../../src/bot/commands/parse.ts";
import { pagesOf } from "../../../src/bot/pages.ts";
import { cardsInPerson, personalName } from "../../../src/bot/personal-surfaces.ts";
import { parameterForm, previewCard } from "../../../src/dialogs/launch-cards.ts";
import type { CardJson } from "../../../src/dialogs/card.ts";
import { commandOfClick } from "../../../src/dialogs/answers.ts";
import { debtToLeave } from "../../../src/dialogs/cleanup-card.ts";
import { draw, surfacesOf } from "../../../src/dialogs/surfaces.ts";
import type { PersonCommand } from "../../../src/drills/commands.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { cardFaults } from "../../fakes/card-faults.ts";
import { approveBoth, planned, world, type World } from "../../fakes/drill-world.ts";
import { failed, succeeded } from "../../fakes/outside-world.ts";
import { action, announcement, approval, ask, checklist, decision, manual, olivia, ravi, roles, runbookOf, wait } from "../../fakes/runbooks.ts";

/** Draws everything a drill shows now and holds each card against the package, the limits and its own words. */
async function drawAll(w: World, drill: string): Promise<Map<string, string>> {
  const state = await w.state(drill);
  return new Map(
    surfacesOf(state).map((surface) => {
      const shown = draw(surface, state, w.clock.now(), "http://127.0.0.1:3978/drills/x");
      assert.ok(shown, surface);
      assert.deepEqual(cardFaults(shown.card), [], surface);
      for (const button of (shown.card["actions"] ?? []) as readonly { [key: string]: Json }[]) {
        if (button["type"] !== "Action.Execute") continue;
        assert.ok(shown.text.includes(`${String(button["title"])}: type "`), `${surface}: a button without words`);
        assert.equal(typedFor(state, button), pressedFor(state, button), `${surface}: ${String(button["title"])}`);
      }
      return [surface, shown.text] as const;
    }),
  );
}

/** What the words under a button mean, with something in the place of what only the person can say. */
function typedFor(state: DrillState, button: { readonly [key: string]: Json }): string {
  const words = String(button["tooltip"]).replace("or type: ", "").replaceAll("…", "something");
  const typed = parse(words);
  assert.ok(typed.type === "verb" || typed.type === "values", `${words} means nothing`);
  return essence(commandOfWords(state, olivia, typed));
}

function pressedFor(state: DrillState, button: { readonly [key: string]: Json }): string {
  const verb = button["verb"] === "ask-abort" ? "abort" : String(button["verb"]);
  const command = commandOfClick(state, olivia, verb, button["data"] ?? {});
  assert.ok(command, verb);
  return essence(command);
}

/** The command without what a person says besides. */
function essence(command: PersonCommand): string {
  const said = ["reason", "ticks", "values", "statement", "by"];
  return JSON.stringify(Object.fromEntries(Object.entries(command).filter(([key]) => !said.includes(key)).toSorted(([a], [b]) => a.localeCompare(b))));
}

describe("dialogs: what a drill shows", () => {
  it("draws every surface of a whole drill without a fault", async () => {
    const w = world([...planned, manual("look")]);
    const drill = await w.launch();
    let texts = await drawAll(w, drill);
    assert.deepEqual([...texts.keys()], ["live", "step:approve"]);
    assert.match(texts.get("step:approve") ?? "", /approval code [A-Z0-9]{4}/);
    assert.match(texts.get("step:approve") ?? "", /Approve: type "approve 2 [A-Z0-9]{4}"/);
    await approveBoth(w, drill);
    texts = await drawAll(w, drill);
    assert.match(texts.get("live") ?? "", /Waiting for: Olivia Okafor/);
    assert.match(texts.get("live") ?? "", /Owed: 1 cleanup/);
    await w.give(drill, olivia, { type: "answer", step: "staff", round: 1, answer: "done", reason: "", ticks: [true, true] });
    await w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "skipped", reason: "no <at>time</at> [x](http://evil)", ticks: [] });
    texts = await drawAll(w, drill);
    assert.match(texts.get("sign-off") ?? "", /Sign as reviewer/);
    await w.give(drill, olivia, { type: "sign", as: "owner", statement: "" });
    await w.give(drill, ravi, { type: "sign", as: "reviewer", statement: "" });
    texts = await drawAll(w, drill);
    assert.match(texts.get("live") ?? "", /Passed with findings/);
  });

  it("never draws an answer that is not as expected as a plain up", async () => {
    const w = world();
    const row = { target: "10.50.0.11", host: "payroll", label: "browser", verdict: "up", status: 200, unmet: "the page does not contain Payroll" };
    w.health.observe_ = () => ({ ...failed, result: { rows: [row, { ...row, target: "10.50.0.12", unmet: null }] } });
    const drill = await w.launch();
    const check = (await drawAll(w, drill)).get("step:healthy") ?? "";
    assert.match(check, /10\.50\.0\.11 · up · 200, not as expected/);
    assert.match(check, /10\.50\.0\.12 · up · 200\n/);
  });

  it("shows what a person typed as words, never as a link or a mention", async () => {
    const w = world([manual("look")]);
    const drill = await w.launch();
    await w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "failed", reason: "[Approve](https://evil.example) <at>All</at> {{DATE(x)}}", ticks: [] });
    const state = await w.state(drill);
    const card = JSON.stringify(draw("step:look", state, w.clock.now(), null)?.card);
    assert.ok(card.includes("\\\\[Approve\\\\]\\\\("), card);
    assert.ok(!card.includes("{{DATE"));
    assert.ok(!card.includes("<at>") || card.includes("\\\\<at"));
  });

  it("offers what a failed check, a failed action, an unknown outcome and a failed undo leave to choose", async () => {
    const w = world();
    w.health.observe_ = () => failed;
    const drill = await w.launch();
    const check = (await drawAll(w, drill)).get("step:healthy") ?? "";
    assert.match(check, /Check again: type "retry"/);
    assert.ok(!check.includes("Record as finding"), "a guard offers no way past it");
    w.health.observe_ = () => ({ ...failed, diagnosis: [] });
    await w.give(drill, olivia, { type: "retry", step: "healthy", round: 1, reason: "" });
    assert.match((await drawAll(w, drill)).get("step:healthy") ?? "", /web-02 is down\nAsked 2 times, last at/);
    const w2 = world();
    const second = await w2.launch();
    w2.failover.follow_ = () => ({
      ...succeeded,
      state: "failed",
      summary: "2 of 3 servers",
      servers: [{ name: "web-02", outcome: "failed", detail: "quota", testServer: null }],
      problems: [{ code: "28031", message: "Could not create the server", causes: "quota", action: "raise the quota", server: "web-02" }],
    });
    await approveBoth(w2, second);
    const action = (await drawAll(w2, second)).get("step:failover") ?? "";
    assert.match(action, /web-02: Could not create the server/);
    assert.match(action, /Try: raise the quota/);
    assert.ok(!action.includes("Try again"), "what left something behind is cleaned up first");
    w2.cleanup.follow_ = () => ({ ...succeeded, state: "failed", summary: "locked" });
    await w2.give(second, olivia, { type: "give-up", reason: "quota" });
    assert.match((await drawAll(w2, second)).get("cleanup") ?? "", /Leave it and sign for it/);
    w2.cleanup.follow_ = () => ({ ...succeeded, summary: "3 of 3 removed" });
    await w2.give(second, olivia, { type: "retry-undo", operation: "failover#1", reason: "" });
    const taken = (await drawAll(w2, second)).get("cleanup") ?? "";
    assert.match(taken, /Taken back: .* 3 of 3 removed/);
    assert.doesNotMatch(taken, /locked/, "what an attempt came to that another has made good");
  });

  it("means by what is typed what the card stands at, where several things are owed or failed", async () => {
    const owing = world([approval("approve"), action("failover")]);
    Object.assign(owing.failover.facts, { undo: null, obligations: [{ id: "re-protect", text: "Protect the servers." }, { id: "backup", text: "Back them up." }] });
    const first = await owing.launch();
    await approveBoth(owing, first);
    assert.match((await drawAll(owing, first)).get("cleanup") ?? "", /Protect the servers/);
    await owing.give(first, olivia, { type: "accept-debt", operation: debtToLeave(await owing.state(first))?.operation ?? "", reason: "under water" });
    const rest = (await drawAll(owing, first)).get("cleanup") ?? "";
    assert.match(rest, /Left behind: Protect the servers/);
    assert.match(rest, /Back them up\.[^]*This has been done/);

    const failing = world([manual("rule", { undo: { text: "Close the port." } }), approval("approve"), action("failover"), manual("look")]);
    failing.cleanup.follow_ = () => ({ ...succeeded, state: "failed", summary: "locked" });
    const second = await failing.launch();
    await failing.give(second, olivia, { type: "answer", step: "rule", round: 1, answer: "done", reason: "", ticks: [] });
    await approveBoth(failing, second);
    await failing.give(second, olivia, { type: "abort", reason: "fire" });
    const rule = (await failing.state(second)).debts.find((d) => d.step === "rule")?.operation ?? "";
    await failing.give(second, olivia, { type: "answer-undo", operation: rule, answer: "failed", reason: "no access" });
    assert.equal((await failing.state(second)).debts.filter((d) => d.status === "failed").length, 2);
    assert.match((await drawAll(failing, second)).get("cleanup") ?? "", /An undo failed/);
  });

  it("says that an approval was given by one alone, and when the incident began and was noticed", async () => {
    const w = world([approval("approve"), action("failover")]);
    const state = await w.state(await w.launch());
    const declared = { at: "2026-11-20T21:10:00Z", by: olivia, criterion: "dark", decideBy: null, disruptedAt: "2026-11-20T20:40:00Z", detectedAt: "2026-11-20T20:52:00Z" };
    const [asked] = state.steps;
    assert.ok(asked?.approval);
    const given: DrillState = { ...state, purpose: "incident", declared, steps: [{ ...asked, status: "passed", approval: { ...asked.approval, status: "granted", decisions: [{ by: ravi, at: declared.at, decision: "approve", reason: "" }] } }] };
    assert.match(draw("step:approve", given, w.clock.now(), null)?.text ?? "", /released by standing authority: Ravi Menon/);
    assert.match(draw("live", given, w.clock.now(), null)?.text ?? "", /disrupted since .*20:40.* · noticed at .*20:52/);
  });

  it("says until when a step can be answered, and that nobody did", async () => {
    const w = world([manual("look", { timeoutMs: 600_000 })]);
    const drill = await w.launch();
    assert.match((await drawAll(w, drill)).get("step:look") ?? "", /Answer by 21:10 UTC: after that the step has failed/);
    await w.clock.advance(600_000);
    assert.match((await drawAll(w, drill)).get("step:look") ?? "", /Nobody answered within 10 min/);
  });

  it("draws what is asked, decided and left out, and reads the answers back from the card", async () => {
    const lead = { name: "lead", type: "person", label: "Who leads", choices: [], default: null } as const;
    const day = { name: "day", type: "date", label: "Day", choices: [], default: null } as const;
    const w = world([ask("first", [lead, day]), decision("way", "site"), manual("east", { when: 'site == "east"' }), manual("west")]);
    const drill = await w.launch();
    assert.match((await drawAll(w, drill)).get("step:first") ?? "", /Answer: type "answer lead=… day=…"/);
    const clicked = commandOfClick(await w.state(drill), olivia, "done", { step: "first", round: 1, a_lead: "ravi", a_day: "2026-11-20", a_other: "x" });
    assert.ok(clicked?.type === "answer");
    assert.deepEqual(clicked.values, { lead: "ravi", day: "2026-11-20" });
    const typed = commandOfWords(await w.state(drill), olivia, { type: "values", words: "lead=Ravi Menon, day=2026-11-20", drill: null });
    assert.ok(typed.type === "answer");
    assert.deepEqual(typed.values, { lead: "Ravi Menon", day: "2026-11-20" });
    assert.equal((await w.runner.command(drill, typed)).refused, null);
    assert.match((await drawAll(w, drill)).get("step:way") ?? "", /West: type "choose west"/);
    await w.runner.command(drill, commandOfWords(await w.state(drill), olivia, { type: "values", words: "west.", drill: null }));
    const texts = await drawAll(w, drill);
    assert.match(texts.get("live") ?? "", /Who leads: Ravi Menon, Day: 2026-11-20/);
    assert.match(texts.get("live") ?? "", /not on this branch/);
    assert.ok(!texts.has("step:east"));
  });

  it("lists a checklist that is too long for one page, to be ticked as a whole", async () => {
    const items = Array.from({ length: 200 }, (_, n) => `Look at server ${n} and write down what it says`);
    const w = world([checklist("all", items)]);
    const drill = await w.launch();
    const shown = draw("step:all", await w.state(drill), w.clock.now(), null);
    const pages = pagesOf(shown?.card ?? {}, { data: {}, command: () => "card 1" });
    for (const item of items) assert.equal(pages.filter((page) => JSON.stringify(page).includes(`☐ ${item}`)).length, 1);
    assert.equal(pages.filter((page) => JSON.stringify(page).includes('"Input.Toggle"')).length, 1);
    const ticked = (data: object) => commandOfClick(state, olivia, "done", { step: "all", round: 1, ...data });
    const state = await w.state(drill);
    for (const [data, all] of [[{ ticks: "true" }, true], [{ ticks: "false" }, false], [{}, false]] as const) {
      const command = ticked(data);
      assert.ok(command?.type === "answer");
      assert.deepEqual(command.ticks, items.map(() => all));
    }
  });

  it("draws waits, announcements and a pause", async () => {
    const w = world([announcement("tell"), wait("settle"), wait("until", { forMs: null, until: { type: "fake-check", input: {}, times: 2, everyMs: 10_000, limitMs: 60_000 } })]);
    const drill = await w.launch();
    assert.match((await drawAll(w, drill)).get("step:tell") ?? "", /To: Staff\nEXERCISE: We test/);
    await w.give(drill, olivia, { type: "pause", reason: "power cut" });
    const paused = (await drawAll(w, drill)).get("live") ?? "";
    assert.match(paused, /Paused by Olivia Okafor at 21:00 UTC: power cut/);
    assert.match(paused, /Resume: type "resume"/);
    await w.give(drill, olivia, { type: "resume", reason: "" });
    await w.give(drill, olivia, { type: "answer", step: "tell", round: 1, answer: "done", reason: "", ticks: [] });
    const texts = await drawAll(w, drill);
    assert.match(texts.get("step:tell") ?? "", /EXERCISE: We test/);
    assert.match(texts.get("step:settle") ?? "", /Goes on by itself at 21:10 UTC/);
    w.health.observe_ = () => failed;
    await w.clock.advance(615_000);
    assert.match((await drawAll(w, drill)).get("step:until") ?? "", /Looked 2 times, last at 21:10 UTC; held 0 of 2 in a row. Gives up at 21:11 UTC/);
    await w.clock.advance(60_000);
    assert.match((await drawAll(w, drill)).get("step:until") ?? "", /did not hold 2 times in a row/);
  });

  it("offers an undo in live, and takes nothing back before", async () => {
    const w = world();
    const drill = await w.launch("live");
    await approveBoth(w, drill);
    await w.give(drill, olivia, { type: "abort", reason: "wrong plan" });
    const texts = await drawAll(w, drill);
    assert.match(texts.get("cleanup") ?? "", /Take it back now: type "undo now"/);
    assert.match(texts.get("live") ?? "", /Waiting for: Amir Haddad or Bea Lind to order an undo/);
  });

  for (const failback of ["payroll-failback", undefined]) {
    it(`says ${failback === undefined ? "that the runbook names no way back" : "which runbook leads back"} once a live failover cannot be taken back, to the very end`, async () => {
      const w = world([approval("approve"), action("failover"), action("commit", { type: "fake-commit" })], failback === undefined ? {} : { failback });
      Object.assign(w.commit, { facts: { ...w.commit.facts, pointOfNoReturn: true } });
      const drill = await w.launch("live");
      const wanted = failback === undefined ? /names no failback/ : /runbook \*{0,2}payroll-failback\*{0,2}\. Type: start payroll-failback/;
      await approveBoth(w, drill);
      assert.match((await drawAll(w, drill)).get("cleanup") ?? "", wanted);
      await w.give(drill, olivia, { type: "accept-debt", operation: "failover#1", reason: "it runs there now" });
      assert.match((await drawAll(w, drill)).get("sign-off") ?? "", wanted);
    });
  }

  it("shows tracks side by side, whom each waits for, and when it is expected to end against the target", async () => {
    const minutes = (n: number) => n * 60_000;
    const steps = [
      manual("begin", { plannedMs: minutes(5) }),
      manual("web", { track: "web", needs: ["begin"], plannedMs: minutes(10) }),
      manual("data", { track: "data", needs: ["begin"], plannedMs: minutes(30), role: "approver" }),
      manual("last", { needs: ["web", "data"], plannedMs: minutes(5) }),
      manual("talk", { plannedMs: null }),
    ];
    const w = world(steps);
    const drill = await w.launch();
    const live = async () => (await drawAll(w, drill)).get("live") ?? "";
    assert.match(await live(), /Expected end 21:40 UTC, or later: 1 step without a planned time/);
    await w.give(drill, olivia, { type: "answer", step: "begin", round: 1, answer: "done", reason: "", ticks: [] });
    await w.clock.advance(minutes(1));
    const text = await live();
    assert.match(text, /Steps 2 and 3 of 5, side by side/);
    assert.match(text, /track: web\nnow · [^]*track: data\nnow · [^]*then, when all tracks are through/);
    assert.match(text, /Waiting for: Do web: Olivia Okafor, 1 min; Do data: Amir Haddad or Bea Lind, 1 min/);
  });

  it("shows each phase with how much of it is done, where there are several", async () => {
    const w = world([manual("one", { phase: "Before we *start*" }), manual("two", { phase: "Fail over" }), manual("three", { phase: "Fail over" })]);
    const drill = await w.launch();
    const live = async () => (await drawAll(w, drill)).get("live") ?? "";
    assert.match(await live(), /Before we \*start\* · 0 of 1 done\nnow · Do one · 0:00\nFail over · 0 of 2 done\nto come · Do two\nto come · Do three\n/);
    for (const step of ["one", "two"]) await w.give(drill, olivia, { type: "answer", step, round: 1, answer: step === "one" ? "done" : "skipped", reason: "x", ticks: [] });
    assert.match(await live(), /Before we \*start\* · 1 of 1 done\ndone · [^]*Fail over · 1 of 2 done\nskipped · /);
    const one = world([manual("one"), manual("two")]);
    assert.ok(!((await drawAll(one, await one.launch())).get("live") ?? "").includes("of 2 done"));
  });

  it("says in words what can be chosen, what is filled in, and keeps on a form what was typed though it is no choice", async () => {
    const form = (given: Readonly<Record<string, string>>) => parameterForm(runbookOf([manual("look")], { parameters: [{ name: "plan", type: "recovery-plan", label: "Recovery plan", choices: [], default: null }, { name: "why", type: "text", label: "Why", choices: [], default: null }] }), "test", { byParameter: { plan: [{ title: "rp-payroll", value: "/full/rp-payroll" }, { title: "rp-web", value: "/full/rp-web" }] }, silent: null }, [], given);
    assert.match(form({ plan: "/full/rp-web", why: "a *new* site" }).text, /Recovery plan: rp-web \(or: rp-payroll\)\nWhy: a \*new\* site\n/u);
    const kept = form({ plan: "rp-[web", why: "" });
    assert.match(kept.text, /Recovery plan: rp-\[web \(or: rp-payroll, rp-web\)\nWhy\n/u);
    const [input] = (kept.card["body"] as readonly CardJson[]).filter(({ id }) => id === "p_plan");
    assert.deepEqual([input?.["value"], input?.["choices"]], ["rp-[web", [{ title: "rp-[web", value: "rp-[web" }, { title: "rp-payroll", value: "/full/rp-payroll" }, { title: "rp-web", value: "/full/rp-web" }]]);
  });

  it("takes an answer by the step's number where several steps ask", async () => {
    const site = { name: "site", type: "text", label: "Site", choices: [], default: null } as const;
    const w = world([ask("one", [site], { track: "a", needs: [] }), ask("two", [{ ...site, name: "place" }], { track: "b", needs: [] })]);
    const drill = await w.launch();
    assert.match((await drawAll(w, drill)).get("step:two") ?? "", /type "answer 2: place=…"/);
    const typed = parse("answer 2: east");
    assert.ok(typed.type === "values");
    const command = commandOfWords(await w.state(drill), olivia, typed);
    assert.deepEqual(command.type === "answer" && [command.step, command.values], ["two", { place: "east" }]);
  });

  it("says in words how the recovery stands against the target", async () => {
    const w = world([action("failover", { plannedMs: 600_000 }), manual("look", { plannedMs: 3_000_000 })], { objectives: [{ id: "O1", text: "Back within the hour", rtoMs: 3_600_000, rpoMs: null }] });
    const drill = await w.launch();
    assert.match((await drawAll(w, drill)).get("live") ?? "", /Recovery expected in 50 min of 1 h allowed: 10 min to spare/);
    await w.clock.advance(3_000_000);
    await w.clock.advance(900_000);
    assert.match((await drawAll(w, drill)).get("live") ?? "", /Recovery expected in 1 h 5 min of 1 h allowed: 5 min too late/);
  });

  it("says a target in full, and what is held against it, also where both would read alike for short", async () => {
    const targets = [{ id: "O1", text: "Back soon", rtoMs: 750_000, rpoMs: 3_930_000 }];
    const steps = [manual("cut", { marks: ["disruption"] }), action("failover", { plannedMs: 630_000 }), manual("prove", { marks: ["service-proved"], plannedMs: 760_000 }), manual("talk", { plannedMs: 60_000 })];
    const w = world(steps, { objectives: targets });
    const drill = await w.launch();
    const give = (step: string) => w.give(drill, olivia, { type: "answer", step, round: 1, answer: "done", reason: "", ticks: [] });
    const live = async () => (await drawAll(w, drill)).get("live") ?? "";
    assert.match(await live(), /recovery time, of 12 min 30 s allowed\n[^]*planned 10 min 30 s[^]*planned 12 min 40 s/);
    await give("cut");
    assert.match(await live(), /Recovery expected in 12 min 40 s of 12 min 30 s allowed: 10 s too late/);
    await w.clock.advance(750_100);
    await give("prove");
    assert.match(await live(), /12 min 31 s · recovery time, of 12 min 30 s allowed\n/);
    assert.ok(!(await live()).includes("Recovery expected"), await live());
    await give("talk");
    assert.match((await drawAll(w, drill)).get("sign-off") ?? "", /Back soon \(RTO 12 min 30 s, RPO 1 h 5 min 30 s\): 12 min 31 s, of what was exercised/);
    assert.match(previewCard(runbookOf(steps, { objectives: targets }), "test", {}, {}, [], [], [], null).text, /O1: Back soon[^\n]*12 min 30 s[^\n]*1 h 5 min 30 s/);
  });

  it("waits for those reviewers alone who took no part, and says how to go on where there is none", async () => {
    const of = async (reviewer: readonly (typeof ravi)[]): Promise<string> => {
      const w = world([manual("look")]);
      const drill = await w.launch("rehearsal", { roles: { ...roles, reviewer } });
      await w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "done", reason: "", ticks: [] });
      return (await drawAll(w, drill)).get("live") ?? "";
    };
    assert.match(await of([olivia, ravi]), /Waiting for: Olivia Okafor \(owner\) and Ravi Menon \(reviewer\)/);
    assert.match(await of([olivia]), /Waiting for: Olivia Okafor \(owner\) and a reviewer: whoever has that role took part, so hand it over/);
  });

  it("says on the card to sign of each objective the time of its own proof", async () => {
    const objectives = [{ id: "O1", text: "Sign-in", rtoMs: 600_000, rpoMs: null }, { id: "O2", text: "Payslips", rtoMs: 600_000, rpoMs: null }];
    const w = world([manual("cut", { marks: ["disruption"] }), manual("sign-in", { objective: "O1" }), manual("payslips", { objective: "O2" })], { objectives });
    const drill = await w.launch();
    for (const step of ["cut", "sign-in", "payslips"]) {
      await w.give(drill, olivia, { type: "answer", step, round: 1, answer: "done", reason: "", ticks: [] });
      await w.clock.advance(60_000);
    }
    const card = (await drawAll(w, drill)).get("sign-off") ?? "";
    assert.match(card, /O1: Sign-in \(RTO 10 min\): 1 min 1 s, of[^]*O2: Payslips \(RTO 10 min\): 2 min 1 s, of/);
  });

  it("counts the recovery that it expects from the step that stands for the disruption", async () => {
    const w = world([action("failover"), manual("cut", { marks: ["disruption"] }), manual("prove", { marks: ["service-proved"], plannedMs: 600_000 })], { objectives: [{ id: "O1", text: "Back", rtoMs: 900_000, rpoMs: null }] });
    const drill = await w.launch();
    await w.clock.advance(1_200_000);
    await w.give(drill, olivia, { type: "answer", step: "cut", round: 1, answer: "done", reason: "", ticks: [] });
    assert.match((await drawAll(w, drill)).get("live") ?? "", /Recovery expected in 10 min of 15 min allowed: 5 min to spare/);
  });

  it("says how much of the time allowed is gone from the disruption to the proof, and never 100 % of a miss", async () => {
    const w = world([manual("agree"), manual("cut", { marks: ["disruption"] }), manual("prove", { marks: ["service-proved"] }), manual("talk")], { objectives: [{ id: "O1", text: "Back", rtoMs: 900_000, rpoMs: null }] });
    const drill = await w.launch();
    const give = (step: string) => w.give(drill, olivia, { type: "answer", step, round: 1, answer: "done", reason: "", ticks: [] });
    const gone = async () => / · (\d+) % of the time allowed is gone/.exec((await drawAll(w, drill)).get("live") ?? "")?.[1] ?? null;
    await w.clock.advance(1_200_000);
    await give("agree");
    assert.equal(await gone(), null);
    await give("cut");
    assert.equal(await gone(), "0");
    await w.clock.advance(899_000);
    assert.equal(await gone(), "99");
    await w.clock.advance(2_000);
    assert.equal(await gone(), "101");
    await give("prove");
    assert.equal(await gone(), null);
  });

  it("says who was told when nobody answered, on the step and among those who are waited for", async () => {
    const w = world([manual("look", { timeoutMs: 600_000, escalate: "reviewer" })]);
    const drill = await w.launch();
    await w.clock.advance(600_000);
    const texts = await drawAll(w, drill);
    assert.match(texts.get("step:look") ?? "", /Told 21:10 UTC: Ravi Menon \(reviewer\)/);
    assert.match(texts.get("live") ?? "", /Waiting for: Olivia Okafor or Ravi Menon to decide/);
    assert.deepEqual(cardsInPerson(await w.state(drill)).map(personalName), ["personal:ravi:step:look"]);
  });
});
