import { quorumsOf } from "../quorum.ts";
import type { PersonCommand } from "../commands.ts";
import { bad, denied, later, needsReason, type Refusal } from "../refusal.ts";
import { stepOf, type DrillState } from "../state.ts";
import { personNamed } from "../values.ts";

type AboutPeople = Extract<PersonCommand, { type: "hand-over" | "hand-over-role" | "propose-approver" | "admit-approver" | "record-finding" }>;

/** Why a change of who does what is refused now; null when it is accepted. */
export function refusePeople(state: DrillState, command: AboutPeople): Refusal | null {
  switch (command.type) {
    case "hand-over":
      return unknown(state, command.to) ?? needsReason(command.reason, "Handing over a step");
    case "hand-over-role":
      if (approvingRoles(state).includes(command.role)) return denied(`The people of "${command.role}" approve: they were fixed at the launch.`, "Propose another approver; an approver decides.");
      if (!(command.role in state.roles)) return bad(`This drill has no role "${command.role}".`, `Its roles are ${Object.keys(state.roles).join(", ")}.`);
      return unknown(state, command.to) ?? needsReason(command.reason, "Handing over a role");
    case "propose-approver": {
      if (!approvingRoles(state).includes(command.role)) return bad(`Nobody approves in the role "${command.role}".`, `Name one of: ${approvingRoles(state).join(", ") || "this runbook has no approvals"}.`);
      const person = personNamed(state, command.to);
      if (person !== null && (state.roles[command.role] ?? []).some((p) => p.id === person.id)) return later(`${person.name} approves already.`);
      return unknown(state, command.to) ?? needsReason(command.reason, "Adding an approver");
    }
    case "admit-approver":
      return state.proposals.some((p) => p.id === command.proposal && !p.added) ? null : later("That proposal is not open.");
    case "record-finding":
      if (command.text.trim() === "") return bad("A finding needs some text.", "For example: finding the recovery network lacks a route to the payroll database.");
      if (command.step !== null && stepOf(state, command.step) === undefined) return { code: "not-found", message: "There is no such step.", suggestion: "Use the newest card." };
      if (command.due !== "" && !/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(command.due)) return bad("The date does not read as year-month-day.", "For example: 2027-03-31.");
      return command.owner.trim() === "" ? null : unknown(state, command.owner);
  }
}

/** The roles whose people are asked in some approval of the runbook. */
function approvingRoles(state: DrillState): readonly string[] {
  return [...new Set(state.runbook.steps.flatMap((s) => (s.kind === "approval" ? quorumsOf(s).map((q) => q.role) : [])))];
}

function unknown(state: DrillState, written: string): Refusal | null {
  return personNamed(state, written) === null ? bad("Nobody in this drill has exactly this name.", "Write the full name of somebody who has a role in the drill.") : null;
}
