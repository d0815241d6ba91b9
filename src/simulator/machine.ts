import type { Network, Server, Vault } from "./estate.ts";
import { groupPath, networkPath, primaryGroup, same, testServerName } from "./estate.ts";
import { standing } from "./misfortunes.ts";
import type { MachineCondition } from "./misfortunes.ts";
import { fateOf, nowOf, stateOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import type { PowerRecord } from "./world.ts";

export type PowerState = "starting" | "running" | "stopping" | "stopped" | "deallocating" | "deallocated";

/** A virtual machine that exists: in production, made by a test failover, by a real one, or beside Site Recovery. */
export type Machine = {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  readonly size: string;
  readonly address: string;
  /** The network it is attached to, by id in lower case; empty: none. */
  readonly network: string;
  readonly vault: Vault | null;
  readonly server: Server | null;
  readonly test: boolean;
  readonly power: PowerState;
  /** Whether its agent answers: it runs, has started, and nothing ails it. */
  readonly ready: boolean;
  readonly condition: MachineCondition;
  /** What its power is kept by. A new test failover makes a new machine of the same name. */
  readonly life: string;
};

/** Every virtual machine of the subscription at this moment. */
export function allMachines(simulation: Simulation): readonly Machine[] {
  const { estate } = simulation;
  const protectedOnes = estate.vaults.flatMap((vault) => vault.servers.flatMap((server) => machinesOfServer(simulation, vault, server)));
  const others = (estate.machines ?? []).map((one) =>
    powered(simulation, { name: one.name, group: one.resourceGroup, location: one.location, size: one.size, address: one.address, network: networkIdOf(simulation, one.network), vault: null, server: null, test: false, condition: "healthy", life: `other/${one.name}` }, one.stopped === true ? "deallocated" : "running"),
  );
  return [...protectedOnes, ...others];
}

/** A server on premises as a machine: always on, its agent ready, in no network of Azure's. */
export function arcMachineNamed({ estate }: Simulation, group: string, name: string): Machine | undefined {
  const found = (estate.arcMachines ?? []).find((one) => same(one.resourceGroup, group) && same(one.name, name));
  if (found === undefined) return undefined;
  return { name: found.name, group: found.resourceGroup, location: found.location, size: "", address: "", network: "", vault: null, server: null, test: false, power: "running", ready: true, condition: "healthy", life: `arc/${found.name}` };
}

function isArc({ life }: Machine): boolean {
  return life.startsWith("arc/");
}

/** A machine by resource group and name. */
export function machineNamed(simulation: Simulation, group: string, name: string): Machine | undefined {
  return allMachines(simulation).find((one) => same(one.group, group) && same(one.name, name));
}

/** The machine's resource id; one on premises has another provider. */
export function machinePath(simulation: Simulation, machine: Machine): string {
  return `${groupPath(simulation.estate, machine.group)}/providers/${isArc(machine) ? "Microsoft.HybridCompute/machines" : "Microsoft.Compute/virtualMachines"}/${machine.name}`;
}

/** The networks that a machine's packets reach: its own, and those that a connected peering joins to it. */
export function reachableNetworks(simulation: Simulation, machine: Machine): readonly string[] {
  const own = simulation.estate.networks.find((one) => same(networkPath(simulation.estate, one), machine.network));
  const peered = (own?.peerings ?? []).filter(({ state }) => state === undefined || state === "Connected").map(({ to }) => networkIdOf(simulation, to));
  return own === undefined ? [] : [machine.network, ...peered];
}

/** A network's id in lower case, by its name in the estate; what is no name is taken as an id. */
function networkIdOf({ estate }: Pick<Simulation, "estate">, name: string): string {
  const known = estate.networks.find((one) => same(one.name, name));
  return (known === undefined ? name : networkPath(estate, known)).toLowerCase();
}

/** The network of this id, whatever its case; undefined when the estate has none, and for a machine without one. */
export function networkOf({ estate }: Pick<Simulation, "estate">, id: string): Network | undefined {
  return estate.networks.find((one) => same(networkPath(estate, one), id));
}

function machinesOfServer(simulation: Simulation, vault: Vault, server: Server): readonly Machine[] {
  const state = stateOf(simulation, vault, server);
  const common = { size: server.size, address: server.address, vault, server };
  const found: Machine[] = [];
  if (state.machine !== "none") {
    const condition: MachineCondition = standing(simulation.world.misfortunes, "sick-server", fateOf(simulation).open).findLast((one) => one.server === server.name)?.how ?? "healthy";
    const network = (state.test?.networkId ?? "").toLowerCase();
    const one = { ...common, name: testServerName(server), group: vault.recoveryResourceGroup, location: vault.recoveryLocation, network, test: true, condition, life: `test/${vault.name}/${server.name}/${state.test?.id ?? ""}` };
    found.push(powered(simulation, one, state.machine === "running" ? "running" : "starting"));
  }
  const recovery = networkIdOf(simulation, vault.recoveryNetwork ?? simulation.estate.networks[0]?.name ?? "");
  if (state.location === "Recovery") found.push(powered(simulation, { ...common, name: server.name, group: vault.recoveryResourceGroup, location: vault.recoveryLocation, network: recovery, test: false, condition: "healthy", life: `recovery/${vault.name}/${server.name}/${state.failover?.id ?? ""}` }, "running"));
  // Machines of Hyper-V are no machines of Azure.
  if (vault.provider !== "HyperVReplicaAzure") {
    const network = networkIdOf(simulation, vault.primaryNetwork ?? "");
    found.push(powered(simulation, { ...common, name: server.name, group: primaryGroup(vault), location: vault.primaryLocation, network, test: false, condition: "healthy", life: `primary/${vault.name}/${server.name}/${state.failover?.id ?? ""}` }, state.location === "Primary" ? "running" : "deallocated"));
  }
  return found;
}

function powered(simulation: Simulation, machine: Omit<Machine, "power" | "ready">, otherwise: PowerState): Machine {
  const asked = simulation.world.power.get(machine.life);
  const now = nowOf(simulation);
  const power = asked === undefined ? otherwise : powerAfter(asked, now);
  const settled = asked === undefined || now >= asked.endsAt;
  return { ...machine, power, ready: power === "running" && settled && machine.condition === "healthy" };
}

function powerAfter({ asked, endsAt }: PowerRecord, now: number): PowerState {
  const over = now >= endsAt;
  if (asked === "start") return over ? "running" : "starting";
  if (asked === "restart") return "running";
  return asked === "deallocate" ? (over ? "deallocated" : "deallocating") : over ? "stopped" : "stopping";
}
