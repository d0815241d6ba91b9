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
};

/** What Site Recovery is doing with an item or plan; null stands for its "None", and for a plan's scenario that has ended. */
export type Scenario = { readonly name: string; readonly jobId: string };

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
    readonly actions: readonly { readonly name: string; readonly failoverTypes: readonly string[] }[];
  }[];
};

export type JobTask = {
  readonly name: string;
  readonly state: string;
  readonly stateDescription: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly tasks: readonly JobTask[];
};

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
