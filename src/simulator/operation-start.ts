import { armError } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import type { Plan, Server, Vault } from "./estate.ts";
import { allowedOperations, providerOf } from "./item-answer.ts";
import { startJob } from "./job-start.ts";
import { planOperations } from "./plan-answer.ts";
import { nowOf, stateOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import type { JobRecord } from "./world.ts";

/** Starts an operation on a plan when its state allows one of `needs`. */
export function startPlan(request: ArmRequest, simulation: Simulation, vault: Vault, target: Plan, scenario: JobRecord["scenario"], needs: readonly string[] = [scenario]): ArmAnswer {
  const allowed = planOperations(simulation.world, vault, target, nowOf(simulation));
  if (!needs.some((one) => allowed.includes(one))) return notAllowed(scenario, target.name);
  return startJob(simulation, vault, request, { scenario, on: "plan", target: target.name, groups: target.groups, ...manual(target, scenario) });
}

/** A plan stops for people in failovers alone. */
function manual({ manualActions = [] }: Plan, scenario: JobRecord["scenario"]): Pick<JobRecord, "manual"> {
  return manualActions.length > 0 && ["TestFailover", "PlannedFailover", "UnplannedFailover"].includes(scenario) ? { manual: manualActions.toSorted((a, b) => a.before - b.before) } : {};
}

/** Starts an operation on one server when its state allows one of `needs`. */
export function startItem(request: ArmRequest, simulation: Simulation, vault: Vault, server: Server, scenario: JobRecord["scenario"], needs: readonly string[] = [scenario], more: Pick<JobRecord, "switchesTo"> = {}): ArmAnswer {
  const allowed = allowedOperations(stateOf(simulation, vault, server), providerOf(vault));
  if (!needs.some((one) => allowed.includes(one))) return notAllowed(scenario, server.name);
  return startJob(simulation, vault, request, { scenario, on: "item", target: server.name, groups: [[server.name]], ...more });
}

/** What Site Recovery is taken to answer when something cannot be done now. */
export function notAllowed(scenario: string, target: string): ArmAnswer {
  return armError(409, "OperationNotAllowed", `The operation ${scenario} is not allowed on '${target}' in its current state.`, {
    possibleCauses: "Another operation is in progress, or a test failover has not been cleaned up.",
    recommendedAction: "Wait for the running job, or clean up the test failover, and retry the operation.",
  });
}
