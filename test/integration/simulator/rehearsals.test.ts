import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../../src/config.ts";
import { rehearse } from "../../../src/rehearsal.ts";
import { openDebts } from "../../../src/drills/state.ts";
import type { DrillState } from "../../../src/drills/state.ts";

describe("rehearsals in time of their own", function () {
  this.timeout(60_000);
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rehearsals-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = async (scenario: string, seed: string | null = "one") => {
    const seen: string[] = [];
    const { state } = await rehearse({
      file: "runbooks/payroll-test-failover.md",
      params: {},
      answers: {},
      outputs: {},
      out: folder,
      keys: folder,
      people: readConfig({}).people,
      profiles: null,
      scenario,
      seed,
      onProgress: (now: DrillState, at: Date) => seen.push(`${at.toISOString()} ${now.seq} ${now.status} ${now.steps.map((one) => one.status).join(",")}`),
    });
    return { state, seen };
  };

  it("are the same from the same seed, moment by moment, also where chance decides", async () => {
    assert.deepEqual((await run("worst-day")).seen, (await run("worst-day")).seen);
    assert.notDeepEqual((await run("calm", "one")).seen, (await run("calm", "two")).seen);
  });

  const ends: readonly (readonly [string, DrillState["result"]])[] = [
    ["calm", "passed"], ["slow", "passed"], ["throttled", "passed"], ["lost-answer", "passed"], ["forbidden-poll", "passed"], ["cleanup-fails", "passed"],
    ["quota", "failed"], ["database-fails", "failed"], ["domain-controller-fails", "failed"], ["rpo-breach", "failed"], ["stuck-job", "failed"], ["portal-first", "failed"],
    ["connection-reset", "failed"], ["server-error", "failed"], ["no-right-to-start", "failed"], ["boot-manager", "failed"], ["quota-too-small", "failed"], ["worst-day", "failed"],
  ];
  for (const [scenario, result] of ends) {
    it(`end ${String(result)} on the day "${scenario}", and owe nothing`, async () => {
      const { state } = await run(scenario);
      assert.deepEqual([state.result, openDebts(state).map((one) => one.status)], [result, []]);
    });
  }
});
