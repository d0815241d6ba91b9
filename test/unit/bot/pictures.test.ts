import assert from "node:assert/strict";
import { mostUnits } from "../../../src/bot/fit.ts";
import { withPictures } from "../../../src/bot/pictures.ts";
import { pictureScheme } from "../../../src/dialogs/pictures.ts";

const png = Buffer.concat([Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"), Buffer.alloc(3_000, 7)]);
const image = (hash: string) => ({ type: "Image", url: `${pictureScheme}${hash}`, altText: "the screen of web-01-test" });
const cardOf = (...body: readonly { readonly [key: string]: string }[]) => ({ text: "words", card: { type: "AdaptiveCard", body: [{ type: "Container", items: body }] } });
const written = (message: { readonly card: unknown }) => JSON.stringify(message.card);

describe("the pictures of a message", () => {
  it("are put in where they belong, with their words", async () => {
    const sent = written(await withPictures(cardOf(image("aa")), async (sha256) => (sha256 === "aa" ? png : null)));
    assert.match(sent, /"url":"data:image\/png;base64,iVBORw0KG[^"]+","altText":"the screen of web-01-test"/);
  });

  it("are named where they cannot be had, and no address of ours is left", async () => {
    const sent = written(await withPictures(cardOf(image("bb")), async () => null));
    assert.match(sent, /This picture cannot be shown here/);
    assert.doesNotMatch(sent, /drillbook-picture/);
  });

  it("never make a message larger than Teams takes", async () => {
    const large = Buffer.concat([png, Buffer.alloc(15_000)]);
    const message = await withPictures(cardOf(image("1"), image("2"), image("3")), async () => large);
    assert.ok(written(message).length + message.text.length <= mostUnits, `${written(message).length}`);
  });

  it("ask for no bytes where there is no picture", async () => {
    const message = cardOf({ type: "TextBlock", text: `${pictureScheme}aa` });
    assert.equal(await withPictures(message, () => assert.fail("asked")), message);
  });
});
