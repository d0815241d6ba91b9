import type { Draft } from "./rule.ts";

/** The ids of the people in a role; null when nobody knows who will be there, or the group does not exist. */
export function peopleIn(role: string, draft: Draft): readonly string[] | null {
  const { people } = draft.catalogue;
  const alias = groupOf(role, draft);
  return people !== undefined && alias !== null && Object.hasOwn(people.groups, alias) ? (people.groups[alias] ?? null) : null;
}

/** The group that fills a role; null when neither the runbook nor the configuration says. */
export function groupOf(role: string, draft: Draft): string | null {
  const named = draft.front?.roles ?? {};
  if (Object.hasOwn(named, role)) return named[role] ?? null;
  const usual = draft.catalogue.people?.usual ?? {};
  return Object.hasOwn(usual, role) ? (usual[role] ?? null) : null;
}
