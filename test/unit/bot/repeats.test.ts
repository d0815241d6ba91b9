import assert from "node:assert/strict";
import { parseActivity } from "../../../src/bot/activity.ts";
import type { ArrivingActivity } from "../../../src/bot/activity.ts";
import { universal } from "../../../src/texts/reader.ts";
import type { Answer, Inbound } from "../../../src/bot/message.ts";
import { createRepeats } from "../../../src/bot/repeats.ts";
import { memorySeen } from "../../fakes/seen.ts";

const olivia = { id: "olivia", name: "Olivia Okafor" };
const amir = { id: "amir", name: "Amir Haddad" };
const conversation = { id: "c", reference: null };

function arriving(id: string | null): ArrivingActivity {
  const activity = parseActivity({ type: "invoke", id, channelId: "msteams", serviceUrl: "https://x", from: { id: "29:x" }, conversation: { id: "c" } });
  assert.ok(activity);
  return activity;
}

const press = (data: { readonly [key: string]: string } = {}, person = olivia): Inbound => ({
  kind: "click", verb: "sign", data: { drill: "PAY-0001", step: "s", ...data }, shownIn: null, person, conversation, account: "29:x", reader: universal,
});
const typed: Inbound = { kind: "text", text: "note it", person: olivia, conversation, account: "29:x", reader: universal };

describe("what arrives again", () => {
  let now: number;
  let works: number;
  let seen: ReturnType<typeof memorySeen>;
  let repeats: ReturnType<typeof createRepeats>;
  const settledAnswer = async (): Promise<Answer> => ({ messages: [{ text: `done ${(works += 1)}`, card: null }], settled: true });
  const refusal = async (): Promise<Answer> => ({ messages: [{ text: `no ${(works += 1)}`, card: null }] });
  const textOf = async (made: { answer: Promise<Answer> }): Promise<string | undefined> => (await made.answer).messages[0]?.text;

  beforeEach(() => {
    now = Date.parse("2026-11-20T21:00:00Z");
    works = 0;
    seen = memorySeen();
    repeats = createRepeats(seen, () => new Date(now));
  });

  it("under the same id gets the same answer, a hundred times, and is done once", async () => {
    const texts = await Promise.all(Array.from({ length: 100 }, () => textOf(repeats.once(arriving("1"), press(), settledAnswer))));
    assert.deepEqual([...new Set(texts)], ["done 1"]);
    assert.equal(works, 1);
  });

  it("is delivered by the first one only", async () => {
    const firsts = ["1", "1", "2"].map((id) => repeats.once(arriving(id), typed, settledAnswer).first);
    assert.deepEqual(firsts, [true, false, true]);
  });

  it("under a new id is the same press for two minutes, once it has changed something", async () => {
    await repeats.once(arriving("1"), press(), settledAnswer).answer;
    now += 45_000;
    assert.equal(await textOf(repeats.once(arriving("2"), press(), settledAnswer)), "done 1");
    now += 80_000;
    assert.equal(await textOf(repeats.once(arriving("3"), press(), settledAnswer)), "done 2");
  });

  it("under a new id while the first is still being worked on waits for that one", async () => {
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => void (finish = resolve));
    const first = repeats.once(arriving("1"), press(), () => slow.then(refusal));
    const second = repeats.once(arriving("2"), press(), refusal);
    finish();
    assert.deepEqual([await textOf(first), await textOf(second)], ["no 1", "no 1"]);
  });

  it("is looked at anew when nothing was changed, or the inputs or the person are others", async () => {
    await repeats.once(arriving("1"), press(), refusal).answer;
    assert.equal(await textOf(repeats.once(arriving("2"), press(), settledAnswer)), "done 2");
    assert.equal(await textOf(repeats.once(arriving("3"), press({ tick0: "true" }), settledAnswer)), "done 3");
    assert.equal(await textOf(repeats.once(arriving("4"), press({}, amir), settledAnswer)), "done 4");
  });

  it("in words is taken as often as it is written", async () => {
    await repeats.once(arriving("1"), typed, settledAnswer).answer;
    assert.equal(await textOf(repeats.once(arriving("2"), typed, settledAnswer)), "done 2");
  });

  it("after a restart is not done again, and says so", async () => {
    await repeats.once(arriving("1"), press(), settledAnswer).answer;
    const after = createRepeats(seen, () => new Date(now));
    assert.match((await textOf(after.once(arriving("1"), press(), settledAnswer))) ?? "", /not done twice/u);
    assert.equal(works, 1);
  });

  it("after a fault of the store can be tried again", async () => {
    let broken = true;
    const faulty = createRepeats({ ...seen, firstSeen: async (key, at) => (broken ? Promise.reject(new Error("disk full")) : seen.firstSeen(key, at)) }, () => new Date(now));
    await assert.rejects(faulty.once(arriving("1"), press(), settledAnswer).answer, /disk full/u);
    broken = false;
    assert.equal(await textOf(faulty.once(arriving("1"), press(), settledAnswer)), "done 1");
  });

  it("is forgotten by the store after a day", async () => {
    await repeats.once(arriving("1"), typed, settledAnswer).answer;
    now += 25 * 3_600_000;
    await repeats.once(arriving("2"), typed, settledAnswer).answer;
    assert.equal(await textOf(repeats.once(arriving("1"), typed, settledAnswer)), "done 3");
  });

  it("without an id is told from nothing, and taken", async () => {
    await repeats.once(arriving(null), typed, settledAnswer).answer;
    assert.equal(await textOf(repeats.once(arriving(null), typed, settledAnswer)), "done 2");
  });
});
