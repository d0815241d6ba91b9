import assert from "node:assert/strict";
import { openDrills } from "../../../src/bot/commands/open-drills.ts";
import type { DrillSummary } from "../../../src/drills/ports.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import { world } from "../../fakes/drill-world.ts";
import { amir, manual, olivia, ravi } from "../../fakes/runbooks.ts";

const many = 300;

describe("the drills that have not ended", () => {
  let states: Map<string, DrillState>;
  let folds: string[];

  const summary = (state: DrillState): DrillSummary => ({ id: state.id, runbook: "r", title: "R", mode: "test", startedAt: state.launchedAt, endedAt: state.endedAt, result: state.result, events: state.seq });
  const open = () =>
    openDrills(
      async () => [...states.values()].map(summary),
      async (id) => {
        folds.push(id);
        const state = states.get(id);
        assert.ok(state !== undefined);
        return state;
      },
    );

  beforeEach(async () => {
    const w = world([manual("look")]);
    const state = await w.state(await w.launch());
    folds = [];
    states = new Map();
    for (let n = 0; n < many; n += 1) {
      const id = `PAY-${String(n).padStart(4, "0")}`;
      const launchedAt = new Date(Date.parse(state.launchedAt) + n * 1_000).toISOString();
      states.set(id, { ...state, id, launchedAt, conversation: { id: `chat-${n}`, reference: null }, roles: { operator: [n === 7 ? amir : olivia] }, performers: [] });
    }
  });

  it("are read once, and then only those that a question concerns", async () => {
    const drills = open();
    assert.equal((await drills.newestIn("chat-5"))?.id, "PAY-0005");
    folds = [];
    assert.equal((await drills.newestIn("chat-5"))?.id, "PAY-0005");
    assert.deepEqual(folds, ["PAY-0005"]);
  });

  it("are all found for a person, however many there are, the newest first", async () => {
    const drills = open();
    assert.deepEqual((await drills.ofPerson(amir.id)).map(({ id }) => id), ["PAY-0007"]);
    assert.equal(folds.length, many);
    folds = [];
    assert.deepEqual((await drills.ofPerson(amir.id)).map(({ id }) => id), ["PAY-0007"]);
    assert.deepEqual(folds, ["PAY-0007"]);
    const mine = await drills.ofPerson(olivia.id);
    assert.deepEqual([mine.length, mine[0]?.id], [many - 1, `PAY-0${many - 1}`]);
  });

  it("are read again after an event, because it may have brought somebody in", async () => {
    const drills = open();
    assert.deepEqual(await drills.ofPerson(ravi.id), []);
    const before = states.get("PAY-0003");
    assert.ok(before !== undefined);
    states.set("PAY-0003", { ...before, seq: before.seq + 1, steps: before.steps.map((s) => ({ ...s, assignee: ravi })) });
    folds = [];
    assert.deepEqual((await drills.ofPerson(ravi.id)).map(({ id }) => id), ["PAY-0003"]);
    assert.deepEqual(folds, ["PAY-0003"]);
  });

  it("are no longer found once they have ended", async () => {
    const drills = open();
    await drills.ofPerson(amir.id);
    const before = states.get("PAY-0007");
    assert.ok(before !== undefined);
    states.set("PAY-0007", { ...before, seq: before.seq + 1, status: "ended", endedAt: before.launchedAt, result: "passed" });
    assert.deepEqual(await drills.ofPerson(amir.id), []);
    assert.equal(await drills.newestIn("chat-7"), null);
  });
});
