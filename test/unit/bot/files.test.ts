import assert from "node:assert/strict";
import { parseActivity } from "../../../src/bot/activity.ts";
import { filesOf, mediaTypeOf } from "../../../src/bot/files.ts";

describe("what a file is", () => {
  const of = (...bytes: number[]) => mediaTypeOf(Uint8Array.from(bytes));
  const said = (text: string) => mediaTypeOf(new TextEncoder().encode(text));

  it("is told by its bytes, never by its name", () => {
    assert.equal(of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), "image/png");
    assert.equal(of(0xff, 0xd8, 0xff, 0xe0), "image/jpeg");
    assert.equal(said("GIF89a"), "image/gif");
    assert.equal(said("%PDF-1.7"), "application/pdf");
    assert.equal(said("<script>alert(1)</script>"), "text/plain");
    assert.equal(said("21:04 järjestelmä toimii\r\n\tok"), "text/plain");
  });

  it("is nothing that is kept when it is a program, an archive or nothing at all", () => {
    assert.equal(of(), null);
    assert.equal(said("MZ\u0000\u0003"), null);
    assert.equal(of(0x50, 0x4b, 0x03, 0x04, 0xff), null);
    assert.equal(of(0xc3, 0x28), null);
  });
});

describe("the files of a message", () => {
  const offered = (names: readonly string[]) => {
    const attachments = names.map((name) => ({ contentType: "image/png", contentUrl: "https://smba.trafficmanager.net/a", name }));
    const activity = parseActivity({ type: "message", channelId: "msteams", serviceUrl: "https://smba.trafficmanager.net/emea/", from: { id: "29:x" }, recipient: { id: "28:bot" }, conversation: { id: "a:1" }, attachments });
    assert.ok(activity);
    return filesOf(activity, async () => new Uint8Array()).map(({ name }) => name);
  };

  it("have names that are no paths and hide nothing", () => {
    const names = { "../../etc/passwd": "etcpasswd", "..\\a.png": "a.png", "exe\u202egnp.\u0007png": "exegnp.png", ".profile ": "profile", "": "picture", "C:|<>\"*?": "C" };
    for (const [given, kept] of Object.entries(names)) assert.deepEqual(offered([given]), [kept]);
    assert.equal(offered(["x".repeat(300)])[0]?.length, 100);
  });

  it("are five at most", () => {
    assert.equal(offered(["a", "b", "c", "d", "e"]).length, 5);
    assert.throws(() => offered(["a", "b", "c", "d", "e", "f"]), { code: "bad-input" });
  });
});
