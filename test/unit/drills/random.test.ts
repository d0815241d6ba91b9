import assert from "node:assert/strict";
import fc from "fast-check";
import type { Command } from "../../../src/drills/commands.ts";
import { decide } from "../../../src/drills/decide.ts";
import { effects } from "../../../src/drills/effects.ts";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { evolveAll, fold } from "../../../src/drills/evolve.ts";
import { releasingApproval, stepOf, type DrillState } from "../../../src/drills/state.ts";
import { cellOf, isLegal, legal, type Legal } from "../../../src/drills/transitions.ts";
import { nextAnswer } from "../../../src/drills/unattended.ts";
import { peopleOf } from "../../../src/drills/values.ts";
import { mayNow } from "../../../src/people/may-now.ts";
import { action, approval, manual, runbookOf } from "../../fakes/runbooks.ts";
import { began, reportOf, walk, walks, type Walk } from "../../fakes/random-drill.ts";

/** `npm test` draws the same drills every time; SEED and RUNS look further. */
const seed = Number(process.env["SEED"] ?? 4);
const runs = Number(process.env["RUNS"] ?? 150);

/** Lets everything succeed and answers whatever is asked, until nothing moves any more. */
function finish(state: DrillState): DrillState {
  let now = state;
  for (let i = 0; i < 400 && now.status !== "ended"; i += 1) {
    const at = new Date(began + 1_000_000 + i * 1_000);
    const by = now.roles["operator"]?.[0];
    // People answer in time; what waits for something else may run out of it.
    const [effect] = effects(now).filter((e) => e.type !== "expire" && !(e.type === "time-out" && stepOf(now, e.step)?.step.kind !== "wait"));
    const order = now.mode === "live" && by !== undefined ? now.debts.find((d) => d.status === "owed" && !d.ordered) : undefined;
    const command: Command | null =
      now.paused !== null && by !== undefined
        ? { type: "resume", by, reason: "on" }
        : effect !== undefined
          ? reportOf(now, effect, () => 0)
          : order !== undefined && now.status === "cleaning-up"
            ? { type: "accept-debt", by: by!, operation: order.operation, reason: "stays" }
            : (nextAnswer(now, {}) ?? lastResort(now));
    if (command === null) return now;
    const decision = decide(now, command, at);
    assert.ok("events" in decision, `refused: ${"refused" in decision ? decision.refused.message : ""} ${JSON.stringify(command)}`);
    const before = now;
    now = evolveAll(before, decision.events);
    assert.deepEqual(decision.next, now);
  }
  return now;
}

/** Nobody is left who may answer: then time goes by. */
function lastResort(state: DrillState): Command | null {
  const [effect] = effects(state);
  return effect === undefined ? null : reportOf(state, effect, (choices) => choices - 1);
}

function holds(name: string, check: (walk: Walk) => void): void {
  it(name, () => {
    fc.assert(
      fc.property(walks, ([runbook, mode, start, length]) => check(walk(runbook, mode, start, length))),
      { seed, numRuns: runs },
    );
  });
}

