import type { Grant, RightLimits } from "./ports.ts";

/** A right that is needed at a place: an Azure permission string and the id of a resource group or resource. */
export type Right = { readonly permission: string; readonly scope: string };

/** Whether one grant covers it and does not take it out again: grants are counted by themselves, as Azure does. */
export function mayDo(grants: readonly Grant[], permission: string): boolean {
  return covering(grants, permission) !== undefined;
}

/** How a right stands at a place: a denial goes before every grant, and a condition is nothing that can be judged from here. */
export function standing(grants: readonly Grant[], { denials, conditional, unconditional }: RightLimits, permission: string): { readonly verdict: "up" | "down" | "unknown"; readonly why: string } {
  if (!mayDo(grants, permission)) return { verdict: "down", why: "missing" };
  const sure = covering(denials.filter(({ certain }) => certain), permission);
  if (sure !== undefined) return { verdict: "down", why: `denied by the deny assignment ${sure.name}` };
  const perhaps = covering(denials, permission);
  if (perhaps !== undefined) return { verdict: "unknown", why: `granted, but the deny assignment ${perhaps.name} may take it away: it names groups or has a condition` };
  if (mayDo(conditional, permission) && !mayDo(unconditional, permission)) return { verdict: "unknown", why: "granted under a condition only, which nobody can judge before it is asked for" };
  return { verdict: "up", why: "granted" };
}

function covering<One extends Grant>(grants: readonly One[], permission: string): One | undefined {
  return grants.find(({ actions, notActions }) => actions.some((one) => covers(one, permission)) && !notActions.some((one) => covers(one, permission)));
}

/** `*` stands for any text, slashes too; case does not count. */
function covers(pattern: string, permission: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  const text = permission.toLowerCase();
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const last = index === rest.length - 1;
    const found = last ? text.length - part.length : text.indexOf(part, at);
    if (found < at || text.slice(found, found + part.length) !== part) return false;
    at = found + part.length;
  }
  return true;
}

/** Read of a whole subscription, where no resource group's grants tell; a check that needs them says so itself. */
const ofSubscription = /^Microsoft\.[A-Za-z]+\/(?:locations|skus)\//i;

/**
 * Where each permission must hold: at the resource that an input names, when it is of that type, otherwise where the servers
 * recover to.
 */
export function rightsFor(permissions: readonly string[], places: { readonly ids: readonly string[]; readonly groups: readonly string[] }): readonly Right[] {
  const resources = [...new Map(places.ids.map((id) => id.split("/").slice(0, 9).join("/")).map((id) => [id.toLowerCase(), id])).values()];
  return [...new Set(permissions)]
    .filter((permission) => !ofSubscription.test(permission))
    .flatMap((permission) => {
      const own = resources.filter((id) => permission.toLowerCase().startsWith(`${id.split("/").slice(6, 8).join("/").toLowerCase()}/`));
      return (own.length > 0 ? own : places.groups).map((scope) => ({ permission, scope }));
    });
}
