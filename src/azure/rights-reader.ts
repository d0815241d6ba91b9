import type { Grant, RightsReader } from "../checks/ports.ts";
import { parseArmId } from "./arm-id.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";
import { DrillbookError } from "../errors.ts";

/** Reads what the identity in use may do: Azure answers for whoever asks, with every inherited assignment counted in. */
export function rightsReader(connection: Connection): RightsReader {
  return {
    async at(scope, look) {
      try {
        return await reading(look, async () => {
          const grants: Grant[] = [];
          for await (const { actions, notActions } of pageOf(connection, scope, look.signal)) grants.push({ actions: actions ?? [], notActions: notActions ?? [] });
          return grants;
        });
      } catch (thrown) {
        throw readFailure(thrown, `what Drillbook may do at ${scope}`);
      }
    },
  };
}

function pageOf(connection: Connection, scope: string, abortSignal: AbortSignal) {
  const [, subscription, group] = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i.exec(scope) ?? [];
  if (subscription !== undefined && group !== undefined) return connection.rights(subscription).permissions.listForResourceGroup(group, { abortSignal });
  const id = parseArmId(scope);
  const [name] = id.names;
  if (id.names.length !== 1 || name === undefined) throw new DrillbookError("bad-input", `${scope} is no resource group and no resource in one.`, "Give the id of the vault or of a resource group.");
  return connection.rights(id.subscription).permissions.listForResource(id.resourceGroup, id.provider, "", id.types[0] ?? "", name, { abortSignal });
}
