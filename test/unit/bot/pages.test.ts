import assert from "node:assert/strict";
import fc from "fast-check";
import { mostActions, mostCardUnits, pageOf, pagesOf, type Turn } from "../../../src/bot/pages.ts";
import { card as drawn, facts, isInput, table, type CardJson } from "../../../src/dialogs/card.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { cardFaults } from "../../fakes/card-faults.ts";

const turn: Turn = { data: { drill: "PAY-0001", surface: "step:approve", generation: 1 }, command: () => "card 2" };
const words = (text: string): CardJson => ({ type: "TextBlock", text, wrap: true });
const press = (verb: string): CardJson => ({ type: "Action.Execute", verb, title: verb, data: {} });
const head = { type: "Container", items: [words("THE HEAD")] };
const cardOf = (body: readonly Json[], actions: readonly Json[] = []): CardJson => ({ type: "AdaptiveCard", version: "1.5", body: [head, ...body], actions });
const listed = (card: CardJson, key: string) => (card[key] ?? []) as readonly CardJson[];
const verbsOf = (card: CardJson) => listed(card, "actions").map((a) => String(a["verb"] ?? a["type"]));
const units = (card: CardJson) => JSON.stringify(card).length;

/** Every text that a reader is shown, without what stands on every page. */
function textIn(part: Json, into: string[] = []): readonly string[] {
  if (Array.isArray(part)) (part as readonly Json[]).forEach((one) => textIn(one, into));
  else if (part !== null && typeof part === "object") {
    const shape = part as CardJson;
    if (typeof shape["text"] === "string") into.push(shape["text"]);
    if (typeof shape["value"] === "string" && shape["type"] === undefined) into.push(shape["value"]);
    for (const key of ["items", "columns", "rows", "cells", "facts"]) if (shape[key] !== undefined) textIn(shape[key], into);
  }
  return into;
}
const readOn = (page: CardJson, pages: number) => listed(page, "body").slice(pages === 1 ? 1 : 2).filter((part) => !isInput(part));

