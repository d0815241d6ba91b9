import type { Backend, BalancerReader } from "../checks/ports.ts";
import type { Look } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { parseArmId } from "./arm-id.ts";
import type { ArmId } from "./arm-id.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";

/** Asks an Azure Load Balancer rule by rule, or an Application Gateway pool by pool, what they think of their backends. */
export function balancerReader(connection: Connection, pollMs: number): BalancerReader {
  return {
    async backends(balancerId, look) {
      try {
        return await reading(look, () => {
          const id = parseArmId(balancerId);
          const kind = `${id.provider}/${id.types.join("/")}`.toLowerCase();
          if (kind === "microsoft.network/loadbalancers") return ofLoadBalancer(connection, id, look, pollMs);
          if (kind === "microsoft.network/applicationgateways") return ofGateway(connection, id, look, pollMs);
          throw new DrillbookError("bad-input", `${balancerId} is no load balancer and no application gateway.`, "Copy its resource id from the Azure portal.");
        });
      } catch (thrown) {
        throw readFailure(thrown, `the health behind ${balancerId.split("/").at(-1)}`);
      }
    },
  };
}

async function ofLoadBalancer(connection: Connection, { subscription, resourceGroup, names }: ArmId, { signal }: Look, pollMs: number): Promise<readonly Backend[]> {
  const client = await connection.network(subscription);
  const name = names[0] ?? "";
  const balancer = await client.loadBalancers.get(resourceGroup, name, { abortSignal: signal });
  const found: Backend[] = [];
  for (const rule of balancer.loadBalancingRules ?? []) {
    if (rule.name === undefined) continue;
    const health = await client.loadBalancerLoadBalancingRules.health(resourceGroup, name, rule.name, { abortSignal: signal, updateIntervalInMs: pollMs }).pollUntilDone({ abortSignal: signal });
    for (const { ipAddress = "", state = "", reason = "" } of health.loadBalancerBackendAddresses ?? []) found.push({ address: ipAddress, rule: rule.name, up: state.toLowerCase() === "up", state, reason });
  }
  return found;
}

async function ofGateway(connection: Connection, { subscription, resourceGroup, names }: ArmId, { signal }: Look, pollMs: number): Promise<readonly Backend[]> {
  const health = await (await connection.network(subscription)).applicationGateways.backendHealth(resourceGroup, names[0] ?? "", { abortSignal: signal, updateIntervalInMs: pollMs }).pollUntilDone({ abortSignal: signal });
  return (health.backendAddressPools ?? []).flatMap(({ backendAddressPool, backendHttpSettingsCollection }) =>
    (backendHttpSettingsCollection ?? []).flatMap(({ backendHttpSettings, servers }) =>
      (servers ?? []).map(({ address = "", health: state = "", healthProbeLog = "" }) => ({
        address,
        rule: [backendAddressPool?.name ?? backendAddressPool?.id?.split("/").at(-1), backendHttpSettings?.name ?? backendHttpSettings?.id?.split("/").at(-1)].filter((part) => part !== undefined).join(" · "),
        up: state === "Up",
        state,
        reason: healthProbeLog,
      })),
    ),
  );
}
