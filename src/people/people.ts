import type { Person } from "../drills/events.ts";
import { DrillbookError } from "../errors.ts";
import type { Membership } from "./membership.ts";
import { peopleRefusals } from "../texts/refusals.ts";

/**
 * Who there is: every person once, and which of them (by id) each group holds. `directory`: the groups that Entra fills, by
 * alias and object id. `foreign`: people of other tenants who are wanted all the same, by object id and tenant.
 */
export type People = {
  readonly people: readonly Person[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly directory: Readonly<Record<string, string>>;
  readonly foreign: Readonly<Record<string, string>>;
};

/** Who fills a role that the runbook does not name. */
export const usualGroups: Readonly<Record<string, string>> = {
  operator: "dr-operators",
  approver: "service-owners",
  owner: "dr-operators",
  reviewer: "auditors",
};

/** The ids in a group; null when there is no such group. */
export function membersOf(groups: People["groups"], alias: string): readonly string[] | null {
  return Object.hasOwn(groups, alias) ? (groups[alias] ?? null) : null;
}

/** The alias of the group behind every role: those of the runbook and the usual ones it leaves out. */
export function aliasesOf(roles: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...usualGroups, ...roles };
}

/** The people of every role, by the people file alone. Throws `bad-input` naming role and alias when a group does not exist. */
export function resolveRoles(roles: Readonly<Record<string, string>>, people: People): Record<string, readonly Person[]> {
  return Object.fromEntries(Object.entries(aliasesOf(roles)).map(([role, alias]) => [role, fill(role, alias, people)]));
}

/** The same with the groups that Entra fills. Throws `not-allowed` when the directory cannot be asked. */
export async function resolveRolesNow(roles: Readonly<Record<string, string>>, people: People, membership: Membership): Promise<Record<string, readonly Person[]>> {
  const filled = Object.entries(aliasesOf(roles)).map(async ([role, alias]) => {
    const group = people.directory[alias];
    return [role, group === undefined ? fill(role, alias, people) : await membership(group, "ordinary")] as const;
  });
  return Object.fromEntries(await Promise.all(filled));
}

function fill(role: string, alias: string, people: People): readonly Person[] {
  const members = membersOf(people.groups, alias);
  if (members !== null) return people.people.filter((person) => members.includes(person.id));
  const known = [...Object.keys(people.groups), ...Object.keys(people.directory)].sort();
  const said = people.directory[alias] === undefined ? peopleRefusals.noGroup : peopleRefusals.groupOfDirectory;
  throw new DrillbookError("bad-input", ...said(role, alias, known));
}
