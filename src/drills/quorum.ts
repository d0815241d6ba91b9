import type { ApprovalStep, Quorum } from "../runbooks/runbook.ts";
import type { Person } from "./events.ts";
import { releasedSteps, type ApprovalState, type DrillState } from "./state.ts";

/** So many people of each role have to approve: the step's own role first. */
export function quorumsOf(step: ApprovalStep): readonly Quorum[] {
  return [{ role: step.role, quorum: step.quorum }, ...(step.also ?? [])];
}

/** Whether these people can fill every quorum. Each counts once: whoever is in two roles speaks for one of them. */
export function isReached(quorums: readonly Quorum[], people: readonly Person[], roles: DrillState["roles"]): boolean {
  const seats = quorums.flatMap(({ role, quorum }) => Array.from({ length: quorum }, () => role));
  const ids = new Set(people.map((p) => p.id));
  // Asked at every decision, and nearly always by too few: whoever fills which seat matters with the last one alone.
  if (ids.size < seats.length) return false;
  const takenBy = new Map<number, string>();
  const inRole = new Map(quorums.map(({ role }) => [role, new Set((roles[role] ?? []).map((p) => p.id))]));
  const able = (id: string, role: string): boolean => inRole.get(role)?.has(id) === true;
  // A seat may be taken from whoever can sit elsewhere: otherwise it would depend on who spoke first.
  const seat = (id: string, seen: Set<number>): boolean =>
    seats.some((role, i) => {
      if (seen.has(i) || !able(id, role)) return false;
      seen.add(i);
      const other = takenBy.get(i);
      if (other !== undefined && !seat(other, seen)) return false;
      takenBy.set(i, id);
      return true;
    });
  for (const id of ids) seat(id, new Set());
  return takenBy.size === seats.length;
}

/** Whether the approvals given so far are enough. */
export function isGranted(state: DrillState, step: ApprovalStep, approval: ApprovalState): boolean {
  const approved = approval.decisions.filter((d) => d.decision === "approve").map((d) => d.by);
  const alone = aloneFor(state, step.id);
  return approved.some((by) => alone.some((p) => p.id === by.id)) || isReached(quorumsOf(step), approved, state.roles);
}

/**
 * Who may release this approval alone: in an incident, whoever was given standing authority beforehand over the approval or
 * over every step that acts and that it releases.
 */
export function aloneFor(state: DrillState, approvalStep: string): readonly Person[] {
  if (state.purpose !== "incident" || state.declared === null) return [];
  const acting = releasedSteps(state, approvalStep).filter((s) => s.step.kind === "action").map((s) => s.step.id);
  return (state.runbook.standingAuthority ?? [])
    .filter(({ steps }) => steps.includes(approvalStep) || (acting.length > 0 && acting.every((id) => steps.includes(id))))
    .flatMap(({ role }) => state.roles[role] ?? []);
}
