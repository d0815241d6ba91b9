import { same } from "./estate.ts";
import type { Estate } from "./estate.ts";
import type { Misfortune } from "./misfortunes.ts";

/** What misfortunes name and the estate does not have: a misspelt server would never fail, and nobody would know why. */
export function strangersIn(estate: Estate, misfortunes: readonly Misfortune[]): readonly { readonly path: readonly (string | number)[]; readonly what: string }[] {
  const servers = [...estate.vaults.flatMap((vault) => vault.servers.map(({ name }) => name)), ...(estate.machines ?? []).map(({ name }) => name)];
  const plans = estate.vaults.flatMap((vault) => vault.plans.map(({ name }) => name));
  const networks = estate.networks.map(({ name }) => name);
  const knows = (names: readonly string[], name: string) => names.some((one) => same(one, name));
  return misfortunes.flatMap((one, index) => {
    if ("server" in one && !knows(servers, one.server)) return [{ path: [index, "server"], what: `The estate has no server "${one.server}".` }];
    if (one.kind === "portal" && !knows(plans, one.plan)) return [{ path: [index, "plan"], what: `The estate has no recovery plan "${one.plan}".` }];
    if (one.kind === "peering" && !knows(networks, one.network)) return [{ path: [index, "network"], what: `The estate has no network "${one.network}".` }];
    return [];
  });
}

/** What an estate names and does not have itself: the members of plans, and the networks that vaults use. */
export function looseEndsOf(estate: Estate): readonly { readonly path: readonly (string | number)[]; readonly what: string }[] {
  return estate.vaults.flatMap((vault, index) => [
    ...vault.plans.flatMap((plan, at) => plan.groups.flatMap((group, order) => group.flatMap((name, place) => (vault.servers.some((one) => one.name === name) ? [] : [{ path: ["vaults", index, "plans", at, "groups", order, place], what: `The vault has no server "${name}".` }])))),
    ...(["primaryNetwork", "recoveryNetwork"] as const).flatMap((key) => {
      const name = vault[key];
      return name === undefined || estate.networks.some((one) => same(one.name, name)) ? [] : [{ path: ["vaults", index, key], what: `The estate has no network "${name}".` }];
    }),
  ]);
}
