import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readConfig } from "../../../src/config.ts";
import { rehearse } from "../../../src/rehearsal.ts";
import { openDebts } from "../../../src/drills/debts.ts";
import { draw, surfacesOf } from "../../../src/dialogs/surfaces.ts";
import type { DrillState } from "../../../src/drills/state.ts";

import { payroll } from "../../../src/simulator/estates/payroll.ts";

describe("rehearsals in time of their own", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rehearsals-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = async (scenario: string, seed: string | null = "one", file = "runbooks/payroll-test-failover.md") => {
    const seen: string[] = [];
    const cards = new Set<string>();
    const { state } = await rehearse({
      file,
      params: {},
      answers: {},
      outputs: {},
      out: folder,
      keys: folder,
      people: readConfig({}).people,
      profiles: null,
      scenario,
      seed,
      onProgress: (now: DrillState, at: Date) => {
        seen.push(`${at.toISOString()} ${now.seq} ${now.status} ${now.steps.map((one) => one.status).join(",")}`);
        for (const surface of surfacesOf(now)) cards.add(draw(surface, now, at, null)?.text ?? "");
      },
    });
    return { state, seen, cards: [...cards] };
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

  // What went wrong, and what to do about it, on one and the same card.
  const told: readonly (readonly [string, RegExp, RegExp])[] = [
    ["quota", /web-02: Virtual machine could not be created/, /Try: Raise the quota/],
    ["quota-too-small", /exceeding approved standardESv5Family Cores quota\. Location: northeurope, additional required: 8, available: 4/, /Try: Raise the quota of the family/],
    ["database-fails", /sql-payroll: Virtual machine could not be created/, /Try: Raise the quota/],
    ["domain-controller-fails", /9 of 10 servers up[^]*dc-02: The network interface could not be created/, /Try: Check the quota of network interfaces/],
    ["cleanup-fails", /An undo failed[^]*0 of 3 test servers removed/, /Try: Retry the operation/],
    ["rpo-breach", /sql-payroll: RPO 1 h 30 min is over 15 min/, /Nothing was started in Azure/],
    ["portal-first", /the plan is busy: TestFailover/, /launch the drill again/],
    ["connection-reset", /nobody knows whether it started/, /look in the Azure portal for a job that began at .* will not send it a second time/],
    ["server-error", /nobody knows whether it started/, /look in the Azure portal/],
    ["no-right-to-start", /does not have authorization to perform action 'Microsoft\.RecoveryServices\/vaults\/replicationRecoveryPlans\/testFailover\/action'/, /Try: Give Drillbook's identity the drill role/],
    ["boot-manager", /not proved[^]*ready VM agent/i, /look at its screen in the Azure portal/],
    ["stuck-job", /The job was cancelled in Azure/, /Try: Ask who cancelled job/],
    ["portal-cleans-up", /Somebody else started TestFailoverCleanup on rp-payroll/, /Try: Find out who it is/],
    ["worst-day", /web-02: Virtual machine could not be created/, /Try: Raise the quota/],
  ];
  for (const [scenario, what, next] of told) {
    it(`tell on one card what went wrong on the day "${scenario}" and what to do`, async () => {
      const { cards } = await run(scenario);
      const found = cards.map((one) => one.replaceAll("**", "").replaceAll("\\", "")).filter((one) => what.test(one));
      assert.ok(found.some((one) => next.test(one)), found.at(-1) ?? cards.join("\n---\n"));
      for (const card of cards) assert.match(card, /REHEARSAL|rehearsal/, "without its watermark");
    });
  }

  const known: readonly (readonly [string, string, RegExp])[] = [
    ["isolation-broken", "the-test-network-is-isolated", /peered with vnet-prod[^]*Remove it, or allow it by its name/],
    ["quota-too-small", "there-is-room", /8 are needed and 4 of 4 are free[^]*Raise the quota/],
    ["no-right-to-start", "every-right-is-there", /testFailover\/action is missing[^]*assign the role/],
    ["boot-manager", "the-servers-have-started", /web-01-test/],
  ];
  for (const [scenario, failing, said] of known) {
    it(`find out by checks what is wrong on the day "${scenario}"`, async () => {
      const { state } = await run(scenario, "one", "test/integration/simulator/before-a-drill.md");
      const found = state.steps.find(({ step }) => step.id.endsWith(failing));
      assert.ok(found?.observation !== null && found?.observation !== undefined && found.observation.verdict !== "passed", `${failing} passed`);
      assert.match([found.observation.summary, ...found.observation.diagnosis].join("\n"), said);
    });
  }

  it("wait half an hour in no time, and find nothing on a calm day", async () => {
    const { state } = await run("calm", "one", "test/integration/simulator/before-a-drill.md");
    assert.equal(state.result, "passed");
    const waited = state.steps.find(({ step }) => step.kind === "wait");
    assert.equal(Date.parse(waited?.closedAt ?? "") - Date.parse(waited?.openedAt ?? ""), 1_800_000);
  });

  it("get by with the least role for drills, and without one of its rights they are told which", async () => {
    const role = z.object({ Actions: z.array(z.string()) }).parse(jsonOf(readFileSync("roles/drillbook-drills.json", "utf8")));
    const under = (granted: readonly string[], runbook?: string) => {
      const file = join(folder, "granted.yaml");
      writeFileSync(file, JSON.stringify({ name: "granted", teaches: "What the role is good for.", estate: { ...payroll, grants: [{ actions: granted }] } }));
      return run(file, "one", runbook);
    };
    assert.equal((await under(role.Actions)).state.result, "passed");
    assert.equal((await under(role.Actions, "test/integration/simulator/before-a-drill.md")).state.result, "passed");
    const { cards } = await under(role.Actions.filter((one) => !one.endsWith("replicationRecoveryPlans/testFailover/action")));
    assert.ok(cards.some((card) => card.replaceAll("\\", "").includes("replicationRecoveryPlans/testFailover/action")));
  });
});

function jsonOf(text: string): unknown {
  return JSON.parse(text);
}
