import type { ProtectedServer, RecoveryPlan, ReplicationReader } from "../checks/ports.ts";
import type { Look, Send } from "../drills/ports.ts";
import type { Json } from "../runbooks/runbook.ts";

/** A moment that a server can be failed over from. `type` is Azure's own word. */
export type RecoveryPoint = { readonly id: string; readonly at: string | null; readonly type: string };

/** What actions read beside what checks read. Throws as `ReplicationReader` does. */
export type SiteRecoveryReader = ReplicationReader & {
  server(itemId: string, look: Look): Promise<ProtectedServer>;
  /** The servers of a plan that was read already: one request for each container they lie in. */
  serversOf(plan: RecoveryPlan, look: Look): Promise<readonly ProtectedServer[]>;
  /** Every protected server of a vault, by the vault's id. */
  serversIn(vaultId: string, look: Look): Promise<readonly ProtectedServer[]>;
  /** Newest first; Azure gives them in no order. */
  recoveryPoints(itemId: string, look: Look): Promise<readonly RecoveryPoint[]>;
};

/**
 * Writing to Site Recovery. `target` is the id of a recovery plan or of a single protected server. Each call sends one POST
 * and no more, carries `send.tag` as its client-request id, and gives the ARM id of the job as soon as Azure accepts. Throws
 * `azure-refused`, `azure-throttled`, `not-now` or `bad-input` when it certainly did not start, `outcome-unknown` when nobody
 * can tell.
 */
export type SiteRecoveryWriter = {
  testFailover(target: string, properties: Json, send: Send): Promise<Started>;
  testFailoverCleanup(target: string, comments: string, send: Send): Promise<Started>;
  plannedFailover(target: string, properties: Json, send: Send): Promise<Started>;
  unplannedFailover(target: string, properties: Json, send: Send): Promise<Started>;
  failoverCommit(target: string, send: Send): Promise<Started>;
  failoverCancel(target: string, send: Send): Promise<Started>;
  /** A recovery plan takes no properties: give null. */
  reprotect(target: string, properties: Json, send: Send): Promise<Started>;
  /** Lets a job go on that waits for a manual action; `comments` are kept with the job. Gives the same job. */
  resumeJob(jobId: string, comments: string, send: Send): Promise<Started>;
  /** Re-protection of one server between Azure regions, which its container does; the server may get another id by it. */
  switchProtection(item: string, properties: Json, send: Send): Promise<Started>;
};

type Started = { readonly jobId: string };
