import type { Job as AzureJob, ReplicationProtectedItem, SiteRecoveryManagementClient } from "@azure/arm-recoveryservices-siterecovery";
import type { SiteRecoveryReader } from "../actions/ports.ts";
import type { RecoveryPlan } from "../checks/ports.ts";
import type { Look } from "../drills/ports.ts";
import { armName } from "../runbooks/resource-id.ts";
import { parseContainerOfItem, parseItemId, parseJobId, parsePlanId, parseVaultId, parseVaultOf } from "./arm-id.ts";
import type { PlanId } from "./arm-id.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";
import { job } from "./job.ts";
import { moment } from "./moment.ts";
import { protectedServer } from "./protected-server.ts";
import { recoveryPlan } from "./recovery-plan.ts";

/** Reads plans, protected servers and jobs of Site Recovery through the official SDK. */
export function replicationReader(connection: Connection): SiteRecoveryReader {
  return {
    plan: (planId, look) => asked(look, `the recovery plan ${armName(planId)}`, async () => recoveryPlan(await planOf(connection, parsePlanId(planId), look))),

    servers: (planId, look) =>
      asked(look, `the servers of ${armName(planId)}`, async () => {
        return serversOf(connection, recoveryPlan(await planOf(connection, parsePlanId(planId), look)), look);
      }),

    serversOf: (plan, look) => asked(look, `the servers of ${plan.name}`, () => serversOf(connection, plan, look)),

    server: (itemId, look) =>
      asked(look, `the protected server ${armName(itemId)}`, async () => {
        const { subscription, vault, resourceGroup, fabric, container, item } = parseItemId(itemId);
        return protectedServer(await connection.reader(subscription).replicationProtectedItems.get(vault, resourceGroup, fabric, container, item, { abortSignal: look.signal }));
      }),

    serversIn: (vaultId, look) =>
      asked(look, `the servers of ${armName(vaultId)}`, async () => {
        const { subscription, vault, resourceGroup } = parseVaultId(vaultId);
        const servers = [];
        for await (const item of connection.reader(subscription).replicationProtectedItems.list(vault, resourceGroup, { abortSignal: look.signal })) servers.push(protectedServer(item));
        return servers;
      }),

    recoveryPoints: (itemId, look) =>
      asked(look, `the recovery points of ${armName(itemId)}`, async () => {
        const { subscription, vault, resourceGroup, fabric, container, item } = parseItemId(itemId);
        const points = [];
        for await (const { id, properties } of connection.reader(subscription).recoveryPoints.listByReplicationProtectedItems(vault, resourceGroup, fabric, container, item, { abortSignal: look.signal })) {
          points.push({ id: id ?? "", at: moment(properties?.recoveryPointTime), type: properties?.recoveryPointType ?? "" });
        }
        return points.toSorted((one, other) => (other.at ?? "").localeCompare(one.at ?? ""));
      }),

    job: (jobId, look) =>
      asked(look, `job ${armName(jobId)}`, async () => {
        const { subscription, vault, resourceGroup, job: name } = parseJobId(jobId);
        let wait: string | undefined;
        const azure = await connection.reader(subscription).replicationJobs.get(vault, resourceGroup, name, { abortSignal: look.signal, onResponse: ({ headers }) => void (wait = headers.get("retry-after")) });
        const seconds = Number(wait);
        return { ...job(azure), ...(wait !== undefined && seconds > 0 ? { askAgainAfterMs: seconds * 1000 } : {}) };
      }),

    jobsSince: (planId, since, look) =>
      asked(look, `the jobs of the vault of ${armName(planId)}`, async () => {
        const { subscription, vault, resourceGroup } = parseVaultOf(planId);
        const jobs: AzureJob[] = [];
        // Without $filter: its grammar for times is written down nowhere, and a filter misread would hide a job.
        for await (const one of connection.reader(subscription).replicationJobs.list(vault, resourceGroup, { abortSignal: look.signal })) jobs.push(one);
        return jobs.filter((one) => beganSince(one, since)).map(job);
      }),
  };
}

async function serversOf(connection: Connection, plan: RecoveryPlan, look: Look) {
  const wanted = plan.groups.flatMap((group) => group.servers);
  const items = await itemsOfContainers(connection.reader(parsePlanId(plan.id).subscription), wanted, look);
  const byId = new Map(items.map((item) => [(item.id ?? "").toLowerCase(), item]));
  return wanted.flatMap((id) => byId.get(id.toLowerCase()) ?? []).map(protectedServer);
}

async function asked<T>(look: Look, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await reading(look, work);
  } catch (thrown) {
    throw readFailure(thrown, what);
  }
}

function planOf(connection: Connection, id: PlanId, look: Look) {
  return connection.reader(id.subscription).replicationRecoveryPlans.get(id.vault, id.resourceGroup, id.plan, { abortSignal: look.signal });
}

/**
 * The items of every container that holds one of `ids`. By container, because the built-in operator role cannot list a
 * vault's items, and because a plan's own list of ids is exact where a filter by plan name is not.
 */
async function itemsOfContainers(client: SiteRecoveryManagementClient, ids: readonly string[], look: Look): Promise<readonly ReplicationProtectedItem[]> {
  const containers = new Map(ids.map(parseContainerOfItem).map((id) => [JSON.stringify(id).toLowerCase(), id]));
  const items: ReplicationProtectedItem[] = [];
  for (const { vault, resourceGroup, fabric, container } of containers.values()) {
    const page = client.replicationProtectedItems.listByReplicationProtectionContainers(vault, resourceGroup, fabric, container, { abortSignal: look.signal });
    for await (const item of page) items.push(item);
  }
  return items;
}

/** A job in its first seconds may have no start time yet: such a one is always recent. */
function beganSince(azure: AzureJob, since: Date): boolean {
  const began = moment(azure.properties?.startTime);
  return began === null || new Date(began) >= since;
}
