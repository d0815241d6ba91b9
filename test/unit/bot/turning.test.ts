import assert from "node:assert/strict";
import { parse } from "../../../src/bot/commands/parse.ts";
import { askedAgain, turnOfAnswer } from "../../../src/bot/commands/turning.ts";
import type { Inbound } from "../../../src/bot/message.ts";
import { commandLines } from "../../../src/texts/commands.ts";
import { universal } from "../../../src/texts/reader.ts";
import { olivia } from "../../fakes/runbooks.ts";

const from = { person: olivia, conversation: { id: "19:a", reference: null }, account: "29:olivia", reader: universal };
const typed = (text: string): Inbound => ({ ...from, kind: "text", text });
const pressed = (data: { readonly [key: string]: string }) => askedAgain({ ...from, kind: "click", verb: "page", data, shownIn: "m1" }, data);

describe("a page of an answer, turned", () => {
  it("asks again what was asked, without its page", () => {
    const { data, command } = turnOfAnswer(typed("runbooks page 2"));
    assert.deepEqual([data, command(3)], [{ asked: "runbooks" }, "runbooks page 3"]);
    const again = pressed({ asked: "runbooks" });
    assert.equal(again?.kind === "text" && again.text, "runbooks");
  });

  it("asks for nothing that would change something, whatever a button says", () => {
    for (const { verb, words, look } of commandLines) {
      if (look === true || verb === "start" || verb === "incident") continue;
      for (const asked of words.flatMap((word) => [`${word} x`, `${word} 1 because y`, `PAY-0001 ${word} x because y`])) assert.equal(pressed({ asked }), null, asked);
    }
    for (const asked of ["start move-payments now", "incident move-payments DECLARE because x", "a=b", "whatever"]) assert.equal(pressed({ asked }), null, asked);
  });

  it("can be typed with every value that was filled in, whatever is in it", () => {
    const given = { runbook: "move-payments", p_plan: "rp-payroll", p_why: "now is the time, page 2 because a=b", p_site: "two words" };
    const asked = parse(turnOfAnswer({ ...from, kind: "click", verb: "preview", data: given, shownIn: "m1" }).command(2));
    assert.deepEqual(asked, { type: "start", runbook: "move-payments", params: { plan: given.p_plan, why: given.p_why, site: given.p_site }, now: false });
  });

  it("of a launch that was not carried out asks for the same again, and not to carry it out", () => {
    for (const [text, asked] of [["start x site='two words' plan=rp now!", 'start x site="two words" plan=rp'], ["incident x plan=rp declare K4PQ because it burns", "incident x plan=rp"]] as const) {
      const { data, command } = turnOfAnswer(typed(text));
      assert.deepEqual([data, command(2)], [{ asked }, `${asked} page 2`]);
      assert.notEqual(pressed({ asked }), null);
    }
  });

  it("carries a question whole or not at all", () => {
    const long = `start move-payments note=${"x".repeat(1_000)}`;
    const { data, command } = turnOfAnswer(typed(long));
    assert.deepEqual([data, command(2)], [{}, `${long} page 2`]);
    assert.equal(pressed({ asked: long }), null);
  });
});
