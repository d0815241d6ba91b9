import assert from "node:assert/strict";
import { stamped } from "../../../src/bot/stamp.ts";
import { draw } from "../../../src/dialogs/surfaces.ts";
import type { Person } from "../../../src/drills/events.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { cardFaults } from "../../fakes/card-faults.ts";
import { world, type World } from "../../fakes/drill-world.ts";
import { amir, approval, ask, bea, checklist, manual, olivia, ravi } from "../../fakes/runbooks.ts";

const eve = { id: "eve", name: "Eve" };

async function buttons(w: World, drill: string, surface: string, viewer: Person | null): Promise<readonly string[]> {
  const shown = draw(surface, await w.state(drill), w.clock.now(), null, viewer);
  assert.ok(shown);
  assert.deepEqual(cardFaults(shown.card), []);
  return ((shown.card["actions"] ?? []) as readonly { [key: string]: Json }[]).map((a) => String(a["title"]));
}

describe("a card as one person sees it", () => {
  it("has the buttons that their role lets them press", async () => {
    const w = world([manual("look"), approval("approve", { quorum: 1 })]);
    const drill = await w.launch();
    assert.deepEqual(await buttons(w, drill, "step:look", olivia), ["Done", "Failed", "Skip"]);
    assert.deepEqual(await buttons(w, drill, "step:look", amir), []);
    assert.deepEqual(await buttons(w, drill, "live", amir), ["Pause", "Abort…"]);
    assert.deepEqual(await buttons(w, drill, "live", eve), []);
    await w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "done", reason: "", ticks: [] });
    assert.deepEqual(await buttons(w, drill, "step:approve", amir), ["Approve", "Reject"]);
    for (const person of [olivia, ravi, eve]) assert.deepEqual(await buttons(w, drill, "step:approve", person), [], person.name);
    assert.deepEqual(await buttons(w, drill, "step:approve", null), ["Approve", "Reject"], "the card for everybody keeps them");
  });

  it("says to an approver what they decided while others have yet to, and asks them no more", async () => {
    const w = world([approval("approve", { quorum: 2 })]);
    const drill = await w.launch();
    const { approval: asked } = (await w.state(drill)).steps[0] ?? {};
    assert.equal((await w.give(drill, amir, { type: "decide", step: "approve", round: 1, code: asked?.code ?? "", decision: "approve", reason: "" })).refused, null);
    assert.deepEqual(await buttons(w, drill, "step:approve", amir), []);
    const seen = draw("step:approve", await w.state(drill), w.clock.now(), null, amir);
    assert.ok(!JSON.stringify(seen?.card).includes("Input."), "no input is left over");
    assert.match(seen?.text ?? "", /Amir Haddad approved[^]*1 more of: Bea Lind[^]*You approved this at /u);
    for (const viewer of [bea, null]) assert.deepEqual(await buttons(w, drill, "step:approve", viewer), ["Approve", "Reject"]);
  });

  it("asks for nothing where nothing can be sent, and still says what is asked of whom", async () => {
    const w = world([approval("approve", { quorum: 1 })]);
    const drill = await w.launch();
    const seen = draw("step:approve", await w.state(drill), w.clock.now(), null, eve);
    assert.ok(!JSON.stringify(seen?.card).includes("Input."), "no input is left over");
    assert.match(seen?.text ?? "", /Amir Haddad or Bea Lind/u);
    assert.match(seen?.text ?? "", /Nothing here waits for you/u);
  });

  it("says of a checklist what is on it and what of it is done, and of a question what is asked, with nothing to fill in", async () => {
    const w = world([checklist("look", ["Sign in", "Open the last run"]), ask("where", [{ name: "site", type: "choice", label: "Which *site*", choices: ["east", "west"], default: null }])]);
    const drill = await w.launch();
    const seen = async (surface: string, viewer: Person | null): Promise<string> => {
      const shown = draw(surface, await w.state(drill), w.clock.now(), null, viewer);
      assert.deepEqual(cardFaults(shown?.card ?? {}), []);
      assert.ok(viewer !== eve || !JSON.stringify(shown?.card).includes("Input."), "no input is left over");
      return shown?.text ?? "";
    };
    assert.match(await seen("step:look", olivia), /☐ Sign in\n☐ Open the last run\n/u);
    assert.match(await seen("step:look", eve), /to come · Sign in\nto come · Open the last run\n/u);
    await w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "failed", reason: "no run there", ticks: [true, false] });
    for (const viewer of [null, olivia, eve]) assert.match(await seen("step:look", viewer), /done · Sign in\nto come · Open the last run\n/u);
    await w.give(drill, olivia, { type: "continue", step: "look", round: 1, reason: "known" });
    assert.match(await seen("step:where", eve), /Which \*site\* \(one of: east, west\)/u);
    assert.ok(!/Remark/u.test(await seen("step:where", eve)));
  });

  it("is offered to at most sixty people, whoever matters first", () => {
    const many = Array.from({ length: 80 }, (_, n) => `29:${n}`);
    const card = stamped({ type: "AdaptiveCard", actions: [] }, { drill: "PAY-0001", surface: "live", generation: 2 }, many);
    const refresh = card["refresh"] as { readonly userIds: readonly string[]; readonly action: { readonly data: Json } };
    assert.equal(refresh.userIds.length, 60);
    assert.equal(refresh.userIds[0], "29:0");
    assert.deepEqual(refresh.action.data, { drill: "PAY-0001", surface: "live", generation: 2 });
    assert.equal(stamped({ actions: [] }, { drill: "x", surface: "live", generation: 1 }, null)["refresh"], undefined);
  });
});
