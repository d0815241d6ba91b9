import assert from "node:assert/strict";
import { parse } from "../../../src/bot/commands/parse.ts";
import { cardTexts } from "../../../src/texts/card.ts";
import { cardGallery } from "../../fakes/card-gallery.ts";

/** Where the verb of a button is not the word that is typed for it. */
const typedAs: Readonly<Record<string, string>> = { form: "start", preview: "start", launch: "start", "incident-preview": "incident", declare: "incident", "ask-abort": "abort", "do-not-abort": "status", refresh: "status" };

const gallery = await cardGallery();

describe("every button of every card", () => {
  const buttons = [...gallery].flatMap(([name, { card }]) => ((card["actions"] ?? []) as readonly { readonly [key: string]: unknown }[]).filter((a) => a["type"] === "Action.Execute").map((a) => ({ name, verb: String(a["verb"]), tooltip: String(a["tooltip"]) })));

  it("can be typed instead, in the words that its tooltip gives", () => {
    assert.ok(new Set(buttons.map(({ verb }) => verb)).size >= 20, [...new Set(buttons.map(({ verb }) => verb))].join(" "));
    for (const { name, verb, tooltip } of buttons) {
      assert.ok(tooltip.startsWith(cardTexts.typeInstead), `${name}: ${tooltip}`);
      const words = tooltip.slice(cardTexts.typeInstead.length).replace("because …", "because a reason").replace("<criterion>", "the site is dark").replaceAll("=…", "=x").replace(" … ", " plan=x ").replace("name=value …", "plan=x");
      const typed = parse(words);
      const meant = typed.type === "verb" ? typed.verb : typed.type === "values" ? "done" : typed.type;
      assert.equal(meant, typedAs[verb] ?? verb, `${name}: "${words}" is understood as ${JSON.stringify(typed)}`);
    }
  });
});
