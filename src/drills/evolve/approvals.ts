import { isGranted } from "../quorum.ts";
import type { ApprovalEvent } from "../events/approvals.ts";
import { openSteps, releasingApproval, type ApprovalState, type StepState } from "../state.ts";
import type { Draft } from "./draft.ts";
import { tookPart, type Of, type Rules } from "./rule.ts";

export const approvalRules: Rules<ApprovalEvent["type"]> = {
  "approval.asked": (draft, event) => {
    const { digest, code, subject, previews, approvers, expiresAt } = event;
    const approval: ApprovalState = { status: "asked", digest, code, subject, previews, approvers, askedAt: event.at, expiresAt, differences: [], card: null, decisions: [] };
    draft.step(event.step, event.at, (s) => ({ ...s, approval }));
  },
  "approval.decided": decided,
  "approval.shown": (draft, event) => draft.step(event.step, event.at, (s) => ({ ...s, approval: s.approval && { ...s.approval, card: event.card } })),
  "approval.expired": (draft, event) =>
    draft.step(event.step, event.at, (s) => ({ ...s, status: "failing", approval: s.approval && { ...s.approval, status: "expired" } })),
  "approval.voided": (draft, event) => {
    sendBack(draft, event);
    draft.step(event.step, event.at, (s) => ({
      ...s,
      status: "failing",
      closedAt: null,
      approval: s.approval && { ...s.approval, status: "voided", differences: event.differences },
    }));
  },
  "approver.proposed": (draft, { proposal, role, person, by }) => draft.add("proposals", { id: proposal, role, person, by, added: false }),
  "approver.added": added,
};

function decided(draft: Draft, event: Of<"approval.decided">): void {
  tookPart(draft, event);
  draft.step(event.step, event.at, (s): StepState => {
    if (s.approval === null || event.by === null || s.step.kind !== "approval") return s;
    const decisions = [...s.approval.decisions, { by: event.by, at: event.at, decision: event.decision, reason: event.reason }];
    if (event.decision === "reject") return { ...s, status: "failing", reason: event.reason, approval: { ...s.approval, decisions, status: "rejected" } };
    const approval = { ...s.approval, decisions };
    return isGranted(draft.state, s.step, approval) ? { ...s, status: "passed", closedAt: event.at, approval: { ...approval, status: "granted", grantedSeq: event.seq } } : { ...s, approval };
  });
}

/** The steps that were about to act go back to waiting for their turn: their approval has to be given again first. */
function sendBack(draft: Draft, event: Of<"approval.voided">): void {
  for (const { step, operation } of openSteps(draft.state)) {
    if (step.kind !== "action" || operation !== null || releasingApproval(draft.state, step.id)?.step.id !== event.step) continue;
    draft.step(step.id, event.at, (s) => ({ ...s, status: "pending" }));
  }
}

function added(draft: Draft, { proposal, role, person, at }: Of<"approver.added">): void {
  const { roles, proposals } = draft.state;
  draft.set({
    proposals: proposals.map((p) => (p.id === proposal ? { ...p, added: true } : p)),
    roles: { ...roles, [role]: [...(roles[role] ?? []), person] },
  });
  for (const { step, approval } of openSteps(draft.state)) {
    if (step.kind !== "approval" || approval?.status !== "asked" || ![step.role, ...(step.also ?? []).map((a) => a.role)].includes(role)) continue;
    draft.step(step.id, at, (s) => ({ ...s, approval: s.approval && { ...s.approval, approvers: [...s.approval.approvers, person] } }));
  }
}
