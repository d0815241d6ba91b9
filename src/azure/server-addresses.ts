import type { ServerAddresses } from "../checks/ports.ts";
import { parseArmId, parseMachineId } from "./arm-id.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";

/**
 * The private addresses of a server's network interfaces, the primary first: two reads and more, asked when they are needed,
 * because a test server's address is new with every test failover.
 */
export function serverAddresses(connection: Connection): ServerAddresses {
  return {
    async of(server, look) {
      try {
        return await reading(look, async () => {
          const { subscription, resourceGroup, machine } = parseMachineId(server.id);
          const found = await (await connection.compute(subscription)).virtualMachines.get(resourceGroup, machine, { abortSignal: look.signal });
          const interfaces = (found.networkProfile?.networkInterfaces ?? []).flatMap(({ id, primary }) => (id === undefined ? [] : [{ id, primary: primary === true }]));
          const addresses: string[] = [];
          for (const { id } of interfaces.toSorted((a, b) => Number(b.primary) - Number(a.primary))) addresses.push(...(await ofInterface(connection, id, look.signal)));
          return addresses;
        });
      } catch (thrown) {
        throw readFailure(thrown, `the address of ${server.name}`);
      }
    },
  };
}

async function ofInterface(connection: Connection, id: string, abortSignal: AbortSignal): Promise<readonly string[]> {
  const { subscription, resourceGroup, names } = parseArmId(id);
  const { ipConfigurations = [] } = await (await connection.network(subscription)).networkInterfaces.get(resourceGroup, names[0] ?? "", { abortSignal });
  return ipConfigurations.toSorted((a, b) => Number(b.primary === true) - Number(a.primary === true)).flatMap(({ privateIPAddress }) => privateIPAddress ?? []);
}
