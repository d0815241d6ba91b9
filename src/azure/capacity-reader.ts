import type { ResourceSku } from "@azure/arm-compute";
import type { CapacityReader, Limit, MachineSize } from "../checks/ports.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";

type Usage = { readonly currentValue?: number; readonly limit?: number; readonly name?: { readonly value?: string; readonly localizedValue?: string } };

/** Reads quotas of Compute and Network, and the sizes that a region offers to this subscription. */
export function capacityReader(connection: Connection): CapacityReader {
  return {
    async limits(subscription, region, look) {
      try {
        return await reading(look, async () => {
          const found: Limit[] = [];
          for await (const usage of (await connection.compute(subscription)).usage.list(region, { abortSignal: look.signal })) found.push(limitOf(usage));
          for await (const usage of (await connection.network(subscription)).usages.list(region, { abortSignal: look.signal })) found.push(limitOf(usage));
          return found;
        });
      } catch (thrown) {
        throw readFailure(thrown, `the quotas of ${region}`);
      }
    },

    async sizes(subscription, region, look) {
      try {
        return await reading(look, async () => {
          const found: MachineSize[] = [];
          for await (const sku of (await connection.compute(subscription)).resourceSkus.list({ filter: `location eq '${region}'`, abortSignal: look.signal })) {
            if (sku.resourceType === "virtualMachines" && sku.name !== undefined) found.push(sizeOf(sku, sku.name));
          }
          return found;
        });
      } catch (thrown) {
        throw readFailure(thrown, `the sizes of ${region}`);
      }
    },
  };
}

function limitOf({ currentValue, limit, name }: Usage): Limit {
  return { name: name?.value ?? "", words: name?.localizedValue ?? name?.value ?? "", used: currentValue ?? 0, limit: limit ?? 0 };
}

function sizeOf({ family, capabilities, restrictions, locationInfo }: ResourceSku, name: string): MachineSize {
  const count = (capability: string) => Number(capabilities?.find((one) => one.name === capability)?.value);
  const vcpus = Number.isFinite(count("vCPUsAvailable")) ? count("vCPUsAvailable") : count("vCPUs");
  // A restriction of zones alone leaves the region, and takes those zones away.
  const closed = new Set(restrictions?.filter((one) => one.type === "Zone").flatMap((one) => one.restrictionInfo?.zones ?? []));
  const offered = locationInfo?.flatMap(({ zones }) => zones ?? []);
  const refused = restrictions?.find((one) => one.type === "Location");
  return { name, family: family ?? "", vcpus: Number.isFinite(vcpus) ? vcpus : 0, withheld: refused === undefined ? null : (refused.reasonCode ?? "restricted"), ...(offered === undefined ? {} : { zones: offered.filter((zone) => !closed.has(zone)) }) };
}
