import assert from "node:assert/strict";
import { createChat } from "../../../src/bot/commands/chat.ts";
import type { Launching } from "../../../src/bot/commands/launching.ts";
import type { SurfaceStore } from "../../../src/bot/surface-store.ts";
import { universal } from "../../../src/texts/reader.ts";
import { world } from "../../fakes/drill-world.ts";
import { manual, olivia } from "../../fakes/runbooks.ts";

describe("handing over to somebody who is mentioned", () => {
  const handOver = async (text: string, mentions: readonly { name: string; account: string }[]): Promise<string> => {
    const w = world([manual("look")]);
    const drill = await w.launch("test", { roles: { operator: [olivia], reviewer: [{ id: "r-1", name: "Ravi K. Menon" }], owner: [olivia] } });
    const chat = createChat({ runner: w.runner, drills: () => w.store.list(), launching: {} as Launching, surfaces: {} as SurfaceStore, coverage: async () => [], personOf: (account) => (account === "29:ravi" ? "r-1" : null), clock: w.clock.now, transcriptUrl: () => null });
    const { messages } = await chat({ kind: "text", person: olivia, conversation: { id: "c", reference: null }, account: "29:o", reader: universal, text: `${drill} ${text}`, mentions });
    return `${(await w.state(drill)).steps[0]?.assignee?.id ?? "nobody"}: ${messages[0]?.text ?? ""}`;
  };

  it("means whoever the channel knows under that account, whatever their name looks like in the chat", async () => {
    assert.match(await handOver("hand over to Ravi because end of shift", [{ name: "Ravi", account: "29:ravi" }]), /^r-1: Recorded/);
  });

  it("takes a name that is only typed, with or without a sign before it", async () => {
    assert.match(await handOver("hand over to @Ravi K. Menon because end of shift", []), /^r-1: Recorded/);
    assert.match(await handOver("hand over to ravi k. menon because end of shift", []), /^r-1: Recorded/);
  });

  it("hands nothing to somebody of another account who is only called the same in part", async () => {
    assert.match(await handOver("hand over to Ravi because end of shift", [{ name: "Ravi", account: "29:another" }]), /^nobody: Nobody in this drill has exactly this name/);
  });
});
