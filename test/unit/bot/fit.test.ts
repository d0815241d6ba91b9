import assert from "node:assert/strict";
import { fitted, mostUnits, paged } from "../../../src/bot/fit.ts";
import type { CardJson } from "../../../src/bot/message.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";

const words = (text: string): CardJson => ({ type: "TextBlock", text });
const press = (verb: string): CardJson => ({ type: "Action.Execute", verb, title: verb });
const cardOf = (body: readonly Json[], actions: readonly Json[] = []): CardJson => ({ type: "AdaptiveCard", version: "1.5", body, actions });

describe("a message within the limits of Teams", () => {
  it("is left as it is when it fits", () => {
    const message = { text: "Hello", card: cardOf([words("Hello")], [press("done")]) };
    assert.deepEqual(fitted(message), message);
  });

  it("has a summary that is cut to what a notification has room for, and no half characters are left", () => {
    const { text, card } = fitted({ text: "😀".repeat(20_000), card: cardOf([words("Hello")]) });
    assert.ok(text.length <= 4_000 && text.endsWith("…") && text.isWellFormed());
    assert.deepEqual(card, cardOf([words("Hello")]));
    assert.ok(fitted({ text: "x".repeat(100_000), card: null }).text.length < mostUnits);
  });

  it("as a long text is several messages, and nothing of it is lost", () => {
    const text = Array.from({ length: 4_000 }, (_, n) => `line ${n}`).join("\n");
    const pages = paged({ text, card: null });
    assert.ok(pages.length > 2 && pages.every((page) => page.text.length <= 12_000));
    assert.equal(pages.map((page) => page.text).join(""), text);
    assert.equal(paged({ text: "😀".repeat(20_000), card: null }).every((page) => page.text.isWellFormed()), true);
  });
});
