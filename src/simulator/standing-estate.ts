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
  const stands = [...behind, ...peerings, ...quotas, ...missing];
  if (stands.length === 0) return ground;
  const last = made.get(ground);
  // What is built from an estate is kept by the estate itself: the same misfortunes must give the same one.
  if (last !== undefined && last.stands.length === stands.length && last.stands.every((one, index) => one === stands[index])) return last.estate;
  const estate: Estate = {
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
  made.set(ground, { stands, estate });
  return estate;
}

const made = new WeakMap<Estate, { readonly stands: readonly unknown[]; readonly estate: Estate }>();

function without(grants: readonly Grant[], actions: readonly string[]): readonly Grant[] {
  return grants.map((grant) => ({ ...grant, notActions: [...(grant.notActions ?? []), ...actions] }));
}
