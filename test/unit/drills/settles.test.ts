import assert from "node:assert/strict";
import { world } from "../../fakes/drill-world.ts";
import { succeeded } from "../../fakes/outside-world.ts";
import { action, checklist } from "../../fakes/runbooks.ts";

describe("an obligation that a later action fulfils", () => {
  const steps = [action("failover"), action("commit", { type: "fake-commit", onFail: "continue" }), checklist("staff", ["sign in"])];
  const obligationsAfter = async (commit: "succeeded" | "failed") => {
    const w = world(steps);
    Object.assign(w.failover.facts, { undo: null, obligations: [{ id: "commit", text: "Commit it" }, { id: "re-protect", text: "Re-protect" }] });
    Object.assign(w.commit.facts, { settles: ["commit"], obligations: [{ id: "re-protect", text: "Re-protect" }] });
    w.commit.follow_ = () => ({ ...succeeded, state: commit });
    const drill = await w.launch();
    for (let n = 0; n < 20; n += 1) await w.clock.advance(2_000);
    const { debts } = await w.state(drill);
    return debts.filter(({ kind }) => kind === "obligation").map(({ operation, status }) => `${operation.split("/").at(-1)} ${status}`);
  };

  it("is settled by its success, and what both leave owed is owed once", async () => {
    assert.deepEqual(await obligationsAfter("succeeded"), ["commit undone", "re-protect owed"]);
  });

  it("stays owed when that failed", async () => {
    assert.deepEqual(await obligationsAfter("failed"), ["commit owed", "re-protect owed"]);
  });
});
