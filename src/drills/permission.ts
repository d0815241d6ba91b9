import type { PersonCommand } from "./commands.ts";
import type { Person } from "./events.ts";
import { aloneFor } from "./quorum.ts";
import { denied, gone, type Refusal } from "./refusal.ts";
import { operationOf, releasingApproval, stepOf, type DrillState } from "./state.ts";
import { permissionTexts as t } from "../texts/refusals.ts";

/**
 * Whether this person may give this command at all, by the roles frozen at launch. Null when they may. Deny is the default:
 * a command that no rule lets pass is refused.
 */
export function permit(state: DrillState, command: PersonCommand): Refusal | null {
  switch (command.type) {
    case "answer":
    case "retry":
    case "continue":
    case "hand-over":
      return mayPerform(state, command.step, command.by);
    case "answer-pause":
      return mayPerform(state, operationOf(state, command.operation)?.step ?? "", command.by);
    case "decide":
      return mayDecide(state, command.step, command.by);
    case "order-undo":
      return mayOrderUndo(state, command.by);
    case "pause":
    case "resume":
      return inAny(state, ["operator", "owner", "approver", "deputy"], command.by, t.mayNot.pause);
    case "abort":
    case "give-up":
      return inAny(state, ["operator", "owner", "approver", "deputy"], command.by, t.mayNot.end);
    case "resolve":
    case "retry-undo":
    case "accept-debt":
    case "settle":
    case "hold":
    case "release":
      return inAny(state, ["operator", "owner"], command.by, t.mayNot.owed);
    case "answer-undo":
      return mayUndo(state, command.operation, command.by);
    case "hand-over-role":
      return isIn(state, command.role, command.by) ? null : notIn(state, command.role, command.by, t.mayNot.handOverRole);
    case "propose-approver":
      return inAny(state, ["operator", "owner", "approver", "deputy"], command.by, t.mayNot.propose);
    case "admit-approver":
      return mayAdmit(state, command.proposal, command.by);
    case "note":
    case "attach":
    case "record-finding":
      return inAny(state, Object.keys(state.roles), command.by, t.mayNot.add);
    case "sign":
      return maySign(state, command.as, command.by);
  }
}

function isIn(state: DrillState, role: string, person: Person): boolean {
  return (state.roles[role] ?? []).some((p) => p.id === person.id);
}

function mayPerform(state: DrillState, stepId: string, person: Person): Refusal | null {
  const found = stepOf(state, stepId);
  const step = found?.step;
  if (step === undefined) return gone(...t.noSuchStep);
  const role = step.kind === "approval" ? "operator" : step.role;
  const assignee = found?.assignee ?? null;
  if (assignee !== null && assignee.id !== person.id && !isIn(state, "operator", person)) {
    return denied(...t.handedOver(assignee.name));
  }
  const told = state.escalations.some((e) => e.step === stepId && e.people.some((p) => p.id === person.id));
  if (assignee?.id !== person.id && !told && !isIn(state, role, person) && !isIn(state, "operator", person)) return notIn(state, role, person, t.mayNot.perform);
  const approval = releasingApproval(state, stepId)?.approval;
  if (approval?.decisions.some((d) => d.by.id === person.id && d.decision === "approve")) {
    return denied(...t.approvedThis(person.name, names(state, role, [person])));
  }
  return null;
}

/** Taking back a live failover is a change like any other: an approver who performed nothing has to want it. */
function mayOrderUndo(state: DrillState, person: Person): Refusal | null {
  if (!isIn(state, "approver", person)) return notIn(state, "approver", person, t.mayNot.orderUndo);
  if (!state.performers.some((p) => p.id === person.id)) return null;
  return denied(...t.performsSoNoUndo(person.name, names(state, "approver", state.performers)));
}

/** Whoever may perform a step may take it back. */
function mayUndo(state: DrillState, operation: string, person: Person): Refusal | null {
  const step = stepOf(state, state.debts.findLast((d) => d.operation === operation)?.step ?? "")?.step;
  return inAny(state, [step?.role ?? "operator", "operator"], person, t.mayNot.takeBack);
}

/** The set of approvers is frozen at launch: one more needs the word of an approver who neither asked for it nor is meant. */
function mayAdmit(state: DrillState, id: string, person: Person): Refusal | null {
  const proposal = state.proposals.find((p) => p.id === id);
  const role = proposal?.role ?? "approver";
  if (!isIn(state, role, person)) return notIn(state, role, person, t.mayNot.admit);
  const [requester, meant] = [proposal?.by ?? null, proposal?.person ?? null].map((p) => p?.id === person.id);
  if (requester !== true && meant !== true && !state.performers.some((p) => p.id === person.id)) return null;
  const others = names(state, role, [person, ...state.performers]);
  return denied(...(requester === true ? t.askedForApprover(person.name, others) : t.performsSoNotAdmit(person.name, others)));
}

function mayDecide(state: DrillState, stepId: string, person: Person): Refusal | null {
  const step = stepOf(state, stepId);
  if (step?.step.kind !== "approval") return gone(...t.noSuchApproval);
  const approvers = step.approval?.approvers ?? [];
  // Agreed beforehand, for an incident alone: somebody must be able to act when nobody else can be reached.
  if (aloneFor(state, stepId).some((p) => p.id === person.id)) return null;
  if (state.performers.some((p) => p.id === person.id)) {
    return denied(...t.performsSoNotApprove(person.name, t.anyOf(approvers.filter((p) => p.id !== person.id).map((p) => p.name))));
  }
  if (!approvers.some((p) => p.id === person.id)) {
    return denied(...t.notApprover(person.name, approvers.map((p) => p.name).join(", ")));
  }
  return null;
}

function maySign(state: DrillState, as: "owner" | "reviewer", person: Person): Refusal | null {
  if (!isIn(state, as, person)) return notIn(state, as, person, as === "owner" ? t.mayNot.signAsOwner : t.mayNot.signAsReviewer);
  if (as === "reviewer" && state.involved.some((p) => p.id === person.id)) {
    return denied(...t.tookPart(person.name, names(state, "reviewer", state.involved)));
  }
  return null;
}

function inAny(state: DrillState, roles: readonly string[], person: Person, what: string): Refusal | null {
  return roles.some((role) => isIn(state, role, person)) ? null : notIn(state, roles[0] ?? "operator", person, what);
}

function notIn(state: DrillState, role: string, person: Person, what: string): Refusal {
  return denied(...t.forRole(person.name, what, role, names(state, role, [person])));
}

function names(state: DrillState, role: string, except: readonly Person[]): string {
  const people = (state.roles[role] ?? []).filter((p) => !except.some((e) => e.id === p.id));
  return t.anyOf(people.map((p) => p.name)) || t.somebodyIn(role);
}
