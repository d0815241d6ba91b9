import type { Clock } from "../drills/ports.ts";
import type { Estate, Server, Vault } from "./estate.ts";
import { guid } from "./guid.ts";
import { fateAt } from "./fate.ts";
import { dueInWorld } from "./misfortunes.ts";
import type { Fate, WorldMisfortune } from "./misfortunes.ts";
import type { Journal } from "./journal.ts";
import { serverState } from "./server-state.ts";
import type { ServerState } from "./server-state.ts";

/** One simulated subscription while it runs: what every route answers from. */
export type Simulation = Journal & {
  /** The estate as it stands now, with what a scenario has made of it. */
  readonly estate: Estate;
  /** The estate as it was written. */
  readonly ground: Estate;
  readonly clock: Clock;
  /** How many simulated seconds pass in one. */
  readonly pace: number;
  readonly seed: string;
  /** SHA-256 (hex) of the scripts that the simulator plays. */
  readonly knownScripts: ReadonlySet<string>;
  /** Holds time still during work that takes real time: its clock may be one that jumps. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  /** Loopback ports of the servers' web services, by vault and server. */
  readonly webPorts: ReadonlyMap<string, number>;
};

/** The simulation's own time, in milliseconds since 1970: no route may look at another clock. */
export function nowOf(simulation: Simulation): number {
  return simulation.clock().getTime();
}

/** An id that nobody has had, the same in every run from the same seed. */
export function newId(simulation: Simulation, what: string): string {
  return guid(simulation.seed, what, simulation.world.changes);
}

/** Where a server stands at the simulation's own time. */
export function stateOf(simulation: Simulation, vault: Vault, server: Server): ServerState {
  return serverState(simulation.world, vault.name, server.name, nowOf(simulation));
}

/** The key of `webPorts`. Two vaults may protect servers of one name. */
export function webPortKey(vault: Vault, server: Server): string {
  return `${vault.name}/${server.name}`;
}

/** Whether a misfortune's time has come now. */
export function fateOf({ ground, world, clock, pace, seed }: Omit<Simulation, "estate">): Fate {
  return fateAt({ ground, world, now: clock().getTime(), pace, seed });
}

/** The misfortunes of one kind that strike now; each is counted. */
export function strikes<Kind extends WorldMisfortune["kind"]>(
  simulation: Simulation,
  kind: Kind,
  concerns: (misfortune: Extract<WorldMisfortune, { kind: Kind }>) => boolean = () => true,
): readonly Extract<WorldMisfortune, { kind: Kind }>[] {
  return dueInWorld(simulation.world.misfortunes, kind, concerns, (index, missed) => simulation.change({ type: "misfortune.counted", index, missed }), fateOf(simulation));
}
