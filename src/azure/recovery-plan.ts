import type { CurrentScenarioDetails, RecoveryPlan as AzurePlan, RecoveryPlanGroup } from "@azure/arm-recoveryservices-siterecovery";
import type { RecoveryPlan, Scenario } from "../checks/ports.ts";

// The plan keeps naming its last scenario after that has ended; only these words mean that nothing goes on any more.
const ended = new Set(["succeeded", "failed", "cancelled", "canceled", "completed"]);

/** A recovery plan in Drillbook's words. */
export function recoveryPlan(plan: AzurePlan): RecoveryPlan {
  const properties = plan.properties ?? {};
  const status = properties.currentScenarioStatus ?? "";
  return {
    id: plan.id ?? "",
    name: properties.friendlyName ?? plan.name ?? "",
    providers: properties.replicationProviders ?? [],
    allowedOperations: properties.allowedOperations ?? [],
    scenario: ended.has(status.toLowerCase()) ? null : scenario(properties.currentScenario),
    scenarioStatus: properties.currentScenarioStatusDescription ?? status,
    groups: (properties.groups ?? []).map(group),
  };
}

/** What Site Recovery is doing; null for its "None". */
export function scenario(current: CurrentScenarioDetails | undefined): Scenario | null {
  const name = current?.scenarioName ?? "None";
  return name === "" || name.toLowerCase() === "none" ? null : { name, jobId: current?.jobId ?? "" };
}

function group(azure: RecoveryPlanGroup): RecoveryPlan["groups"][number] {
  const actions = [...(azure.startGroupActions ?? []), ...(azure.endGroupActions ?? [])];
  return {
    type: azure.groupType,
    servers: (azure.replicationProtectedItems ?? []).flatMap((item) => (item.id === undefined ? [] : [item.id])),
    actions: actions.map(({ actionName, failoverTypes, customDetails }) => ({ name: actionName, failoverTypes, ...(customDetails.instanceType === "ManualActionDetails" ? { manual: ("description" in customDetails ? customDetails.description : undefined) ?? "" } : {}) })),
  };
}
