import assert from "node:assert/strict";
import fc from "fast-check";
import { fitted, mostUnits, paged } from "../../../src/bot/fit.ts";
import type { CardJson } from "../../../src/bot/message.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";

const words = (text: string): CardJson => ({ type: "TextBlock", text });
const press = (verb: string): CardJson => ({ type: "Action.Execute", verb, title: verb });
const cardOf = (body: readonly Json[], actions: readonly Json[] = []): CardJson => ({ type: "AdaptiveCard", version: "1.5", body, actions });
const bodyOf = (card: CardJson | null) => (card?.["body"] ?? []) as readonly CardJson[];
const verbsOf = (card: CardJson | null) => ((card?.["actions"] ?? []) as readonly CardJson[]).map((a) => a["verb"]);

describe("a message within the limits of Teams", () => {
  it("is left as it is when it fits", () => {
    const message = { text: "Hello", card: cardOf([words("Hello")], [press("done")]) };
    assert.deepEqual(fitted(message), message);
  });

  it("is shortened from the end, says so, and keeps what people fill in", () => {
    const body = [words("What it is about"), { type: "Table", rows: Array.from({ length: 3_000 }, (_, n) => ({ type: "TableRow", cells: [words(`server ${n}`)] })) }, { type: "Input.Text", id: "reason" }];
    const { card } = fitted({ text: "x", card: cardOf(body, [press("done"), press("failed")]) });
    const kept = bodyOf(card);
    assert.deepEqual(kept.map((part) => part["type"]), ["TextBlock", "Table", "Input.Text", "TextBlock"]);
    assert.match(String(kept.at(-1)?.["text"]), /not shown whole/u);
    assert.ok(JSON.stringify(kept).includes("server 10"));
    assert.deepEqual(verbsOf(card), ["done", "failed"]);
  });

  it("has no button to approve what is not shown whole", () => {
    const { card } = fitted({ text: "x", card: cardOf([words("x".repeat(40_000))], [press("approve"), press("reject")]) });
    assert.deepEqual(verbsOf(card), ["reject"]);
  });

  it("has six buttons at most", () => {
    const { card } = fitted({ text: "x", card: cardOf([words("a")], Array.from({ length: 9 }, (_, n) => press(`v${n}`))) });
    assert.equal(verbsOf(card).length, 6);
    assert.match(JSON.stringify(card), /type help/u);
  });

  it("is never too large, whatever is in it, and no half characters are left", () => {
    const part = fc.oneof(
      fc.record({ type: fc.constant("TextBlock"), text: fc.string({ unit: "grapheme", minLength: 0, maxLength: 60_000, size: "max" }) }),
      fc.record({ type: fc.constant("Container"), items: fc.array(fc.record({ type: fc.constant("TextBlock"), text: fc.string({ maxLength: 900, size: "max" }) }), { maxLength: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.string({ unit: "grapheme", maxLength: 50_000, size: "max" }), (body, text) => {
        const message = fitted({ text, card: cardOf(body as readonly Json[], [press("approve")]) });
        const sent = JSON.stringify({ summary: message.text, card: message.card });
        assert.ok(sent.length <= mostUnits * 1.2, String(sent.length));
        assert.ok(JSON.stringify(message.card).length <= 25_000);
        assert.ok(message.text.isWellFormed());
      }),
      { numRuns: 40 },
    );
  });

  it("as a long text is several messages, and nothing of it is lost", () => {
    const text = Array.from({ length: 4_000 }, (_, n) => `line ${n}`).join("\n");
    const pages = paged({ text, card: null });
    assert.ok(pages.length > 2 && pages.every((page) => page.text.length <= 12_000));
    assert.equal(pages.map((page) => page.text).join(""), text);
    assert.equal(paged({ text: "😀".repeat(20_000), card: null }).every((page) => page.text.isWellFormed()), true);
  });
});
