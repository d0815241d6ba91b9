import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ComputeManagementClient } from "@azure/arm-compute";
import { DnsManagementClient } from "@azure/arm-dns";
import { NetworkManagementClient } from "@azure/arm-network";
import { TrafficManagerManagementClient } from "@azure/arm-trafficmanager";
import { simulatorConnection } from "../../../src/azure/simulator-connection.ts";
import type { Simulator } from "../../../src/simulator/start.ts";

/** The official clients, each pointed at a simulator. */
export function clientsOf(simulator: Simulator) {
  const { credential, httpClient } = simulatorConnection(simulator.url);
  const options = { httpClient, retryOptions: { maxRetries: 0 } };
  const { subscription } = simulator;
  return {
    compute: new ComputeManagementClient(credential, subscription, options),
    network: new NetworkManagementClient(credential, subscription, options),
    traffic: new TrafficManagerManagementClient(credential, subscription, options),
    dns: new DnsManagementClient(credential, subscription, options),
    authorization: new AuthorizationManagementClient(credential, subscription, options),
  };
}

export async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of items) found.push(one);
  return found;
}