describe("drills at random", () => {
  holds("fold to the same state from their stored form, whatever happened", ({ events, state }) => {
    assert.deepEqual(fold(JSON.parse(JSON.stringify(events)) as DrillEvent[]), JSON.parse(JSON.stringify(state)));
  });

  holds("never take anything back before what did it has ended, nor twice at once", ({ events }) => {
    const ended = new Set<string>();
    const open = new Set<string>();
    const seen = new Set<string>();
    for (const event of events) {
      if (event.type === "operation.ended" || (event.type === "operation.resolved" && event.as === "not-started")) {
        ended.add(event.operation);
        open.delete(event.operation);
      }
      if (event.type !== "operation.intended") continue;
      assert.ok(!seen.has(event.operation), `${event.operation} was intended twice`);
      seen.add(event.operation);
      if (event.undoOf === null) continue;
      assert.ok(ended.has(event.undoOf), `${event.operation} began before ${event.undoOf} had ended`);
      assert.ok(open.size === 0 || !open.has(event.undoOf));
      open.add(event.operation);
    }
  });

  holds("end with nothing owed that nobody signed for", ({ state }) => {
    if (state.status === "ended" || state.status === "signing-off") assert.deepEqual(state.debts.filter((d) => !["undone", "accepted"].includes(d.status) && !(d.status === "kept" && d.kind === "undo-by-people" && state.cleanup?.why === "finished")), []);
    for (const debt of state.debts.filter((d) => d.status === "accepted")) assert.ok(state.findings.some((f) => f.step === debt.step && f.text.startsWith("Left behind")));
    if (state.result === "passed") assert.ok(state.findings.length === 0 && state.steps.every((s) => s.status === "passed" || s.status === "left-out"));
  });

  holds("are never silent: something is under way, or somebody can say something that moves them", ({ state }) => {
    if (state.status === "ended" || state.paused !== null || effects(state).length > 0) return;
    const words = peopleOf(state).flatMap((person) => mayNow(state, person, new Date(began + 200_000)));
    assert.ok(words.some((word) => word !== "note") || state.status === "signing-off", `nobody can move ${state.status}: ${JSON.stringify({ debts: state.debts, operations: state.operations.map((o) => [o.key, o.phase]), noReturn: state.noReturn })}`);
  });

  holds("come to an end once everything succeeds and everybody answers", ({ state }) => {
    const end = finish(state);
    // Whoever reviews took no part: when nobody is left who did not, the role has to be handed over.
    const nobodyLeft = end.status === "signing-off" && (end.roles["reviewer"] ?? []).every((p) => end.involved.some((o) => o.id === p.id));
    assert.ok(end.status === "ended" || nobodyLeft, JSON.stringify({ status: end.status, open: end.open, debts: end.debts.map((d) => [d.kind, d.status]), steps: end.steps.map((s) => [s.step.kind, s.status, s.blocked?.message, s.approval?.status]) }));
  });

  holds("act only under an approval that is given, and never for a performer's own word", ({ events, steps }) => {
    for (const { before, command, accepted } of steps) {
      if (accepted && command.type === "intend" && command.undoOf === null) {
        const releasing = releasingApproval(before, command.step);
        assert.ok(releasing === undefined || releasing.approval?.status === "granted", `${command.step} acts under an approval that is ${releasing?.approval?.status}`);
      }
      if (!accepted || command.type !== "decide" || before.purpose === "incident") continue;
      assert.ok(!before.performers.some((p) => p.id === command.by.id));
    }
    assert.ok(events.every((e) => e.type !== "approval.decided" || e.by !== null));
  });

  holds("accept only what the table of transitions allows", ({ steps }) => {
    for (const { before, command, accepted } of steps) assert.ok(!accepted || isLegal(before, command), `${command.type} in ${JSON.stringify(cellOf(before, command))}`);
  });

  it("everything in the table of transitions can happen", () => {
    const rows = Object.entries(legal) as [Command["type"], Legal][];
    const missing = new Set(rows.flatMap(([type, row]) => [...row.in.map((v) => `${type} situation ${v}`), ...(row.step ?? []).map((v) => `${type} step ${v}`), ...(row.operation ?? []).map((v) => `${type} operation ${v}`), ...(row.debt ?? []).map((v) => `${type} debt ${v}`)]));
    // What is rare comes from actions that fail, are tried again and leave something: many walks lead through little else.
    const actions = runbookOf([action("s0"), approval("s1", { quorum: 1 }), action("s2"), manual("s3", { undo: { text: "Back." } })]);
    for (let more = 0; more < 60 && missing.size > 0; more += 1) {
      for (const [runbook, mode, start, length] of fc.sample(walks, { seed: seed + more, numRuns: 500 })) {
        for (const { before, command, accepted } of [...walk(runbook, mode, start, length).steps, ...walk(actions, mode, start, 120).steps]) {
          if (accepted) for (const [what, value] of Object.entries(cellOf(before, command))) missing.delete(`${command.type} ${what} ${value}`);
        }
      }
    }
    assert.deepEqual([...missing], []);
  });
});
