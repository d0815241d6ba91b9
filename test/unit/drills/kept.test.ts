import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DrillbookError } from "../../../src/errors.ts";
import { approveBoth, world } from "../../fakes/drill-world.ts";
import { olivia } from "../../fakes/runbooks.ts";

const bytes = new TextEncoder().encode("the last screen");
const sha256 = createHash("sha256").update(bytes).digest("hex");

describe("what an action keeps before it runs", () => {
  it("is in the history, with its bytes, before the intent; once, however often it is tried", async () => {
    const w = world();
    w.cleanup.evidence = async () => [{ name: "web-01-test-screen.bmp", mediaType: "image/bmp", bytes }];
    const drill = await w.launch();
    await approveBoth(w, drill);
    w.cleanup.start_ = async () => Promise.reject(new DrillbookError("azure-refused", "Somebody else is at it.", "Wait for them."));
    await w.give(drill, olivia, { type: "abort", reason: "that will do" });
    const operation = (await w.state(drill)).operations.find((o) => o.undoOf !== null)?.undoOf ?? "";
    assert.equal((await w.give(drill, olivia, { type: "retry-undo", operation, reason: "they are done" })).refused, null);
    assert.equal(w.cleanup.starts.length, 2);
    const events = (await w.store.read(drill)).map(({ event }) => event);
    const at = events.findIndex(({ type }) => type === "attachment.added");
    const intent = events.findIndex((event) => event.type === "operation.intended" && event.undoOf !== null);
    assert.ok(at > 0 && at < intent, `${at} before ${intent}`);
    assert.equal(events.filter(({ type }) => type === "attachment.added").length, 1);
    assert.deepEqual([...((await w.store.blob(sha256)) ?? [])], [...bytes]);
  });
});
