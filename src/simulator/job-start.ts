import { textAt } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { vaultPath } from "./estate.ts";
import type { Vault } from "./estate.ts";
import { newId, nowOf, strikes } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import type { FailingServer, JobRecord } from "./world.ts";

type Start = Pick<JobRecord, "scenario" | "on" | "target" | "groups">;

/** Starts a job, with whatever misfortune is due for it, and accepts the request. */
export function startJob(simulation: Simulation, vault: Vault, request: ArmRequest, start: Start): ArmAnswer {
  const fate = start.scenario === "TestFailoverCleanup" ? cleanupFate(simulation, start) : isFailover(start) ? failoverFate(simulation, start) : noFate;
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

function failoverFate(simulation: Simulation, { groups }: Start): Pick<JobRecord, "failing" | "failsAs"> {
  const struck = strikes(simulation, "server-fails", ({ server }) => groups.flat().includes(server));
  return { failing: struck.map(({ server, error }) => ({ server, error })), failsAs: struck.some(({ jobEnds }) => jobEnds === "Failed") ? "Failed" : "PartiallySucceeded" };
}

function cleanupFate(simulation: Simulation, { groups }: Start): Pick<JobRecord, "failing" | "failsAs"> {
  const error = strikes(simulation, "cleanup-fails")[0]?.error;
  const failing = error === undefined ? [] : groups.flat().map((server): FailingServer => ({ server, error }));
  return { failing, failsAs: "Failed" };
}

function targetPath({ url }: ArmRequest): string {
  return /\/vaults\/[^/]+\/(.+)\/[^/]+$/i.exec(url.pathname)?.[1] ?? "";
}
