import type { Look } from "../drills/ports.ts";
import type { Problem, TestServer } from "../drills/events.ts";

/** A server protected by Site Recovery, as the vault shows it now. */
export type ProtectedServer = {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly protectionState: string;
  readonly activeLocation: string;
  readonly replicationHealth: string;
  /** null: the provider gives no figure. */
  readonly rpoSeconds: number | null;
  readonly rpoCalculatedAt: string | null;
  readonly testFailoverState: string;
  readonly allowedOperations: readonly string[];
  readonly scenario: Scenario | null;
  readonly problems: readonly Problem[];
  /** The server a running test failover created for this one; null when there is none. */
  readonly testServer: TestServer | null;
  /** When a test failover of it last succeeded; null: never, or the provider does not say. */
  readonly lastTestedAt?: string | null;
  /** Where it runs now and where it recovers to, as far as its provider says; empty where it does not. */
  readonly source?: string;
  /** The replication policy's id; empty where it has none. */
  readonly policy?: string;
  readonly recovery?: { readonly size: string; readonly region: string; readonly group: string; readonly name: string; /** Empty: no zone of the region in particular. */ readonly zone?: string };
};

/** What Site Recovery is doing with an item or plan; null stands for its "None", and for a plan's scenario that has ended. */
export type Scenario = { readonly name: string; readonly jobId: string };

/** A recovery plan as Site Recovery shows it now. */
export type RecoveryPlan = {
  readonly id: string;
  readonly name: string;
  readonly providers: readonly string[];
  readonly allowedOperations: readonly string[];
  readonly scenario: Scenario | null;
  readonly scenarioStatus: string;
  readonly groups: readonly {
    readonly type: string;
    /** Ids of the protected servers, as Azure spells them: compare without regard to case. */
    readonly servers: readonly string[];
    readonly actions: readonly { readonly name: string; readonly failoverTypes: readonly string[]; /** What people have to do there; absent: Azure does it itself. */ readonly manual?: string }[];
  }[];
};

/** A task of a job with the tasks below it; times are ISO 8601, null before it began or ended. */
export type JobTask = {
  readonly name: string;
  readonly state: string;
  readonly stateDescription: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly tasks: readonly JobTask[];
  /** A manual action of a recovery plan, with what to do. */
  readonly manual?: { readonly id: string; readonly instructions: string };
};

/** A job as Site Recovery shows it now; times are ISO 8601, null before it began or ended. */
export type Job = {
  readonly id: string;
  /** Empty during a job's first seconds. */
  readonly scenario: string;
  readonly state: string;
  readonly stateDescription: string;
  /** Holds the client-request id of whoever started it. */
  readonly activityId: string;
  readonly targetName: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly tasks: readonly JobTask[];
  readonly problems: readonly Problem[];
  /** Where the protected server is found from now on, when the job gave it another id. */
  readonly newItem?: string;
  /** How long Azure asks to be left alone before the next look; absent: it does not say. */
  readonly askAgainAfterMs?: number;
};

/** Reading Site Recovery. Throws `azure-refused`, `azure-throttled`, `azure-unreachable` or `not-found`. */
export type ReplicationReader = {
  plan(planId: string, look: Look): Promise<RecoveryPlan>;
  servers(planId: string, look: Look): Promise<readonly ProtectedServer[]>;
  job(jobId: string, look: Look): Promise<Job>;
  /** Jobs of the vault of a plan or a protected server that began at or after `since`. */
  jobsSince(planId: string, since: Date, look: Look): Promise<readonly Job[]>;
};

/** Looking up what a launch form can offer. Throws as `ReplicationReader` does. */
export type EstateReader = {
  recoveryPlans(look: Look): Promise<readonly { readonly id: string; readonly name: string; readonly servers: number }[]>;
  networks(look: Look): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Azure virtual machines and Arc machines, where scripts can run. */
  servers(look: Look): Promise<readonly { readonly id: string; readonly name: string }[]>;
};

/** Running one of Drillbook's own shipped scripts on a server through Azure run command, then deleting the command. */
export type ScriptRunner = {
  run(
    server: TestServer,
    script: { readonly name: string; readonly text: string; readonly parameters: Readonly<Record<string, string>>; readonly timeoutMs: number },
    look: Look,
  ): Promise<{ readonly exitCode: number; readonly output: string; readonly error: string }>;
};

/** Private addresses of a test server, the first one first; empty when it has none. Throws as `ReplicationReader` does. */
export type ServerAddresses = { of(server: TestServer, look: Look): Promise<readonly string[]> };

/** What Compute says of a virtual machine now. Words are Azure's own; empty where it says nothing. */
export type BootState = {
  /** The end of `PowerState/running`, for one. */
  readonly power: string;
  /** The agent's own word: `Ready`, `Not Ready`. */
  readonly agent: string;
  readonly osName: string;
  readonly osVersion: string;
};

