import assert from "node:assert/strict";
import type { DrillEvent } from "../../../../src/drills/events.ts";
import { finalCardLine } from "../../../../src/evidence/anchors/final-card.ts";
import { openLocalKey, type SigningKey } from "../../../../src/evidence/keys.ts";
import { verifyBundle } from "../../../../src/evidence/verify.ts";
import { expectedByCard, expectedFingerprint } from "../../../../src/evidence/verify/expected.ts";
import { noted } from "../../storage/events.ts";
import { inTemporaryFolder } from "../../storage/sqlite/temporary.ts";
import { smallBundle, smallDrill } from "../fixtures/bundles.ts";
import { sealAll } from "../fixtures/history.ts";
import { hasPython, secondVerdictsOn } from "./second-verifier.ts";

const ended = (seq: number): DrillEvent => ({ ...noted("S-1", seq), type: "drill.ended", result: "passed" }) as unknown as DrillEvent;

describe("a bundle held against the drill's final card", () => {
  const folder = inTemporaryFolder();
  let key: SigningKey;
  let other: SigningKey;
  before(() => {
    key = openLocalKey(folder.path("data"), { rehearsal: true });
    other = openLocalKey(folder.path("other"), { rehearsal: true });
  });

  const drill = [...smallDrill(), ended(4)];
  const lineOf = async (events: readonly DrillEvent[], signer = key): Promise<string> =>
    (await finalCardLine({ read: async () => sealAll(events) }, "S-1", signer)) ?? "";

  async function verdict(bundle: Uint8Array, card: string): Promise<readonly [string, string]> {
    const { status, problems } = verifyBundle(bundle, { knownKeys: [], expected: [expectedByCard(card)] });
    const [second] = hasPython() ? await secondVerdictsOn([{ bundle, card }]) : [{ status, where: problems[0]?.where ?? "" }];
    assert.deepEqual([second?.status, second?.where], [status, problems[0]?.where ?? ""], "the second verifier says the same");
    return [status, `${problems[0]?.where ?? ""} ${problems[0]?.why ?? ""}`.trim()];
  }

  it("is intact when it is what the card says, also with what was said after the end", async () => {
    const card = await lineOf(drill);
    assert.deepEqual(await verdict(await smallBundle(key, drill), card), ["intact", ""]);
    assert.deepEqual(await verdict(await smallBundle(key, [...drill, noted("S-1", 5, "afterwards")]), card), ["intact", ""]);
  });

  it("is refused when its history, its length, its signer or its drill is another, by what is wrong", async () => {
    const card = await lineOf(drill);
    const [first, , third] = smallDrill() as readonly [DrillEvent, DrillEvent, DrillEvent];
    const rewritten = [first, noted("S-1", 2, "as somebody would rather have it"), third, ended(4)];
    assert.deepEqual(await verdict(await smallBundle(key, rewritten), card), ["broken", "events.jsonl, event 4 leads to another head than the one on the card"]);
    assert.match((await verdict(await smallBundle(key, smallDrill()), card))[1], /^events\.jsonl, event 4 is missing: the card has seen 4 events/);
    assert.match((await verdict(await smallBundle(other, drill), card))[1], /^key\.pem has the fingerprint/);
    assert.match((await verdict(await smallBundle(key, drill), card.replace("of S-1", "of S-2")))[1], /^drill\.json is of drill S-1, the card of S-2/);
  });

  it("takes the line as a chat gives it back, and nothing that only looks like it", async () => {
    const card = await lineOf(drill);
    const pasted = `Olivia 10:42\n  Payroll: passed\n${card.replaceAll(" ", "\u00a0").replace("head\u00a0", "head\n\u200b")}\nSigned`;
    assert.deepEqual(expectedByCard(pasted), expectedByCard(card));
    assert.deepEqual(expectedByCard(card.slice(0, card.indexOf(". Keep"))), expectedByCard(card));
    const ninth = card.replace(/(key (?:\w{8} ){7}\w{8})/, "$1 0123abcd");
    for (const text of ["", card.slice(0, -120), `${card} ${card}`, card.replace(/key \w{8} /, "key "), ninth]) assert.throws(() => expectedByCard(text), { code: "bad-input" }, text);
    assert.throws(() => expectedFingerprint(key.fingerprint.slice(1)), { code: "bad-input" });
    assert.deepEqual(expectedFingerprint(key.fingerprint.toUpperCase().replaceAll(/(..)(?=.)/g, "$1:")), { fingerprint: key.fingerprint, end: null });
  });

  it("has no line before the end", async () => {
    assert.equal(await lineOf(smallDrill()), "");
  });
});
