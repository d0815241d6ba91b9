import type { Json } from "../runbooks/runbook.ts";
import { testServerName, vaultPath } from "./estate.ts";
import type { Estate, Vault } from "./estate.ts";
import { guid } from "./guid.ts";
import { itemPath } from "./item-answer.ts";
import { JobTasks, friendlyName, iso } from "./job-tasks.ts";
import { elapsed, jobState, momentOf, timeline } from "./timeline.ts";
import type { JobRecord } from "./world.ts";

/** A job as Site Recovery answers it at `now`: hollow first, then with its tasks. */
export function jobAnswer(estate: Estate, vault: Vault, job: JobRecord, now: number) {
  const { state, description, over } = jobState(job, now);
  const hollow = state === "NotStarted";
  const view = new JobTasks(job, now);
  const endedAt = momentOf(job, Math.min(timeline(job).end, elapsed(job, now)));
  return {
    id: `${vaultPath(estate, vault)}/replicationJobs/${job.id}`,
    name: job.id,
    type: "Microsoft.RecoveryServices/vaults/replicationJobs",
    properties: {
      activityId: `${job.clientRequestId} ActivityId: ${job.activity}`,
      scenarioName: hollow ? null : job.scenario,
      friendlyName: hollow ? null : friendlyName(job),
      state,
      stateDescription: description,
      tasks: hollow ? [] : view.tasks(),
      errors: view.errors(),
      startTime: iso(job.startedAt),
      ...(over ? { endTime: iso(endedAt) } : {}),
      allowedActions: state === "InProgress" ? ["Cancel"] : state === "Suspended" ? ["Cancel", "Resume"] : [],
      targetObjectId: guid("target", job.vault, job.target),
      targetObjectName: job.target,
      targetInstanceType: job.on === "plan" ? "RecoveryPlan" : "ProtectionEntity",
      customDetails: hollow ? { instanceType: "AsrJobDetails", affectedObjectDetails: {} } : details(estate, job, vault, view, state === "Succeeded"),
    },
  };
}

const bare = new WeakMap<JobRecord, Json>();

/**
 * A job as the list of a vault's jobs has it, which in official examples carries neither tasks nor details: whoever needs
 * those asks for the job itself.
 */
export function listedJob(estate: Estate, vault: Vault, job: JobRecord, now: number): Json {
  const known = bare.get(job);
  if (known !== undefined && jobState(job, now).over) return known;
  const whole = jobAnswer(estate, vault, job, now);
  const listed = { ...whole, properties: { ...whole.properties, tasks: [], customDetails: null } };
  if (jobState(job, now).over) bare.set(job, listed);
  return listed;
}

function details(estate: Estate, job: JobRecord, vault: Vault, view: JobTasks, succeeded: boolean): Json {
  const affected = { PrimaryFabricProviderId: "AzureFabric", RecoveryFabricProviderId: "AzureFabric" };
  const moved = vault.servers.find((server) => job.switchesTo !== undefined && server.name === job.target);
  if (moved !== undefined && job.switchesTo !== undefined) return { instanceType: "SwitchProtectionJobDetails", affectedObjectDetails: affected, ...(succeeded ? { newReplicationProtectedItemId: itemPath(estate, vault, moved, job.switchesTo) } : {}) };
  if (job.scenario !== "TestFailover") return { instanceType: "AsrJobDetails", affectedObjectDetails: affected };
  const servers = vault.servers.filter((server) => job.groups.some((group) => group.includes(server.name)));
  return {
    instanceType: "TestFailoverJobDetails",
    affectedObjectDetails: affected,
    testFailoverStatus: view.over ? "Completed" : "InProgress",
    comments: "",
    networkName: job.networkId,
    networkFriendlyName: job.networkId.split("/").at(-1) ?? "",
    networkType: "VmNetworkAsInput",
    protectedItemDetails: servers.map((server) => ({
      name: guid("item", vault.name, server.name),
      friendlyName: server.name,
      testVmName: view.created(server.name) ? testServerName(server) : "",
      testVmFriendlyName: view.created(server.name) ? testServerName(server) : "",
      networkConnectionStatus: view.created(server.name) ? "Connected" : "NotConnected",
      networkFriendlyName: job.networkId.split("/").at(-1) ?? "",
      subnet: "default",
      recoveryPointId: guid("point", job.id, server.name),
      recoveryPointTime: iso(job.startedAt - server.rpoSeconds * 1000),
    })),
  };
}
