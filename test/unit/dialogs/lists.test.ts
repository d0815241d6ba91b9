import assert from "node:assert/strict";
import { drillsCard, runbooksCard, type RunbookLine } from "../../../src/dialogs/lists.ts";
import { pagesOf } from "../../../src/bot/pages.ts";

const runbooks = (count: number, more: Partial<RunbookLine> = {}): readonly RunbookLine[] => Array.from({ length: count }, (_, n) => ({ id: `r-${n}`, title: `Runbook ${n}`, mode: "test", incident: false, problem: null, ...more }));

describe("a long list", () => {
  const all = [...runbooks(2, { incident: true }), ...runbooks(45)];
  const ids = (text: string): readonly string[] => [...text.matchAll(/^(?:start|incident) (r-\d+)$/gmu)].map(([line]) => line);

  it("is shown page by page, each runbook once, and says what to type for the next", () => {
    const pages = [1, 2, 3].map((page) => runbooksCard(all, page).text);
    const shown = pages.flatMap(ids);
    assert.deepEqual([shown.length, new Set(shown).size], [47, 47]);
    assert.match(pages[0] ?? "", /45 can be started/);
    assert.match(pages[0] ?? "", /Page 1 of 3\. The next: type runbooks 2/);
    assert.match(pages[2] ?? "", /Page 3 of 3\. The first: type runbooks 1/);
    assert.match(pages[0] ?? "", /For a real incident/, "on that night nobody leafs");
  });

  it("gives the nearest page for one that is not there, and no page where there is one", () => {
    assert.equal(runbooksCard(all, 99).text, runbooksCard(all, 3).text);
    assert.equal(runbooksCard(all, 0).text, runbooksCard(all, 1).text);
    assert.doesNotMatch(runbooksCard(all.slice(0, 20)).text, /Page/);
  });

  it("is never cut for its size, however long the titles are", () => {
    const drills = Array.from({ length: 500 }, (_, n) => ({ id: `PAY-${n}`, title: "A very long title of a runbook ".repeat(8), mode: "test", startedAt: "2026-11-20T21:00:00Z", state: "under way" }));
    for (const { card, text } of [drillsCard(drills, 7), runbooksCard(runbooks(300, { title: "A very long title of a runbook ".repeat(6) }), 2)]) {
      assert.match(text, /Page \d+ of \d+/);
      assert.equal(pagesOf(card, { data: {}, command: () => "" }).length, 1);
    }
  });
});