describe("a card that Teams would not take", () => {
  it("is one card as long as it fits", () => {
    const card = cardOf([words("Hello"), { type: "Input.Text", id: "reason" }], [press("approve"), press("reject")]);
    assert.deepEqual(pagesOf(card, turn), [card]);
    assert.deepEqual(pageOf(card, 7, turn), { card, page: 1, pages: 1 });
  });

  it("is drawn in pages: its head and where one is on each, what decides and what is filled in on the last alone", () => {
    const lines = Array.from({ length: 1_500 }, (_, n) => words(`server ${n} and what becomes of it`));
    const pages = pagesOf(cardOf([...lines, { type: "Input.Text", id: "reason" }], [press("approve"), press("reject")]), turn);
    assert.ok(pages.length > 2);
    for (const [i, page] of pages.entries()) {
      const last = i === pages.length - 1;
      assert.deepEqual(listed(page, "body")[0], head);
      assert.match(String(listed(page, "body")[1]?.["text"]), new RegExp(`\\*\\*${i + 1} of ${pages.length}\\*\\*`));
      assert.deepEqual(verbsOf(page), [...(last ? ["approve", "reject"] : []), ...(i === 0 || last ? ["page"] : ["page", "page"])]);
      assert.equal(listed(page, "body").some(isInput), last);
    }
    assert.deepEqual(pages.flatMap((page) => readOn(page, 2).map((part) => part["text"])), lines.map((line) => line["text"]));
  });

  it("keeps what is decided on beside the buttons that decide it, as far as there is room", () => {
    const ends = [words("what happens ".repeat(200)), words("to which servers")];
    const pages = pagesOf(cardOf([words("long ".repeat(7_000)), ...ends, { type: "Input.Text", id: "reason" }], [press("approve")]), turn);
    assert.deepEqual(readOn(pages.at(-1) ?? {}, 2), ends);
  });

  it("turns to the page before and the page after, sends nothing that is filled in, and says what can be typed", () => {
    const [, second] = pagesOf(cardOf(Array.from({ length: 900 }, (_, n) => words(`server ${n} and what becomes of it, at length`))), turn);
    const [back, next] = listed(second ?? {}, "actions");
    assert.deepEqual([back?.["data"], next?.["data"]], [{ ...turn.data, page: 1 }, { ...turn.data, page: 3 }]);
    assert.deepEqual([back?.["associatedInputs"], back?.["tooltip"]], ["none", "or type: card 2"]);
  });

  it("gives the nearest page for a number that is no page, whatever it is", () => {
    const card = cardOf([words("x".repeat(60_000))]);
    const pages = pagesOf(card, turn);
    for (const [wanted, is] of [[-1, 1], [0, 1], [1.5, 1], [Number.NaN, 1], [Infinity, 1], [99, pages.length], [2, 2]] as const) assert.deepEqual(pageOf(card, wanted, turn), { card: pages[is - 1], page: is, pages: pages.length }, String(wanted));
  });

  it("keeps the headings of a table over every piece, the label of a long fact, and the style of a box", () => {
    const rows = Array.from({ length: 400 }, (_, n) => [{ text: `web-${n}` }, { text: "up" }]);
    const body = [table(["server", "answer"], rows), facts([{ label: "Servers", value: "a ".repeat(200) }]), { type: "FactSet", facts: [{ title: "Script", value: "line\n".repeat(9_000) }] }, { type: "Container", style: "warning", items: [words("y".repeat(30_000))] }];
    const pages = pagesOf(cardOf(body), turn);
    const parts = pages.flatMap((page) => readOn(page, 2));
    const tables = parts.filter((part) => part["type"] === "Table");
    assert.ok(tables.length > 1);
    for (const piece of tables) assert.deepEqual(textIn(listed(piece, "rows")[0] ?? {}), ["server", "answer"]);
    assert.deepEqual(tables.flatMap((piece) => listed(piece, "rows").slice(1).map((row) => textIn(row)[0])), rows.map(([first]) => first?.text));
    const scripts = parts.flatMap((part) => listed(part, "facts")).filter((fact) => fact["title"] === "Script");
    assert.equal(scripts.map((fact) => String(fact["value"])).join(""), "line\n".repeat(9_000));
    assert.ok(scripts.every((fact) => String(fact["value"]).endsWith("\n")), "cut after a line");
    assert.ok(parts.filter((part) => part["type"] === "Container").every((part) => part["style"] === "warning"));
  });

  it("never cuts half a character, half an escaped mark or half a moment", () => {
    for (const piece of ["😀", "\\*", "{{TIME(2026-11-20T21:00:00Z)}}", "{{DATE(2026-11-20T21:00:00Z, COMPACT)}}"]) {
      for (const shift of [0, 1, 2, 3]) {
        const pages = pagesOf(cardOf([words("x".repeat(shift) + piece.repeat(Math.ceil(40_000 / piece.length)))]), turn);
        assert.ok(pages.length > 1);
        for (const page of pages) assert.match(textIn(readOn(page, 2)).join("").replace(/^x+/, ""), new RegExp(`^(?:${piece.replaceAll(/[\\*{}()]/g, "\\$&")})*$`, "u"));
      }
    }
  });

  it("has six buttons at most: the others stand on further pages, each lot with what is filled in", () => {
    const pages = pagesOf(cardOf([words("which?"), { type: "Input.Text", id: "reason" }], Array.from({ length: 11 }, (_, n) => press(`v${n}`))), turn);
    assert.deepEqual(pages.flatMap(verbsOf).filter((verb) => verb !== "page"), Array.from({ length: 11 }, (_, n) => `v${n}`));
    for (const page of pages) {
      assert.ok(verbsOf(page).length <= mostActions);
      assert.ok(listed(page, "body").some(isInput));
    }
  });

  it("has what stops a drill, and its links, on every page", () => {
    const link = { type: "Action.OpenUrl", title: "Transcript", url: "https://x/" };
    const pages = pagesOf(cardOf([words("finding ".repeat(9_000))], [press("pause"), press("ask-abort"), press("sign"), link]), turn);
    for (const page of pages) for (const verb of ["pause", "ask-abort", "Action.OpenUrl"]) assert.ok(verbsOf(page).includes(verb));
    assert.deepEqual(pages.map((page) => verbsOf(page).includes("sign")), pages.map((_, i) => i === pages.length - 1));
  });

  it("lists more choices than a card has room for, to be read, and takes the one that is meant in words", () => {
    const choices = Array.from({ length: 200 }, (_, n) => ({ title: `plan-${n}`, value: `/subscriptions/${"0".repeat(150)}/${n}` }));
    const pages = pagesOf(cardOf([{ type: "Input.ChoiceSet", id: "p_plan", label: "Recovery plan", style: "compact", value: choices[3]?.value ?? "", choices }], [press("preview")]), turn);
    const input = pages.flatMap((page) => listed(page, "body")).filter(isInput);
    assert.deepEqual(input.map(({ type, id, label, value }) => ({ type, id, label, value })), [{ type: "Input.Text", id: "p_plan", label: "Recovery plan", value: "plan-3" }]);
    for (const { title } of choices) assert.equal(pages.flatMap((page) => textIn(readOn(page, pages.length))).filter((text) => text === title).length, 1);
    for (const page of pages) assert.ok(units(page) <= mostCardUnits);
  });

  it("carries its page in the refresh that somebody asks for", () => {
    const refresh = { action: { type: "Action.Execute", verb: "refresh", data: { drill: "PAY-0001" } }, userIds: ["29:a"] };
    const pages = pagesOf({ ...cardOf([words("x".repeat(60_000))]), refresh }, turn);
    assert.deepEqual(pages.map((page) => page["refresh"]), pages.map((_, i) => ({ ...refresh, action: { ...refresh.action, data: { drill: "PAY-0001", page: i + 1 } } })));
  });

  it("holds every word once, in pages that fit, whatever is in it", () => {
    const words_ = (most: number) => fc.tuple(fc.constantFrom("web-01 ", "😀", "\\*", "line\n", "{{TIME(2026-11-20T21:00:00Z)}} ", '"q" ', "é"), fc.integer({ min: 0, max: most })).map(([word, times]) => word.repeat(times));
    const [text, short] = [words_(6_000), words_(12)];
    const block = fc.record({ type: fc.constant("TextBlock"), text: fc.oneof(text, short) });
    const { part } = fc.letrec<{ part: CardJson }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 2, depthIdentifier: "card" },
        block,
        fc.record({ type: fc.constant("FactSet"), facts: fc.array(fc.record({ title: short, value: fc.oneof(short, text) }), { maxLength: 8 }) }),
        fc.record({ type: fc.constant("Container"), style: fc.constant("emphasis"), items: fc.array(tie("part"), { maxLength: 6 }) }),
        fc.array(fc.array(block, { maxLength: 4 }), { minLength: 1, maxLength: 3 }).map((columns) => ({ type: "ColumnSet", columns: columns.map((items) => ({ type: "Column", width: "stretch", items })) })),
        fc.array(fc.array(short, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 60 }).map((rows) => ({ ...table(["HEAD", "HEAD", "HEAD"], rows.map((row) => row.map((cell) => ({ text: cell })))) })),
      ),
    }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.integer({ min: 0, max: 14 }), (body, buttons) => {
        const card = cardOf([...body, { type: "Input.Text", id: "reason" }], [...Array.from({ length: buttons }, (_, n) => press(`v${n}`)), press("pause")]);
        const pages = pagesOf(card, turn);
        const said = pages.flatMap((page) => textIn(readOn(page, pages.length)).filter((word) => word !== "HEAD"));
        assert.ok(inOrder(said) === inOrder(textIn(body).filter((word) => word !== "HEAD")), "every word once");
        assert.deepEqual(pages.flatMap(verbsOf).filter((verb) => verb.startsWith("v")), Array.from({ length: buttons }, (_, n) => `v${n}`));
        const begins = pages.findIndex((page) => listed(page, "body").some(isInput));
        for (const [i, page] of pages.entries()) {
          assert.ok(units(page) <= mostCardUnits, `${units(page)} units on page ${i + 1} of ${pages.length}`);
          assert.ok(verbsOf(page).length <= mostActions);
          assert.ok(i >= begins || verbsOf(page).every((verb) => verb === "page" || verb === "pause"), "nothing decides before everything was read");
          assert.ok(i <= begins || readOn(page, pages.length).length === 0, "everything was read by then");
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is a card that the client draws, on each page", () => {
    const { card } = drawn({ style: "accent", kicker: "EXERCISE", title: "Approve", subtitle: "PAY-0001", body: [table(["a", "b"], Array.from({ length: 300 }, (_, n) => [{ text: `web-${n}`, style: "good" as const }, { text: "z".repeat(90) }])), { type: "Input.Text", id: "reason", label: "Reason" }], buttons: [{ title: "Approve", command: "approve 1 X", verb: "approve", data: {} }] });
    const pages = pagesOf(card, turn);
    assert.ok(pages.length > 1);
    for (const page of pages) assert.deepEqual(cardFaults(page), []);
  });
});

/** Columns go on beside each other, so their words come in turns: each character counts, whoever it stands beside. */
function inOrder(texts: readonly string[]): string {
  return [...texts.join("")].toSorted().join("");
}
