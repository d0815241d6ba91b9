import assert from "node:assert/strict";
import { createChat } from "../../../src/bot/commands/chat.ts";
import type { Launching } from "../../../src/bot/commands/launching.ts";
import type { Conversation } from "../../../src/bot/message.ts";
import type { SurfaceStore } from "../../../src/bot/surface-store.ts";
import { universal } from "../../../src/texts/reader.ts";
import { world, type World } from "../../fakes/drill-world.ts";
import { manual, olivia } from "../../fakes/runbooks.ts";

const thread = (message: number, conversationType = "channel"): Conversation => ({ id: `19:a@thread.tacv2;messageid=${message}`, reference: { conversation: { id: `19:a@thread.tacv2;messageid=${message}`, conversationType } } });

/** A chat that launches a drill of one step wherever it is asked. */
function chatOf(w: World) {
  let plans = 0;
  const launching = {
    requirePurpose: async () => undefined,
    corrections: async () => null,
    launch: async (_: string, __: object, ___: unknown, { conversation }: { conversation: Conversation }) => w.state(await w.launch("test", { params: { plan: `/plan/${(plans += 1)}` }, conversation: { id: conversation.id, reference: conversation.reference } })),
  } as unknown as Launching;
  const chat = createChat({ runner: w.runner, drills: () => w.store.list(), launching, surfaces: {} as SurfaceStore, coverage: async () => [], personOf: () => null, clock: w.clock.now, transcriptUrl: () => null, finalLine: async () => null });
  return async (conversation: Conversation, text: string): Promise<string> => (await chat({ kind: "text", person: olivia, conversation, account: "29:o", reader: universal, text })).messages[0]?.text ?? "";
}

describe("the threads of a channel", () => {
  it("are each one drill's: a second one begins in a post of its own", async () => {
    const say = chatOf(world([manual("look")]));
    assert.match(await say(thread(1), "start payroll now"), /started as PAY-0001/);
    assert.match(await say(thread(1), "start payroll now"), /^This thread belongs to PAY-0001, which is under way\./);
    assert.match(await say(thread(2), "start payroll now"), /started as PAY-0002/);
    assert.match(await say(thread(1), "done"), /Recorded/);
    assert.match(await say(thread(2), "status"), /PAY-0002/);
  });

  it("belong together for a question in a post of its own, when one drill alone can be meant", async () => {
    const say = chatOf(world([manual("look")]));
    await say(thread(1), "start payroll now");
    assert.match(await say(thread(9), "status"), /PAY-0001/);
    await say(thread(2), "start payroll now");
    assert.match(await say(thread(9), "status"), /No drill is under way in this chat/);
    assert.match(await say(thread(9), "PAY-0002 status"), /PAY-0002/);
  });

  it("are of channels alone: a group chat may have several drills, and the newest is meant", async () => {
    const w = world([manual("look")]);
    const say = chatOf(w);
    await say(thread(1, "groupChat"), "start payroll now");
    await w.clock.advance(1_000);
    assert.match(await say(thread(1, "groupChat"), "start payroll now"), /started as PAY-0002/);
    assert.match(await say(thread(1, "groupChat"), "status"), /PAY-0002/);
  });
});
