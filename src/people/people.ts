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

/** The people of every role, by the people file alone. Throws `bad-input` naming role and alias of every group that does not exist. */
export function resolveRoles(roles: Readonly<Record<string, string>>, people: People): Record<string, readonly Person[]> {
  const aliases = aliasesOf(roles);
  requireGroups(aliases, people, () => false);
  return Object.fromEntries(Object.entries(aliases).map(([role, alias]) => [role, fill(alias, people)]));
}

/** The same with the groups that Entra fills. Throws `bad-input` as `resolveRoles` does, `not-allowed` when the directory cannot be asked. */
export async function resolveRolesNow(roles: Readonly<Record<string, string>>, people: People, membership: Membership): Promise<Record<string, readonly Person[]>> {
  const aliases = aliasesOf(roles);
  requireGroups(aliases, people, (alias) => Object.hasOwn(people.directory, alias));
  const filled = Object.entries(aliases).map(async ([role, alias]) => {
    const group = Object.hasOwn(people.directory, alias) ? people.directory[alias] : undefined;
    return [role, group === undefined ? fill(alias, people) : await membership(group, "ordinary")] as const;
  });
  return Object.fromEntries(await Promise.all(filled));
}

function fill(alias: string, people: People): readonly Person[] {
  const members = membersOf(people.groups, alias) ?? [];
  return people.people.filter((person) => members.includes(person.id));
}

/** Every group that is missing is named at once: one after the other is a morning lost. */
function requireGroups(aliases: Readonly<Record<string, string>>, people: People, elsewhere: (alias: string) => boolean): void {
  const known = [...Object.keys(people.groups), ...Object.keys(people.directory)].sort();
  const missing = Object.entries(aliases).filter(([, alias]) => membersOf(people.groups, alias) === null && !elsewhere(alias));
  const said = missing.map(([role, alias]) => (Object.hasOwn(people.directory, alias) ? peopleRefusals.groupOfDirectory : peopleRefusals.noGroup)(role, alias, known));
  const [first] = said;
  if (first !== undefined) throw new DrillbookError("bad-input", said.map(([message]) => message).join(" "), missing.length === 1 ? first[1] : peopleRefusals.addGroups(missing.map(([, alias]) => alias), known));
}
