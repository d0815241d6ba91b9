import assert from "node:assert/strict";
import { observationOf, type CheckRow } from "../../../src/checks/rows.ts";

const row = (target: string, verdict: CheckRow["verdict"]): CheckRow => ({ target, label: "", verdict, status: verdict, reason: `it is ${verdict}` });
const seen = (...rows: readonly CheckRow[]) => observationOf(rows, "bot", new Date("2026-11-20T21:00:00Z"), ["Start it."], "all is well");

describe("what the rows of a check prove", () => {
  it("is a pass only when all of them are up, and there are some", () => {
    assert.deepEqual([seen(row("a", "up"), row("b", "up")).verdict, seen(row("a", "up"), row("b", "unknown")).verdict, seen().verdict], ["passed", "not-proved", "not-proved"]);
    assert.equal(seen(row("a", "up")).summary, "all is well");
  });

  it("is a failure when one is down, which is named before what could not be asked", () => {
    const observation = seen(row("a", "unknown"), row("b", "down"), row("c", "down"));
    assert.deepEqual([observation.verdict, observation.summary], ["failed", "b: it is down, and 1 more"]);
    assert.deepEqual(observation.diagnosis, ["Not proved: it is unknown.", "Start it."]);
  });
});
