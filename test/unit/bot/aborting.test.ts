import assert from "node:assert/strict";
import { createChat } from "../../../src/bot/commands/chat.ts";
import type { Launching } from "../../../src/bot/commands/launching.ts";
import type { Answer } from "../../../src/bot/message.ts";
import type { SurfaceStore } from "../../../src/bot/surface-store.ts";
import type { Person } from "../../../src/drills/events.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { universal } from "../../../src/texts/reader.ts";
import { world, type World } from "../../fakes/drill-world.ts";
import { manual, olivia } from "../../fakes/runbooks.ts";

const mallory: Person = { id: "mallory", name: "Mallory" };
const here = { id: "19:drills@thread.v2", reference: {} };

async function drillOf(w: World) {
  const drill = await w.launch("test");
  const posted = { surface: "live", drill, generation: 1, state: "shown", messageId: "m1", conversation: here, shownHash: "", shownSeq: 1 };
  const chat = createChat({ runner: w.runner, drills: () => w.store.list(), launching: {} as Launching, surfaces: { surface: async () => posted } as unknown as SurfaceStore, coverage: async () => [], personOf: () => null, clock: w.clock.now, transcriptUrl: () => null, finalLine: async () => null });
  const press = (person: Person, verb: string, more: { readonly [key: string]: Json } = {}): Promise<Answer> =>
    chat({ kind: "click", person, conversation: here, account: "29:o", reader: universal, verb, data: { drill, ...more }, shownIn: "m1" });
  return { drill, press, asks: () => press(olivia, "ask-abort", { surface: "live", generation: 1 }), refusals: async () => (await w.types(drill)).filter((type) => type === "command.refused").length };
}

const inputsOf = ({ messages }: Answer): readonly string[] => messages.flatMap(({ card }) => ((card?.["body"] ?? []) as readonly { readonly type: string; readonly id?: string }[]).flatMap(({ type, id }) => (type.startsWith("Input.") ? [id ?? ""] : [])));

describe("aborting by card", () => {
  it("asks for the reason in a message of its own: on the live card the next edit would take away what is typed", async () => {
    const { asks } = await drillOf(world([manual("look")]));
    const answer = await asks();
    const [reply, form] = answer.messages;
    assert.deepEqual([reply?.card, answer.forAll], [null, undefined], "the live card stays");
    assert.match(reply?.text ?? "", /Nothing is aborted yet/u);
    assert.match(form?.text ?? "", /Abort Payroll test failover[^]*asked by Olivia Okafor/u);
    assert.deepEqual(inputsOf(answer), ["reason"]);
  });

  it("leaves nobody with the form once the drill is aborted, and says who did and why", async () => {
    const w = world([manual("look")]);
    const { drill, press } = await drillOf(w);
    const answer = await press(olivia, "abort", { reason: "the database does not come up" });
    assert.deepEqual([answer.forAll, answer.settled, inputsOf(answer)], [true, true, []]);
    assert.match(answer.messages[0]?.text ?? "", /Aborted by Olivia Okafor: the database does not come up/u);
    assert.notEqual((await w.state(drill)).status, "running");
  });

  it("leaves the form where nothing was aborted: no reason, or not theirs to abort", async () => {
    const w = world([manual("look")]);
    const { drill, press } = await drillOf(w);
    for (const [who, reason] of [[olivia, ""], [mallory, "because I say so"]] as const) {
      const answer = await press(who, "abort", { reason });
      assert.deepEqual([answer.forAll, answer.messages[0]?.card], [undefined, null]);
    }
    assert.equal((await w.state(drill)).status, "running");
  });

  it("closes the form for everybody when somebody thinks better of it, which is theirs alone who may abort", async () => {
    const w = world([manual("look")]);
    const { drill, press } = await drillOf(w);
    const kept = await press(mallory, "do-not-abort");
    assert.deepEqual([kept.forAll, kept.messages[0]?.card], [undefined, null]);
    const closed = await press(olivia, "do-not-abort");
    assert.deepEqual([closed.forAll, inputsOf(closed)], [true, []]);
    assert.match(closed.messages[0]?.text ?? "", /Not aborted: Olivia Okafor/u);
    assert.equal((await w.state(drill)).status, "running");
  });

  it("posts no form for whoever may not abort, nor for a drill that is ending: they are told why, on record", async () => {
    const w = world([manual("look")]);
    const { drill, press, asks, refusals } = await drillOf(w);
    const denied = await press(mallory, "ask-abort", { surface: "live", generation: 1 });
    assert.deepEqual([denied.messages.length, inputsOf(denied), await refusals()], [1, [], 1]);
    assert.match(denied.messages[0]?.text ?? "", /Mallory/u);
    await press(olivia, "abort", { reason: "late" });
    const late = await asks();
    assert.deepEqual([late.messages.length, inputsOf(late)], [1, []]);
    assert.match(late.messages[0]?.text ?? "", /has ended|ending/u);
    assert.equal((await w.state(drill)).result, "aborted");
  });
});
