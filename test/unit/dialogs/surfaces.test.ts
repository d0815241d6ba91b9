import assert from "node:assert/strict";
import { draw, surfacesOf } from "../../../src/dialogs/surfaces.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { cardFaults } from "../../fakes/card-faults.ts";
import { approveBoth, planned, world, type World } from "../../fakes/drill-world.ts";
import { failed, succeeded } from "../../fakes/outside-world.ts";
import { manual, olivia, ravi } from "../../fakes/runbooks.ts";

/** Draws everything a drill shows now and holds each card against the package, the limits and its own words. */
async function drawAll(w: World, drill: string): Promise<Map<string, string>> {
  const state = await w.state(drill);
  return new Map(
    surfacesOf(state).map((surface) => {
      const shown = draw(surface, state, w.clock.now(), "http://127.0.0.1:3978/drills/x");
      assert.ok(shown, surface);
      assert.deepEqual(cardFaults(shown.card), [], surface);
      for (const button of (shown.card["actions"] ?? []) as readonly { [key: string]: Json }[]) {
        if (button["type"] === "Action.Execute") assert.ok(shown.text.includes(`${String(button["title"])}: type "`), `${surface}: a button without words`);
      }
      return [surface, shown.text] as const;
    }),
  );
}

describe("dialogs: what a drill shows", () => {
  it("draws every surface of a whole drill without a fault", async () => {
    const w = world([...planned, manual("look")]);
    const drill = await w.launch();
    let texts = await drawAll(w, drill);
    assert.deepEqual([...texts.keys()], ["live", "step:approve"]);
    assert.match(texts.get("step:approve") ?? "", /approval code [A-Z0-9]{4}/);
    assert.match(texts.get("step:approve") ?? "", /Approve: type "approve [A-Z0-9]{4}"/);
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
  });

  it("says until when a step can be answered, and that nobody did", async () => {
    const w = world([manual("look", { timeoutMs: 600_000 })]);
    const drill = await w.launch();
    assert.match((await drawAll(w, drill)).get("step:look") ?? "", /Answer by 21:10 UTC: after that the step has failed/);
    await w.clock.advance(600_000);
    assert.match((await drawAll(w, drill)).get("step:look") ?? "", /Nobody answered within 10 min/);
  });
});
