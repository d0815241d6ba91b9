import type { Person } from "../drills/events.ts";
import { DrillbookError } from "../errors.ts";

/** Who there is: every person once, and which of them (by id) each group holds. */
export type People = {
  readonly people: readonly Person[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
};

/** Who fills a role that the runbook does not name. */
const usualGroups: Readonly<Record<string, string>> = {
  operator: "dr-operators",
  approver: "service-owners",
  owner: "dr-operators",
  reviewer: "auditors",
};

/** The ids in a group; null when there is no such group. */
export function membersOf(groups: People["groups"], alias: string): readonly string[] | null {
  return Object.hasOwn(groups, alias) ? (groups[alias] ?? null) : null;
}

/**
 * The people of every role: those of the runbook and the usual ones it leaves out. Throws `bad-input` naming role and
 * alias when a group does not exist.
 */
export function resolveRoles(roles: Readonly<Record<string, string>>, people: People): Record<string, readonly Person[]> {
  const aliases = Object.entries({ ...usualGroups, ...roles });
  return Object.fromEntries(aliases.map(([role, alias]) => [role, fill(role, alias, people)]));
}

function fill(role: string, alias: string, people: People): readonly Person[] {
  const members = membersOf(people.groups, alias);
  if (members !== null) return people.people.filter((person) => members.includes(person.id));
  throw new DrillbookError(
    "bad-input",
    `The role "${role}" is filled by the group "${alias}", and there is no such group.`,
    `Add the group "${alias}" to the people file, or name one of ${Object.keys(people.groups).sort().join(", ")} in the runbook.`,
  );
}
