import assert from "node:assert/strict";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { cardFaults } from "../../fakes/card-faults.ts";
import { cardGallery, spoken } from "../../fakes/card-gallery.ts";

/** What a colour says has to be said in words as well, in the very part that has it. */
const lexicon: Readonly<Record<string, RegExp>> = {
  good: /\bup\b|approved|passed|Passed|signed|taken back|cleaned up/u,
  warning: /waits for people|need a test|changed since|due again|would fail|findings|expires|skipped|finding|Would fail|Abort|signed off|sign-off|nobody/u,
  attention: /failed|never exercised|would fail|would fail now|REAL INCIDENT|real incident|not an exercise|void|expired|rejected|nobody|Nobody|could not|in vain|Aborted|aborted|Would fail|too late|down|not as expected|needed|nothing was sent|does not compile|not proved/u,
};

const marks = /^[✓✗▶○–!·]$/u;

function* parts(value: Json): Generator<{ readonly [key: string]: Json }> {
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value)) {
    for (const one of value as readonly Json[]) yield* parts(one);
    return;
  }
  const part = value as { readonly [key: string]: Json };
  yield part;
  for (const one of Object.values(part)) yield* parts(one);
}

function wordsIn(part: Json): string {
  return [...parts(part)].flatMap((p) => (typeof p["text"] === "string" ? [p["text"]] : [])).join(" ");
}

const gallery = await cardGallery();

describe("every kind of card", () => {
  it("is here in the states that people meet", () => assert.ok(gallery.size >= 40, String(gallery.size)));

  it("says before a start how many of whom have to approve", () => assert.match(gallery.get("preview")?.text ?? "", /2 of Amir Haddad and Bea Lind/u));

  for (const [name, shown] of gallery) {
    it(`${name}: says in words what its colours and marks say`, () => {
      assert.deepEqual(cardFaults(shown.card), []);
      const text = spoken(shown);
      for (const part of parts(shown.card["body"] ?? [])) {
        const meant = String(part["color"] ?? part["style"] ?? "").toLowerCase();
        const words = wordsIn(part);
        // The bar of times has no words in it; those beside it are looked for below.
        if (meant in lexicon && !(part["type"] === "Column" && words === "") && !marks.test(words)) assert.match(words, lexicon[meant] ?? /./u, `${meant}: ${JSON.stringify(part).slice(0, 300)}`);
      }
      assert.ok(!text.includes("\n\n"), "a picture without words");
      for (const line of text.split("\n")) assert.ok(!line.split(" · ").some((piece) => marks.test(piece)), `a mark without a word: ${line}`);
      if (JSON.stringify(shown.card).includes("minHeight")) assert.match(text, /% of the time|since launch|from launch|\d exercised|\d never exercised/u);
      for (const action of (shown.card["actions"] ?? []) as readonly { [key: string]: Json }[]) assert.ok(action["type"] !== "Action.Execute" || text.includes(String(action["title"])), String(action["title"]));
      for (const input of parts(shown.card["body"] ?? [])) if (String(input["type"]).startsWith("Input.")) assert.ok(String(input["label"] ?? input["title"] ?? "") !== "", "an input without a label");
    });
  }
});
