import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { world } from "../../fakes/drill-world.ts";
import { manual, olivia, ravi } from "../../fakes/runbooks.ts";

const bytes = new TextEncoder().encode("what the screen showed");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const file = { type: "attach", step: "look", name: "screen.txt", mediaType: "text/plain", size: bytes.length, sha256 } as const;

describe("attachments", () => {
  it("are kept with the event that names them, and not at all when they are refused", async () => {
    const w = world([manual("look")]);
    const drill = await w.launch();
    const stranger = await w.runner.command(drill, { by: { id: "eve", name: "Eve" }, ...file }, [bytes]);
    assert.equal(stranger.refused?.code, "not-allowed");
    assert.equal(await w.store.blob(sha256), null);
    const { refused, state } = await w.runner.command(drill, { by: ravi, ...file }, [bytes]);
    assert.equal(refused, null);
    assert.deepEqual(state.attachments.map(({ by, name, step }) => [by?.id, name, step]), [["ravi", "screen.txt", "look"]]);
    assert.deepEqual([...((await w.store.blob(sha256)) ?? [])], [...bytes]);
  });

  it("are taken until a drill holds enough of them", async () => {
    const w = world([manual("look")]);
    const drill = await w.launch();
    for (let n = 0; n < 200; n += 1) await w.runner.command(drill, { by: olivia, ...file });
    assert.match((await w.runner.command(drill, { by: olivia, ...file })).refused?.message ?? "", /200 attachments/u);
  });
});
