import type { Json } from "../runbooks/runbook.ts";
import type { ManualAction } from "./estate.ts";
import { countDown, pendingMisfortune } from "./misfortunes.ts";
import type { Misfortune, Pending, ServiceError } from "./misfortunes.ts";

export type FailingServer = { readonly server: string; readonly error: ServiceError };

export type JobScenario = "TestFailover" | "TestFailoverCleanup" | "PlannedFailover" | "UnplannedFailover" | "CommitFailover" | "CancelFailover" | "ReverseReplication" | "ChangeRecoveryPoint";

/** A job as it was started. Everything it does later follows from this and the time. */
export type JobRecord = {
  readonly id: string;
  readonly scenario: JobScenario;
  readonly on: "plan" | "item";
  readonly vault: string;
  /** The plan's or the server's name. */
  readonly target: string;
  /** Servers by boot group. */
  readonly groups: readonly (readonly string[])[];
  readonly clientRequestId: string;
  readonly activity: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** How many simulated seconds pass in one. */
  readonly pace: number;
  readonly stretch: number;
  readonly failing: readonly FailingServer[];
  readonly failsAs: "Failed" | "PartiallySucceeded";
  readonly networkId: string;
  readonly comments: string;
  /** The side whose container its server lies in afterwards; absent: where it lay. */
  readonly switchesTo?: "Primary" | "Recovery";
  /** Where it stops for people, in their order. */
  readonly manual?: readonly ManualAction[];
  /** When somebody let it go on, and with which words; one for each stop. */
  readonly resumed?: { readonly at: number; readonly comments: string }[];
  cancelledAt: number | null;
};

export type CommandResult = { readonly exitCode: number; readonly output: string; readonly error: string; readonly endedAt: number };

/** A managed run command on a test server. */
export type CommandRecord = {
  readonly id: string;
  /** The machine by the key of its present life: its commands end with it. */
  readonly machine: string;
  readonly name: string;
  readonly script: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly timeoutSeconds: number;
  readonly startedAt: number;
  readonly pace: number;
  result: CommandResult | null;
  deletedAt: number | null;
};

/** An operation of Compute or Network that takes its time. */
export type OperationRecord = { readonly id: string; readonly startedAt: number; readonly endsAt: number; /** What its result answers; null: nothing. */ readonly result: Json };

/** The last thing that was asked of a machine's power; the machine by the key of its present life. */
export type PowerRecord = { readonly machine: string; readonly asked: "start" | "deallocate" | "powerOff" | "restart"; readonly at: number; readonly endsAt: number };

/** A resource as somebody changed it, in place of the estate's. `body` null: deleted. */
export type ResourceRecord = { readonly id: string; readonly body: Json; readonly at: number };

/** Everything that must outlive the simulator's process. */
export type World = {
  readonly jobs: JobRecord[];
  /** The same jobs by what they concern: a plan of a hundred servers would otherwise read every job a hundred times an answer. */
  readonly byId: Map<string, JobRecord>;
  readonly byServer: Map<string, JobRecord[]>;
  readonly commands: CommandRecord[];
  readonly misfortunes: Pending[];
  readonly operations: Map<string, OperationRecord>;
  readonly power: Map<string, PowerRecord>;
  /** By id in lower case. */
  readonly resources: Map<string, ResourceRecord>;
  /** When the simulation began: what a scenario's times count from. */
  beganAt: number;
  scenario: string;
  changes: number;
};

export type Change =
  | { readonly type: "job.started"; readonly job: JobRecord }
  | { readonly type: "job.cancelled"; readonly id: string; readonly at: number }
  | { readonly type: "job.resumed"; readonly id: string; readonly at: number; readonly comments: string }
  | { readonly type: "command.put"; readonly command: CommandRecord }
  | { readonly type: "command.ended"; readonly id: string; readonly result: CommandResult }
  | { readonly type: "command.deleted"; readonly id: string; readonly at: number }
  | { readonly type: "operation.began"; readonly operation: OperationRecord }
  | { readonly type: "power.asked"; readonly power: PowerRecord }
  | { readonly type: "resource.put"; readonly resource: ResourceRecord }
  | { readonly type: "misfortune.added"; readonly misfortune: Misfortune }
  | { readonly type: "misfortune.counted"; readonly index: number; readonly missed?: boolean }
  | { readonly type: "world.began"; readonly at: number; readonly scenario: string }
  | { readonly type: "misfortunes.cleared" };

/** A world in which nothing has happened: what a journal is replayed into. */
export function emptyWorld(): World {
  return { jobs: [], byId: new Map(), byServer: new Map(), commands: [], misfortunes: [], operations: new Map(), power: new Map(), resources: new Map(), beganAt: 0, scenario: "", changes: 0 };
}

/** The jobs that ever concerned a server, oldest first. */
export function jobsOfServer(world: World, vault: string, server: string): readonly JobRecord[] {
  return world.byServer.get(serverKey(vault, server)) ?? [];
}

function serverKey(vault: string, server: string): string {
  return `${vault}/${server}`;
}

function addJob(world: World, job: JobRecord): void {
  world.jobs.push(job);
  world.byId.set(job.id, job);
  for (const server of new Set(job.groups.flat())) {
    const key = serverKey(job.vault, server);
    const jobs = world.byServer.get(key) ?? [];
    jobs.push(job);
    world.byServer.set(key, jobs);
  }
}

/** Brings one change into the world; the journal is replayed through this too. */
export function apply(world: World, change: Change): void {
  // Ids are drawn from the number of changes, and the beginning is none: a seed gives the same ids as it always did.
  if (change.type !== "world.began") world.changes += 1;
  switch (change.type) {
    case "job.started":
      addJob(world, { ...change.job, ...(change.job.manual === undefined ? {} : { resumed: [] }) });
      return;
    case "job.cancelled": {
      const job = world.byId.get(change.id);
      if (job !== undefined) job.cancelledAt = change.at;
      return;
    }
    case "job.resumed":
      world.byId.get(change.id)?.resumed?.push({ at: change.at, comments: change.comments });
      return;
    case "command.put":
      world.commands.push({ ...change.command });
      return;
    case "command.ended": {
      const command = world.commands.find((one) => one.id === change.id);
      if (command !== undefined) command.result = change.result;
      return;
    }
    case "command.deleted": {
      const command = world.commands.find((one) => one.id === change.id);
      if (command !== undefined) command.deletedAt = change.at;
      return;
    }
    case "operation.began":
      world.operations.set(change.operation.id, change.operation);
      return;
    case "power.asked":
      world.power.set(change.power.machine, change.power);
      return;
    case "resource.put":
      world.resources.set(change.resource.id.toLowerCase(), change.resource);
      return;
    case "misfortune.added":
      world.misfortunes.push(pendingMisfortune(change.misfortune));
      return;
    case "misfortune.counted": {
      const pending = world.misfortunes[change.index];
      if (pending !== undefined) countDown(pending, change.missed === true);
      return;
    }
    case "world.began":
      world.beganAt = change.at;
      world.scenario = change.scenario;
      return;
    case "misfortunes.cleared":
      world.misfortunes.length = 0;
  }
}
