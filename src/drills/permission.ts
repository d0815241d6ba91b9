import type { PersonCommand } from "./commands.ts";
import type { Person } from "./events.ts";
import { aloneFor } from "./quorum.ts";
import type { Refusal } from "./refusal.ts";
import { approversWhoDecided, releasingApproval, stepOf, type DrillState } from "./state.ts";

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
    case "decide":
      return mayDecide(state, command.step, command.by);
    case "order-undo":
      return mayOrderUndo(state, command.by);
    case "pause":
    case "resume":
      return inAny(state, ["operator", "owner", "approver", "deputy"], command.by, "pause or resume this drill");
    case "abort":
    case "give-up":
      return inAny(state, ["operator", "owner", "approver", "deputy"], command.by, "end this drill");
    case "resolve":
    case "retry-undo":
    case "accept-debt":
    case "settle":
    case "hold":
    case "release":
      return inAny(state, ["operator", "owner"], command.by, "decide what is owed");
    case "answer-undo":
      return mayUndo(state, command.operation, command.by);
    case "hand-over-role":
      return isIn(state, command.role, command.by) ? null : notIn(state, command.role, command.by, "hand over a role that is not theirs");
    case "propose-approver":
      return inAny(state, ["operator", "owner", "approver", "deputy"], command.by, "propose an approver");
    case "admit-approver":
      return mayAdmit(state, command.proposal, command.by);
    case "note":
    case "attach":
    case "record-finding":
      return inAny(state, Object.keys(state.roles), command.by, "add to this drill");
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
  if (step === undefined) return { code: "not-found", message: "There is no such step.", suggestion: "Use the newest card." };
  const role = step.kind === "approval" ? "operator" : step.role;
  const assignee = found?.assignee ?? null;
  if (assignee !== null && assignee.id !== person.id && !isIn(state, "operator", person)) {
    return { code: "not-allowed", message: `This step was handed over to ${assignee.name}.`, suggestion: `Ask ${assignee.name}, or let an operator take it back.` };
  }
  const told = state.escalations.some((e) => e.step === stepId && e.people.some((p) => p.id === person.id));
  if (assignee?.id !== person.id && !told && !isIn(state, role, person) && !isIn(state, "operator", person)) return notIn(state, role, person, "perform this step");
  const approval = releasingApproval(state, stepId)?.approval;
  if (approval?.decisions.some((d) => d.by.id === person.id && d.decision === "approve")) {
    return {
      code: "not-allowed",
      message: `${person.name} approved this part, so somebody else has to perform it.`,
      suggestion: `Ask ${names(state, role, [person])}.`,
    };
  }
  return null;
}

/** Taking back a live failover is a change like any other: an approver who performed nothing has to want it. */
function mayOrderUndo(state: DrillState, person: Person): Refusal | null {
  if (!isIn(state, "approver", person)) return notIn(state, "approver", person, "order an undo");
  if (!state.performers.some((p) => p.id === person.id)) return null;
  return { code: "not-allowed", message: `${person.name} performs this drill, and so cannot order its undo alone.`, suggestion: `Ask ${names(state, "approver", state.performers)}.` };
}

/** Whoever may perform a step may take it back. */
function mayUndo(state: DrillState, operation: string, person: Person): Refusal | null {
  const step = stepOf(state, state.debts.findLast((d) => d.operation === operation)?.step ?? "")?.step;
  return inAny(state, [step?.role ?? "operator", "operator"], person, "take this step back");
}

/** The set of approvers is frozen at launch: one more needs the word of an approver who neither asked for it nor is meant. */
function mayAdmit(state: DrillState, id: string, person: Person): Refusal | null {
  const proposal = state.proposals.find((p) => p.id === id);
  const role = proposal?.role ?? "approver";
  if (!isIn(state, role, person)) return notIn(state, role, person, "admit an approver");
  const [requester, meant] = [proposal?.by ?? null, proposal?.person ?? null].map((p) => p?.id === person.id);
  if (requester !== true && meant !== true && !state.performers.some((p) => p.id === person.id)) return null;
  return {
    code: "not-allowed",
    message: `${person.name} ${requester === true ? "asked for this approver" : "performs this drill"}, and so cannot admit them.`,
    suggestion: `Ask ${names(state, role, [person, ...state.performers])}.`,
  };
}

function mayDecide(state: DrillState, stepId: string, person: Person): Refusal | null {
  const step = stepOf(state, stepId);
  if (step?.step.kind !== "approval") return { code: "not-found", message: "There is no such approval.", suggestion: "Use the newest card." };
  const approvers = step.approval?.approvers ?? [];
  // Agreed beforehand, for an incident alone: somebody must be able to act when nobody else can be reached.
  if (aloneFor(state, stepId).some((p) => p.id === person.id)) return null;
  if (state.performers.some((p) => p.id === person.id)) {
    return {
      code: "not-allowed",
      message: `${person.name} launched this drill or performs steps of it, and so cannot approve it.`,
      suggestion: `Ask ${approvers.filter((p) => p.id !== person.id).map((p) => p.name).join(" or ") || "an approver"}.`,
    };
  }
  if (!approvers.some((p) => p.id === person.id)) {
    return {
      code: "not-allowed",
      message: `${person.name} is not an approver of this drill.`,
      suggestion: `The approvers are ${approvers.map((p) => p.name).join(", ") || "not known yet"}.`,
    };
  }
  return null;
}

function maySign(state: DrillState, as: "owner" | "reviewer", person: Person): Refusal | null {
  if (!isIn(state, as, person)) return notIn(state, as, person, as === "owner" ? "sign for the drill" : "review this drill");
  const involved = [...state.performers, ...approversWhoDecided(state)];
  if (as === "reviewer" && involved.some((p) => p.id === person.id)) {
    return {
      code: "not-allowed",
      message: `${person.name} took part in this drill, and a reviewer must not have.`,
      suggestion: `Ask ${names(state, "reviewer", involved)}.`,
    };
  }
  return null;
}

function inAny(state: DrillState, roles: readonly string[], person: Person, what: string): Refusal | null {
  return roles.some((role) => isIn(state, role, person)) ? null : notIn(state, roles[0] ?? "operator", person, what);
}

function notIn(state: DrillState, role: string, person: Person, what: string): Refusal {
  return {
    code: "not-allowed",
    message: `${person.name} may not ${what}: that is for the role "${role}".`,
    suggestion: `Ask ${names(state, role, [person])}.`,
  };
}

function names(state: DrillState, role: string, except: readonly Person[]): string {
  const people = (state.roles[role] ?? []).filter((p) => !except.some((e) => e.id === p.id));
  return people.map((p) => p.name).join(" or ") || `somebody with the role "${role}"`;
}
