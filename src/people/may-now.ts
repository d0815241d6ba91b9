import type { PersonCommand } from "../drills/commands.ts";
import type { Person } from "../drills/events.ts";
import { refusePerson } from "../drills/refusals.ts";
import { debtToOrder, debtToSignFor, openDebts, undoForPeople } from "../drills/debts.ts";
import { openSteps, type DrillState, type StepState } from "../drills/state.ts";

type Body = PersonCommand extends infer C ? (C extends PersonCommand ? Omit<C, "by"> : never) : never;

/**
 * What this person may type in this drill now, by the very rules that a command meets when it arrives: every door asks
 * here before it offers anything, and the offer is a courtesy. `approve` and `reject` still need their code.
 */
export function mayNow(state: DrillState, by: Person, at: Date): readonly string[] {
  const steps = openSteps(state);
  const words = (steps.length === 0 ? [undefined] : steps).flatMap((step) => probes(state, step)).flatMap(([word, body]) => (refusePerson(state, { by, ...body } as PersonCommand, at) === null ? [word] : []));
  return order.filter((word) => words.includes(word));
}

const order = ["done", "failed", "skip", "retry", "continue", "approve", "reject", "look again", "not started", "undo now", "undo done", "undo failed", "undo again", "leave it", "settle", "release", "admit", "sign as owner", "sign as reviewer", "clean up", "abort", "note"];

/** What of it the drill stands still for: a note or an end is always possible, and nobody waits for it. */
export function waitsFor(state: DrillState, by: Person, at: Date): readonly string[] {
  return mayNow(state, by, at).filter((word) => !["note", "abort", "clean up", "failed", "skip", "reject", "undo failed", "settle", "release"].includes(word));
}

function probes(state: DrillState, found: StepState | undefined): readonly (readonly [string, Body])[] {
  const step = found?.step.id ?? "";
  const round = found?.round ?? 0;
  const reason = "?";
  const ticks = found?.step.kind === "checklist" ? found.step.items.map(() => true) : [];
  const code = found?.approval?.code ?? "";
  const unknown = state.operations.find((o) => o.phase === "unknown")?.key ?? "";
  const waits = state.operations.find((o) => o.pause !== null);
  const failed = state.debts.find((d) => d.status === "failed")?.operation ?? "";
  const [hold] = state.holds;
  return [
    ["done", { type: "answer", step, round, answer: "done", reason, ticks }],
    ["failed", { type: "answer", step, round, answer: "failed", reason, ticks }],
    ["skip", { type: "answer", step, round, answer: "skipped", reason, ticks }],
    ["retry", { type: "retry", step, round, reason }],
    ["continue", { type: "continue", step, round, reason }],
    ["approve", { type: "decide", step, round, decision: "approve", code, reason }],
    ["reject", { type: "decide", step, round, decision: "reject", code, reason }],
    ["azure may go on", { type: "answer-pause", operation: waits?.key ?? "", pause: waits?.pause?.id ?? "", reason }],
    ["look again", { type: "resolve", operation: unknown, as: "look-again", reason }],
    ["not started", { type: "resolve", operation: unknown, as: "not-started", reason }],
    ["undo now", { type: "order-undo", operation: debtToOrder(state)?.operation ?? "", reason }],
    ["undo done", { type: "answer-undo", operation: undoForPeople(state)?.operation ?? "", answer: "done", reason }],
    ["undo failed", { type: "answer-undo", operation: undoForPeople(state)?.operation ?? "", answer: "failed", reason }],
    ["settle", { type: "settle", obligation: openDebts(state).find((d) => d.kind === "obligation")?.operation ?? "", reason }],
    ["release", { type: "release", operation: hold?.operation ?? "", server: hold?.server ?? "", reason }],
    ["admit", { type: "admit-approver", proposal: state.proposals.find((p) => !p.added)?.id ?? "" }],
    ["undo again", { type: "retry-undo", operation: failed, reason }],
    ["leave it", { type: "accept-debt", operation: debtToSignFor(state)?.operation ?? "", reason }],
    ["sign as owner", { type: "sign", as: "owner", statement: reason }],
    ["sign as reviewer", { type: "sign", as: "reviewer", statement: reason }],
    ["clean up", { type: "give-up", reason }],
    ["abort", { type: "abort", reason }],
    ["note", { type: "note", step: found?.step.id ?? null, text: reason }],
  ];
}
