import type { SiteRecoveryManagementClient } from "@azure/arm-recoveryservices-siterecovery";
import type { SiteRecoveryWriter } from "../actions/ports.ts";
import type { Send } from "../drills/ports.ts";
import { isPlanId, jobIdIn, parseItemId, parseJobId, parsePlanId } from "./arm-id.ts";
import type { VaultId } from "./arm-id.ts";
import type { WriteAttempt } from "./call.ts";
import type { Connection } from "./connection.ts";
import { writeFailure } from "./failure.ts";
import { itemPlannedFailover, itemReprotect, itemSwitch, itemTestFailover, itemUnplannedFailover, planPlannedFailover, planTestFailover, planUnplannedFailover } from "./site-recovery-input.ts";
import { attempted, tagHeader } from "./write.ts";

type Plans = SiteRecoveryManagementClient["replicationRecoveryPlans"];
type Items = SiteRecoveryManagementClient["replicationProtectedItems"];
type PlanPath = readonly [vault: string, resourceGroup: string, plan: string];
type ItemPath = readonly [vault: string, resourceGroup: string, fabric: string, container: string, item: string];
type RequestOptions = { readonly abortSignal: AbortSignal; readonly requestOptions: { readonly customHeaders: Record<string, string> } };

/** One operation as a recovery plan takes it, and as a single protected server does. */
type Operation = {
  readonly what: string;
  readonly ofPlan: (plans: Plans, path: PlanPath, options: RequestOptions) => Promise<unknown>;
  readonly ofItem: (items: Items, path: ItemPath, options: RequestOptions) => Promise<unknown>;
};

/** Starts what Site Recovery does to plans and servers, one POST a call, and gives the job that Azure names. */
export function siteRecoveryWriter(connection: Connection): SiteRecoveryWriter {
  const post = (target: string, send: Send, operation: Operation) => postOnce(connection, target, send, operation);
  return {
    testFailover: (target, properties, send) =>
      post(target, send, {
        what: "the test failover",
        ofPlan: (plans, path, options) => plans.beginTestFailover(...path, { properties: planTestFailover(properties) }, options),
        ofItem: (items, path, options) => items.beginTestFailover(...path, { properties: itemTestFailover(properties) }, options),
      }),
    testFailoverCleanup: (target, comments, send) =>
      post(target, send, {
        what: "the clean-up of the test failover",
        ofPlan: (plans, path, options) => plans.beginTestFailoverCleanup(...path, { properties: { comments } }, options),
        ofItem: (items, path, options) => items.beginTestFailoverCleanup(...path, { properties: { comments } }, options),
      }),
    plannedFailover: (target, properties, send) =>
      post(target, send, {
        what: "the planned failover",
        ofPlan: (plans, path, options) => plans.beginPlannedFailover(...path, { properties: planPlannedFailover(properties) }, options),
        ofItem: (items, path, options) => items.beginPlannedFailover(...path, { properties: itemPlannedFailover(properties) }, options),
      }),
    unplannedFailover: (target, properties, send) =>
      post(target, send, {
        what: "the failover",
        ofPlan: (plans, path, options) => plans.beginUnplannedFailover(...path, { properties: planUnplannedFailover(properties) }, options),
        ofItem: (items, path, options) => items.beginUnplannedFailover(...path, { properties: itemUnplannedFailover(properties) }, options),
      }),
    failoverCommit: (target, send) =>
      post(target, send, {
        what: "the commit of the failover",
        ofPlan: (plans, path, options) => plans.beginFailoverCommit(...path, options),
        ofItem: (items, path, options) => items.beginFailoverCommit(...path, options),
      }),
    failoverCancel: (target, send) =>
      post(target, send, {
        what: "the cancelling of the failover",
        ofPlan: (plans, path, options) => plans.beginFailoverCancel(...path, options),
        ofItem: (items, path, options) => items.beginFailoverCancel(...path, options),
      }),
    reprotect: (target, properties, send) =>
      post(target, send, {
        what: "the re-protection",
        ofPlan: (plans, path, options) => plans.beginReprotect(...path, options),
        ofItem: (items, path, options) => items.beginReprotect(...path, { properties: itemReprotect(properties) }, options),
      }),
    resumeJob: (jobId, comments, send) => {
      const { subscription, vault, resourceGroup, job } = parseJobId(jobId);
      return started(send, { subscription, vault, resourceGroup }, "the manual action", (options) => connection.writer(subscription).replicationJobs.beginResume(vault, resourceGroup, job, { properties: { comments } }, options));
    },
    switchProtection: (item, properties, send) => {
      const { subscription, vault, resourceGroup, fabric, container } = parseItemId(item);
      const input = { properties: itemSwitch(properties) };
      const containers = connection.writer(subscription).replicationProtectionContainers;
      return started(send, { subscription, vault, resourceGroup }, "the re-protection", (options) => containers.beginSwitchProtection(vault, resourceGroup, fabric, container, input, options));
    },
  };
}

async function postOnce(connection: Connection, target: string, send: Send, { what, ofPlan, ofItem }: Operation): Promise<{ jobId: string }> {
  const place = isPlanId(target) ? parsePlanId(target) : parseItemId(target);
  const client = connection.writer(place.subscription);
  const { vault, resourceGroup } = place;
  return started(send, place, what, (options) =>
    "plan" in place
      ? ofPlan(client.replicationRecoveryPlans, [vault, resourceGroup, place.plan], options)
      : ofItem(client.replicationProtectedItems, [vault, resourceGroup, place.fabric, place.container, place.item], options),
  );
}

/** One POST and no more, and the job that Azure names in its answer. */
async function started(send: Send, place: VaultId, what: string, post: (options: RequestOptions) => Promise<unknown>): Promise<{ jobId: string }> {
  const { attempt, thrown } = await attempted(send, () => post({ abortSignal: send.signal, requestOptions: { customHeaders: tagHeader(send) } }));
  const job = acceptedJob(attempt);
  if (job === null) throw writeFailure(attempt, thrown, what);
  return { jobId: jobIdIn(place, job) };
}

/** The job's name from the headers of an accepted POST. Any of the three carries it; a doubled header names it twice. */
export function acceptedJob({ answer }: WriteAttempt): string | null {
  if (answer === null || answer.status < 200 || answer.status >= 300) return null;
  for (const [header, before] of jobHeaders) {
    const job = new RegExp(`/${before}/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![\\w-])`, "i").exec(answer.header(header) ?? "")?.[1];
    if (job !== undefined) return job;
  }
  return null;
}

const jobHeaders = [
  ["location", "operationresults"],
  ["azure-asyncoperation", "replicationOperationStatus"],
  ["x-ms-request-id", "replicationJobs"],
] as const;
