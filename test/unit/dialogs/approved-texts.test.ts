import assert from "node:assert/strict";
import { pagesOf } from "../../../src/bot/pages.ts";
import { commandOfWords } from "../../../src/bot/commands/drill-words.ts";
import { plain } from "../../../src/dialogs/card.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import type { DrillbookError } from "../../../src/errors.ts";
import { draw, surfacesOf } from "../../../src/dialogs/surfaces.ts";
import { world } from "../../fakes/drill-world.ts";
import { amir } from "../../fakes/runbooks.ts";

const line = "Get-Service -Name w3svc | Restart-Service";
const script = (lines: number) => `${Array.from({ length: lines }, (_, n) => `${line} # ${n}`).join("\n")}\nWrite-Output 'the end'`;

describe("a fact that is approved", () => {
  const long = `/subscriptions/${"x".repeat(700)}/[the](end)`;
  const asked = async (): Promise<DrillState> => {
    const w = world();
    const preview = w.failover.preview_();
    w.failover.preview_ = () => ({ ...preview, facts: [...preview.facts, { label: "Script parameters", value: long }] });
    return w.state(await w.launch());
  };

  it("is shown whole however long it is", async () => {
    const state = await asked();
    const shown = draw("step:approve", state, new Date(state.launchedAt), null);
    assert.ok(shown?.text.includes(long));
  });

  it("is said whole, with every other one and the targets, to whoever types approve without the code, and as words alone", async () => {
    const state = await asked();
    const said = (): unknown => commandOfWords(state, amir, { type: "verb", verb: "approve", code: "", as: "", reason: "", drill: null });
    assert.throws(said, ({ message, suggestion }: DrillbookError) => {
      for (const { label, value } of state.steps.flatMap((s) => s.approval?.previews ?? []).flatMap((p) => p.facts)) assert.ok(message.includes(`${label}: ${plain(value, 9_999)}`), label);
      for (const { name } of state.steps.flatMap((s) => s.approval?.previews ?? []).flatMap((p) => p.targets)) assert.ok(message.includes(name), name);
      assert.ok(!message.includes("[the](end)"), "nobody's name becomes a link");
      assert.match(suggestion, /^If you agree, type: approve \d [A-Z0-9]{4}\. If not: reject \d [A-Z0-9]{4} because …$/u);
      return true;
    });
  });
});

describe("a text that is approved", () => {
  const cardsWith = async (text: string) => {
    const w = world();
    const preview = w.failover.preview_();
    w.failover.preview_ = () => ({ ...preview, documents: [{ title: "restart.ps1, the whole of it", text }] });
    const state = await w.state(await w.launch());
    const shown = surfacesOf(state).flatMap((surface) => draw(surface, state, w.clock.now(), "http://127.0.0.1/x") ?? []);
    return shown.filter(({ card }) => JSON.stringify(card["actions"] ?? []).includes('"approve"')).map(({ card }) => pagesOf(card, { data: {}, command: () => "card 2" }));
  };

  it("of eight thousand characters stands on the card to its last line, under the button that approves it", async () => {
    const text = script(160);
    assert.ok(text.length > 7_500 && text.length <= 8_000);
    const cards = await cardsWith(text);
    assert.ok(cards.length > 0);
    for (const pages of cards) {
      assert.equal(pages.length, 1);
      const drawn = JSON.stringify(pages);
      assert.ok(drawn.includes("Write-Output 'the end'") && drawn.includes("\\\\# 159"), "whole");
      assert.ok(drawn.includes('"approve"'));
    }
  });

  it("that no card has room for is read on several, and approved on the last, after its last line", async () => {
    const cards = await cardsWith(script(900));
    assert.ok(cards.length > 0);
    for (const pages of cards) {
      assert.ok(pages.length > 2);
      for (let n = 0; n < 900; n += 1) assert.ok(pages.some((page) => JSON.stringify(page).includes(`\\\\# ${n}\\n`)), `line ${n}`);
      assert.deepEqual(pages.map((page) => JSON.stringify(page["actions"]).includes('"verb":"approve"')), pages.map((_, i) => i === pages.length - 1));
    }
  });
});
