import type { ArmRequest } from "./arm-answer.ts";
import { networkPath } from "./estate.ts";
import type { Misfortune } from "./misfortunes.ts";
import { startPlan } from "./operation-start.ts";
import { fateOf, newId, nowOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import { jobState } from "./timeline.ts";

/** Lets somebody in the portal do what a scenario has them do, as soon as its time has come and Azure lets them. */
export function letThePortalAct(simulation: Simulation): void {
  for (const [index, { misfortune, left }] of simulation.world.misfortunes.entries()) {
    if (misfortune.kind !== "portal" || left === 0 || !fateOf(simulation).open(misfortune)) continue;
    if (!fateOf(simulation).strikes(index, 0, misfortune.chance ?? 1)) continue;
    if (done(simulation, misfortune)) simulation.change({ type: "misfortune.counted", index });
  }
}

function done(simulation: Simulation, { does, plan: name }: Extract<Misfortune, { kind: "portal" }>): boolean {
  const vault = simulation.estate.vaults.find(({ plans }) => plans.some((one) => one.name === name));
  const plan = vault?.plans.find((one) => one.name === name);
  if (vault === undefined || plan === undefined) return false;
  if (does !== "cancel-job") return startPlan(portalRequest(simulation), simulation, vault, plan, does === "cleanup" ? "TestFailoverCleanup" : "TestFailover").status === 202;
  const job = simulation.world.jobs.findLast((one) => one.vault === vault.name && one.target === name);
  if (job === undefined || jobState(job, nowOf(simulation)).state !== "InProgress") return false;
  simulation.change({ type: "job.cancelled", id: job.id, at: nowOf(simulation) });
  return true;
}

function portalRequest(simulation: Simulation): ArmRequest {
  const { estate } = simulation;
  const [network] = estate.networks;
  const body = { properties: { networkId: network === undefined ? "" : networkPath(estate, network), comments: "done in the portal" } };
  return { method: "POST", url: new URL("https://portal.azure.com/"), names: {}, body, clientRequestId: newId(simulation, "portal"), ifMatch: "", ifNoneMatch: "" };
}
