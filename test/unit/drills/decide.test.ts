import assert from "node:assert/strict";
import type { MachineCommand } from "../../../src/drills/commands.ts";
import { begin, decide } from "../../../src/drills/decide.ts";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { evolveAll, fold } from "../../../src/drills/evolve.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import { action, amir, approval, olivia, roles, runbookOf } from "../../fakes/runbooks.ts";

const at = new Date("2026-11-20T21:00:00Z");
const intend = { type: "intend", by: null, step: "go", round: 1, operation: "go#1", action: "fake-action", input: {}, tag: "t", sendBy: at.toISOString(), undoOf: null, undo: null, requests: [] } as const;

function launched(steps: Parameters<typeof runbookOf>[0]): DrillState {
  const first: DrillEvent = { v: 1, drill: "PAY-0001", seq: 1, at: at.toISOString(), by: olivia, type: "drill.launched", runbook: runbookOf(steps), params: { plan: "/plan/1" }, mode: "test", purpose: "exercise", roles, conversation: null };
  return fold(begin(first));
}

function after(state: DrillState, command: MachineCommand): DrillState | null {
  const decision = decide(state, command, at);
  return "events" in decision ? evolveAll(state, decision.events) : null;
}

const expiresAt = new Date(at.getTime() + 60_000);
const approve = { type: "decide", by: amir, step: "approve", round: 1, decision: "approve", code: "CODE", reason: "" } as const;

function asked(): DrillState {
  const state = after(launched([approval("approve", { quorum: 1 }), action("go")]), { type: "asked", by: null, step: "approve", round: 1, digest: "d", code: "CODE", subject: {}, previews: [], approvers: roles.approver, expiresAt: expiresAt.toISOString(), requests: [] });
  assert.ok(state !== null);
  return state;
}

describe("decide: the last word before a write", () => {
  it("takes an intent once, whoever reports it again", () => {
    const once = after(launched([action("go")]), intend);
    assert.ok(once !== null);
    assert.equal(after(once, intend), null);
    assert.equal(after(once, { ...intend, operation: "go#1 again" }), null);
  });

  it("takes no decision once the approval's time is over, also before anybody has recorded that", () => {
    const state = asked();
    assert.ok("events" in decide(state, approve, new Date(expiresAt.getTime() - 1)));
    const late = decide(state, approve, expiresAt);
    assert.equal("refused" in late && late.refused.code, "not-now");
  });

  it("takes no intent for an action that stands open while its approval is none any more", () => {
    const decision = decide(asked(), approve, at);
    assert.ok("events" in decision);
    const { next } = decision;
    assert.ok(after(next, intend) !== null, "it was approved");
    for (const status of ["asked", "rejected", "expired", "voided"] as const) {
      const without: DrillState = { ...next, steps: next.steps.map((s) => (s.approval === null ? s : { ...s, approval: { ...s.approval, status } })) };
      assert.equal(after(without, intend), null, status);
    }
  });

  it("takes none without its approval, for another attempt, or for what is not owed", () => {
    assert.equal(after(launched([approval("approve"), action("go", { needs: [] })]), { ...intend, round: 2 }), null);
    assert.equal(after(launched([approval("approve"), action("go")]), intend), null);
    assert.equal(after(launched([action("go")]), { ...intend, operation: "undo go#1/1", undoOf: "go#1" }), null);
  });
});
