import assert from "node:assert/strict";
import { text, wordsOf } from "../../../src/dialogs/card.ts";
import { dateAndTimeToken, isReader, timesInWords, timeToken, universal } from "../../../src/texts/reader.ts";
import { plain } from "../../../src/dialogs/card.ts";

describe("the reader's clock", () => {
  const at = "2026-07-01T21:04:31.250Z";

  it("is left to whoever draws the card, in a form that the card language knows", () => {
    assert.equal(timeToken(at), "{{TIME(2026-07-01T21:04:31Z)}}");
    assert.match(dateAndTimeToken(at), /^\{\{DATE\(2026-07-01T21:04:31Z, COMPACT\)\}\} \{\{TIME\(/u);
  });

  it("is put into words with its zone", () => {
    assert.equal(timesInWords(`until ${timeToken(at)}`, universal), "until 21:04 UTC");
    assert.equal(timesInWords(`bis ${timeToken(at)}`, { locale: "de-DE", timeZone: "Europe/Berlin" }), "bis 23:04 MESZ");
    assert.match(timesInWords(dateAndTimeToken(at), { locale: "en-US", timeZone: "Asia/Tokyo" }), /Jul 2, 2026 06:04 AM GMT\+9/u);
  });

  it("never touches what a person wrote", () => {
    const card = { body: [text(plain(`look {{TIME(2026-07-01T21:04:31Z)}}`))] };
    assert.equal(wordsOf(card), "look {{TIME(2026-07-01T21:04:31Z)}}");
    assert.ok(!JSON.stringify(card).includes("{{"));
  });

  it("is one that exists", () => {
    assert.equal(isReader({ locale: "fi-FI", timeZone: "Europe/Helsinki" }), true);
    assert.equal(isReader({ locale: "fi-FI", timeZone: "Europe/Atlantis" }), false);
    assert.equal(isReader({ locale: "not a locale", timeZone: "UTC" }), false);
  });
});
