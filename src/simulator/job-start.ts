import { textAt } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { vaultPath } from "./estate.ts";
import type { Vault } from "./estate.ts";
import { newId, nowOf, strikes } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import { vcpusLeft } from "./quota-routes.ts";
import { familyOf, vcpusOf } from "./vm-size.ts";
import type { FailingServer, JobRecord } from "./world.ts";

type Start = Pick<JobRecord, "scenario" | "on" | "target" | "groups" | "switchesTo" | "manual">;

/** Starts a job, with whatever misfortune is due for it, and accepts the request. */
export function startJob(simulation: Simulation, vault: Vault, request: ArmRequest, start: Start): ArmAnswer {
  const fate = start.scenario === "TestFailoverCleanup" ? cleanupFate(simulation, start) : isFailover(start) ? failoverFate(simulation, vault, start) : noFate;
  const stretch = strikes(simulation, "slow-job").reduce((factor, one) => factor * one.factor, 1);
  const job: JobRecord = {
    ...start,
    ...fate,
    id: newId(simulation, "job"),
    vault: vault.name,
    clientRequestId: request.clientRequestId,
    activity: newId(simulation, "activity"),
    startedAt: nowOf(simulation),
    pace: simulation.pace,
    stretch,
    networkId: textAt(request.body, "properties", "networkId"),
    comments: textAt(request.body, "properties", "comments"),
    cancelledAt: null,
  };
  simulation.change({ type: "job.started", job });
  return accepted(simulation, vault, job, targetPath(request));
}

/** What Site Recovery answers to an accepted operation: nothing in the body, the job in three headers. */
export function accepted(simulation: Simulation, vault: Vault, job: JobRecord, target: string): ArmAnswer {
  const version = "?api-version=2023-06-01";
  const path = vaultPath(simulation.estate, vault);
  const host = `https://${vault.location}.management.azure.com`;
  const id = `${path}/replicationJobs/${job.id}`;
  return {
    status: 202,
    headers: {
      Location: `${host}${path}/${target}/operationresults/${job.id}${version}`,
      "Azure-AsyncOperation": `${host}${path}/replicationOperationStatus/${job.id}${version}`,
      "Retry-After": "30",
      // Recorded twice in every answer of the service.
      "x-ms-request-id": [id, id],
    },
  };
}

const noFate: Pick<JobRecord, "failing" | "failsAs"> = { failing: [], failsAs: "Failed" };

function isFailover({ scenario }: Start): boolean {
  return scenario === "TestFailover" || scenario === "PlannedFailover" || scenario === "UnplannedFailover";
}

function failoverFate(simulation: Simulation, vault: Vault, { groups }: Start): Pick<JobRecord, "failing" | "failsAs"> {
  const struck = strikes(simulation, "server-fails", ({ server }) => groups.flat().includes(server));
  const failing = [...struck.map(({ server, error }): FailingServer => ({ server, error })), ...withoutRoom(simulation, vault, groups)];
  return { failing: failing.filter((one, index) => failing.findIndex(({ server }) => server === one.server) === index), failsAs: failing.length >= groups.flat().length || struck.some(({ jobEnds }) => jobEnds === "Failed") ? "Failed" : "PartiallySucceeded" };
}

/** Servers that the recovery region has no vCPUs for any more, in the order in which a plan asks for them. */
function withoutRoom(simulation: Simulation, vault: Vault, groups: Start["groups"]): readonly FailingServer[] {
  const taken = new Map<string, number>();
  return groups.flat().flatMap((name) => {
    const size = vault.servers.find((one) => one.name === name)?.size ?? "";
    const family = familyOf(size);
    const wanted = (taken.get(family) ?? 0) + vcpusOf(size);
    const room = vcpusLeft(simulation, vault.recoveryLocation, family);
    if (wanted <= room) {
      taken.set(family, wanted);
      return [];
    }
    return [{ server: name, error: { ...noRoom, message: `${noRoom.message} Operation could not be completed as it results in exceeding approved ${family} Cores quota. Location: ${vault.recoveryLocation}, additional required: ${vcpusOf(size)}, available: ${room - (taken.get(family) ?? 0)}.` } }];
  });
}

const noRoom = {
  code: "28031",
  message: "Virtual machine could not be created under the resource group.",
  possibleCauses: "The vCPU quota of the VM's size family is used up in the recovery region.",
  recommendedAction: "Raise the quota of the family in the recovery region, clean up the test failover, and try again.",
};

function cleanupFate(simulation: Simulation, { groups }: Start): Pick<JobRecord, "failing" | "failsAs"> {
  const error = strikes(simulation, "cleanup-fails")[0]?.error;
  const failing = error === undefined ? [] : groups.flat().map((server): FailingServer => ({ server, error }));
  return { failing, failsAs: "Failed" };
}

function targetPath({ url }: ArmRequest): string {
  return /\/vaults\/[^/]+\/(.+)\/[^/]+$/i.exec(url.pathname)?.[1] ?? "";
}
