import { quorumsOf } from "../quorum.ts";
import type { PersonCommand } from "../commands.ts";
import { bad, denied, gone, later, needsReason, type Refusal } from "../refusal.ts";
import { stepOf, type DrillState } from "../state.ts";
import { personNamed } from "../values.ts";
import { refusalTexts as t } from "../../texts/refusals.ts";

type AboutPeople = Extract<PersonCommand, { type: "hand-over" | "hand-over-role" | "propose-approver" | "admit-approver" | "record-finding" }>;

/** Why a change of who does what is refused now; null when it is accepted. */
export function refusePeople(state: DrillState, command: AboutPeople): Refusal | null {
  switch (command.type) {
    case "hand-over":
      return unknown(state, command.to) ?? needsReason(command.reason, t.needing.handingOver);
    case "hand-over-role":
      if (approvingRoles(state).includes(command.role)) return denied(...t.approversFixed(command.role));
      if (!(command.role in state.roles)) return bad(...t.noSuchRole(command.role, Object.keys(state.roles)));
      return unknown(state, command.to) ?? needsReason(command.reason, t.needing.handingOverRole);
    case "propose-approver": {
      if (!approvingRoles(state).includes(command.role)) return bad(...t.nobodyApproves(command.role, approvingRoles(state)));
      const person = personNamed(state, command.to);
      if (person !== null && (state.roles[command.role] ?? []).some((p) => p.id === person.id)) return later(t.approvesAlready(person.name));
      return unknown(state, command.to) ?? needsReason(command.reason, t.needing.addingApprover);
    }
    case "admit-approver":
      return state.proposals.some((p) => p.id === command.proposal && !p.added) ? null : later(t.noProposal);
    case "record-finding":
      if (command.text.trim() === "") return bad(...t.emptyFinding);
      if (command.step !== null && stepOf(state, command.step) === undefined) return gone(...t.noSuchStep);
      if (command.due !== "" && !/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(command.due)) return bad(...t.noDate);
      return command.owner.trim() === "" ? null : unknown(state, command.owner);
  }
}

/** The roles whose people are asked in some approval of the runbook. */
function approvingRoles(state: DrillState): readonly string[] {
  return [...new Set(state.runbook.steps.flatMap((s) => (s.kind === "approval" ? quorumsOf(s).map((q) => q.role) : [])))];
}

function unknown(state: DrillState, written: string): Refusal | null {
  return personNamed(state, written) === null ? bad(...t.nobodyOfName) : null;
}
