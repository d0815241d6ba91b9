import type { Json } from "../runbooks/runbook.ts";
import { same } from "./estate.ts";
import type { ApplicationGateway, LoadBalancer } from "./estate.ts";
import { allMachines } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { ipConfigurationPath } from "./network-interface.ts";
import type { Simulation } from "./simulation.ts";

/** What a load balancer finds behind one rule. As in life its HTTP probe sends the address as the host name. */
export function loadBalancerHealth(simulation: Simulation, rule: LoadBalancer["rules"][number]): Json {
  const backends = rule.servers.map((server) => {
    const machine = behind(simulation, server);
    const reason = machine === undefined ? "The virtual machine is not running." : rule.probe.protocol === "Tcp" ? null : refusal(machine, null);
    return { up: reason === null, address: { ipAddress: machine?.address ?? "", networkInterfaceIPConfigurationId: machine === undefined ? "" : ipConfigurationPath(simulation, machine), state: reason === null ? "Up" : "Down", reason: reason ?? "The backend answered the probe." } };
  });
  return { up: backends.filter(({ up }) => up).length, down: backends.filter(({ up }) => !up).length, loadBalancerBackendAddresses: backends.map(({ address }) => address) };
}

/** What an application gateway finds in its pools, with the words of its probe log. */
export function applicationGatewayHealth(simulation: Simulation, gateway: ApplicationGateway): Json {
  return {
    backendAddressPools: gateway.pools.map((pool) => ({
      backendAddressPool: { name: pool.name },
      backendHttpSettingsCollection: [
        {
          backendHttpSettings: { name: pool.settings },
          servers: pool.servers.map((server) => {
            const machine = behind(simulation, server);
            const reason = machine === undefined ? "Cannot connect to backend server. Check whether any NSG/UDR/Firewall is blocking access to the server." : refusal(machine, pool.host ?? null);
            return { address: machine?.address ?? server, health: reason === null ? "Up" : "Down", healthProbeLog: reason ?? "Success. Received 200 status code" };
          }),
        },
      ],
    })),
  };
}

/** The machine that serves for a protected server: its test server while there is one, else the server itself. */
function behind(simulation: Simulation, server: string): Machine | undefined {
  const machines = allMachines(simulation).filter((one) => same(one.server?.name ?? one.name, server) && one.power === "running" && one.condition !== "boot-manager" && one.condition !== "blue-screen");
  return machines.find(({ test }) => test) ?? machines[0];
}

/** Sites are known by host name alone: a probe that names none of them gets the web server's own 400. */
function refusal({ server }: Machine, host: string | null): string | null {
  const sites = server?.sites ?? [];
  if (sites.length === 0) return "Connection to the backend timed out.";
  return sites.some((site) => same(site.host, host ?? "")) ? null : "Received invalid status code: 400 in the backend server's HTTP response.";
}
