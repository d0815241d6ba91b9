import type { PersonCommand } from "../drills/commands.ts";
import type { Person } from "../drills/events.ts";
import { permit } from "../drills/permission.ts";
import { quorumsOf } from "../drills/quorum.ts";
import { denied, type Refusal } from "../drills/refusal.ts";
import type { DrillState, StepState } from "../drills/state.ts";
import { personNamed } from "../drills/values.ts";
import { asDrillbookError } from "../errors.ts";
import type { Membership, Risk } from "./membership.ts";
import { aliasesOf, type People } from "./people.ts";
import { permissionTexts } from "../texts/refusals.ts";

/** Whether the directory still says what was frozen at launch: a refusal for whoever has left the group since. */
export type Standing = (state: DrillState, command: PersonCommand) => Promise<Refusal | null>;

/** Decisions that let something happen that cannot be taken back by a word, and who may decide: the directory is asked anew for each. */
const highRisk: ReadonlySet<PersonCommand["type"]> = new Set(["decide", "admit-approver", "order-undo", "accept-debt", "resolve", "sign"]);

/**
 * Takes from the frozen roles whatever the directory no longer grants and asks the usual rule again, so that there is one
 * rule for every command. Roles that a people file fills are left as they are.
 */
export function createStanding(people: Pick<People, "directory">, membership: Membership): Standing {
  return async (state, command) => {
    const risk: Risk = highRisk.has(command.type) ? "high" : "ordinary";
    const aliases = aliasesOf(state.runbook.roles);
    const lost: string[] = [];
    let unsure: Refusal | null = null;
    const admittedTo = state.proposals.filter((p) => p.added && p.person.id === command.by.id).map((p) => p.role);
    for (const [role, holders] of Object.entries(state.roles)) {
      const group = people.directory[aliases[role] ?? ""];
      if (group === undefined || !holders.some((p) => p.id === command.by.id) || admittedTo.includes(role)) continue;
      try {
        if (!(await membership(group, risk)).some((p) => p.id === command.by.id)) lost.push(role);
      } catch (thrown) {
        const { message, suggestion } = asDrillbookError(thrown);
        unsure = denied(message, suggestion);
        lost.push(role);
      }
    }
    // Never in that group, but by the word of an approver who knew them by the roles they had.
    if (lost.length > 0) lost.push(...admittedTo);
    if (lost.length > 0 && permit(without(state, command.by, lost), command) !== null) return unsure ?? gone(command.by, lost);
    return command.type === "hand-over-role" ? refuseOutsider(state, command) : null;
  };

  /** Whoever is given a role that Entra fills, and is not in its group, could do nothing with it, and its giver nothing any more. */
  async function refuseOutsider(state: DrillState, { role, to, ...command }: Extract<PersonCommand, { type: "hand-over-role" }>): Promise<Refusal | null> {
    const aliases = aliasesOf(state.runbook.roles);
    const group = Object.hasOwn(aliases, role) ? people.directory[aliases[role] ?? ""] : undefined;
    const taker = personNamed(state, to);
    if (group === undefined || taker === null || permit(state, { role, to, ...command }) !== null) return null;
    try {
      return (await membership(group, "high")).some((p) => p.id === taker.id) ? null : denied(...permissionTexts.notInItsGroup(taker.name, role));
    } catch (thrown) {
      const { message, suggestion } = asDrillbookError(thrown);
      return denied(message, suggestion);
    }
  }
}

function gone(by: Person, lost: readonly string[]): Refusal {
  return denied(...permissionTexts.noLongerInGroup(by.name, lost));
}

/** Whoever lost one of the roles that an approval asks for is not asked at all: their word would fill the lost seat too. */
function without(state: DrillState, person: Person, lost: readonly string[]): DrillState {
  const others = (people: readonly Person[]): readonly Person[] => people.filter((p) => p.id !== person.id);
  const hasLost = ({ step }: StepState): boolean => step.kind === "approval" && quorumsOf(step).some(({ role }) => lost.includes(role));
  return {
    ...state,
    roles: Object.fromEntries(Object.entries(state.roles).map(([role, people]) => [role, lost.includes(role) ? others(people) : people])),
    steps: state.steps.map((s) => (s.approval !== null && hasLost(s) ? { ...s, approval: { ...s.approval, approvers: others(s.approval.approvers) } } : s)),
    escalations: state.escalations.map((e) => (lost.includes(e.role) ? { ...e, people: others(e.people) } : e)),
  };
}