/** Reading how far virtual machines have started. Throws as `ReplicationReader` does. */
export type BootReader = {
  /** null: there is no such machine. */
  state(server: TestServer, look: Look): Promise<BootState | null>;
  /** The end of what the machine wrote to its serial console, and its screen; null where boot diagnostics are off or empty. */
  bootRecord(server: TestServer, look: Look): Promise<BootRecord>;
};

/** What is left of a boot for people to judge; each part is null where Azure has none. */
export type BootRecord = { readonly serialLog: string | null; readonly screenshot: { readonly mediaType: string; readonly bytes: Uint8Array } | null };

/** A limit of a subscription in one region. */
export type Limit = { readonly name: string; readonly words: string; readonly used: number; readonly limit: number };
/** A size of virtual machine as a region offers it; `withheld` says why it cannot be had. */
export type MachineSize = { readonly name: string; readonly family: string; readonly vcpus: number; readonly withheld: string | null; /** Zones of the region where it can be had; absent: Azure does not say. */ readonly zones?: readonly string[] };

/** Reading what a region can hold. Throws as `ReplicationReader` does. */
export type CapacityReader = {
  limits(subscription: string, region: string, look: Look): Promise<readonly Limit[]>;
  sizes(subscription: string, region: string, look: Look): Promise<readonly MachineSize[]>;
};

/** One grant: what it allows but for what it takes out again; both with Azure's wildcards. */
export type Grant = { readonly actions: readonly string[]; readonly notActions: readonly string[] };

/** What takes rights away whatever else grants them. `certain`: it concerns Drillbook's identity beyond doubt. */
export type Denial = Grant & { readonly name: string; readonly certain: boolean };

/** What stands beside the grants of a place, inherited or its own. */
export type RightLimits = {
  readonly denials: readonly Denial[];
  /** Grants that hold under a condition only, and those that hold without; both empty where no assignment has a condition. */
  readonly conditional: readonly Grant[];
  readonly unconditional: readonly Grant[];
};

/** Reading what Drillbook's own identity may do. Throws as `ReplicationReader` does. */
export type RightsReader = {
  /** Everything that holds at a resource group or at a resource in it: what subscription and management groups grant too. */
  at(scope: string, look: Look): Promise<readonly Grant[]>;
  limits(scope: string, look: Look): Promise<RightLimits>;
};

/** A backend as a balancer sees it. */
export type Backend = { readonly address: string; readonly rule: string; readonly up: boolean; readonly state: string; readonly reason: string };

/** Reading what Azure's balancers think of their backends. Throws as `ReplicationReader` does. */
export type BalancerReader = { backends(balancerId: string, look: Look): Promise<readonly Backend[]> };

/** One thing that leads out of a network or its subnet, by its name. */
export type WayOut = {
  readonly kind: "peering" | "hub" | "gateway" | "route" | "internet" | "service-endpoint" | "private-endpoint" | "dns";
  readonly name: string;
  readonly words: string;
};

/** A virtual network with everything that leads out of it. */
export type NetworkView = {
  readonly name: string;
  /** As Azure writes it, such as `northeurope`; empty where it does not say. */
  readonly region: string;
  readonly prefixes: readonly string[];
  readonly subnets: readonly { readonly name: string; readonly prefixes: readonly string[]; /** Addresses that are taken, as far as Azure lists them. */ readonly taken: number }[];
  readonly waysOut: readonly WayOut[];
};

/** Reading networks. Throws as `ReplicationReader` does. */
export type NetworkReader = {
  network(networkId: string, look: Look): Promise<NetworkView>;
  /** Private zones that answer in it. */
  privateZones(networkId: string, look: Look): Promise<readonly WayOut[]>;
  /** What is in force on a running server of that network, beyond what the network itself `told`. */
  server(server: TestServer, networkId: string, told: readonly WayOut[], look: Look): Promise<readonly WayOut[]>;
};

/** A drill of this installation that ended well, was no rehearsal, and worked on a plan. Times are ISO 8601 in UTC. */
export type ProvenDrill = { readonly id: string; readonly startedAt: string; readonly endedAt: string; readonly result: string };

/** Looking into Drillbook's own history. */
export type DrillHistory = {
  /** The newest drill that ended well on this plan; null when there is none. */
  lastProven(planId: string): Promise<ProvenDrill | null>;
};

/** Recovery points of a protected server; their order means nothing. Throws as `ReplicationReader` does. */
export type RecoveryPointReader = { recoveryPoints(itemId: string, look: Look): Promise<readonly { readonly at: string | null }[]> };
