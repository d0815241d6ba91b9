import type { Estate, Grant } from "./estate.ts";
import { same } from "./estate.ts";
import { standing } from "./misfortunes.ts";
import type { Fate, Pending } from "./misfortunes.ts";

/** The estate with what stands wrong in it at this moment: replicas behind, peerings, small quotas, rights that are missing. */
export function estateWith(ground: Estate, pending: readonly Pending[], open: Fate["open"]): Estate {
  const behind = standing(pending, "rpo", open);
  const peerings = standing(pending, "peering", open);
  const quotas = standing(pending, "quota", open);
  const missing = standing(pending, "no-right", open);
  if (behind.length + peerings.length + quotas.length + missing.length === 0) return ground;
  return {
    ...ground,
    vaults: ground.vaults.map((vault) => ({ ...vault, servers: vault.servers.map((server) => ({ ...server, rpoSeconds: behind.findLast((one) => same(one.server, server.name))?.seconds ?? server.rpoSeconds })) })),
    networks: ground.networks.map((network) => {
      const added = peerings.filter((one) => same(one.network, network.name)).map(({ to }) => ({ name: `to-${to.split("/").at(-1) ?? to}`, to }));
      return added.length === 0 ? network : { ...network, peerings: [...(network.peerings ?? []), ...added] };
    }),
    quotas: [
      ...quotas.map(({ location, name, limit }) => ({ location, name, limit, used: (ground.quotas ?? []).find((one) => same(one.location, location) && same(one.name, name))?.used ?? 0 })),
      ...(ground.quotas ?? []),
    ],
    ...(missing.length === 0 ? {} : { grants: without(ground.grants ?? [{ actions: ["*"] }], missing.flatMap(({ actions }) => actions)) }),
  };
}

function without(grants: readonly Grant[], actions: readonly string[]): readonly Grant[] {
  return grants.map((grant) => ({ ...grant, notActions: [...(grant.notActions ?? []), ...actions] }));
}
