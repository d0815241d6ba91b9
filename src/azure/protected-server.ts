import type { HealthError, ReplicationProtectedItem, ReplicationProviderSpecificSettingsUnion } from "@azure/arm-recoveryservices-siterecovery";
import type { ProtectedServer } from "../checks/ports.ts";
import type { Problem, TestServer } from "../drills/events.ts";
import { withoutSecrets } from "./azure-answer.ts";
import { moment } from "./moment.ts";
import { scenario } from "./recovery-plan.ts";

/** A protected server in Drillbook's words. */
export function protectedServer(item: ReplicationProtectedItem): ProtectedServer {
  const properties = item.properties ?? {};
  const details = properties.providerSpecificDetails;
  const name = properties.friendlyName ?? item.name ?? "";
  const allowedOperations = properties.allowedOperations ?? [];
  return {
    id: item.id ?? "",
    name,
    provider: details?.instanceType ?? "",
    protectionState: properties.protectionState ?? "",
    activeLocation: properties.activeLocation ?? "",
    replicationHealth: properties.replicationHealth ?? "",
    ...rpo(details),
    testFailoverState: properties.testFailoverState ?? "",
    allowedOperations,
    scenario: scenario(properties.currentScenario),
    problems: (properties.healthErrors ?? []).map((error) => healthProblem(error, name)),
    lastTestedAt: moment(properties.lastSuccessfulTestFailoverTime),
    source: details && "fabricObjectId" in details ? (details.fabricObjectId ?? "") : "",
    policy: properties.policyId ?? "",
    recovery: recovery(details),
    testServer: allowedOperations.includes("TestFailoverCleanup") ? testServer(details) : null,
  };
}

/** Each provider names its figure differently; a figure without a time cannot be judged and is still shown. */
function rpo(details: ReplicationProviderSpecificSettingsUnion | undefined): Pick<ProtectedServer, "rpoSeconds" | "rpoCalculatedAt"> {
  if (!details) return { rpoSeconds: null, rpoCalculatedAt: null };
  const seconds = "rpoInSeconds" in details ? details.rpoInSeconds : "lastRpoInSeconds" in details ? details.lastRpoInSeconds : undefined;
  const at = "lastRpoCalculatedTime" in details ? details.lastRpoCalculatedTime : undefined;
  return { rpoSeconds: seconds ?? null, rpoCalculatedAt: moment(at) };
}

/** Azure names the test server's VM, not its id: it stands in the group that the server recovers to. */
function testServer(details: ReplicationProviderSpecificSettingsUnion | undefined): TestServer | null {
  if (!details || !("tfoAzureVMName" in details)) return null;
  const { tfoAzureVMName: name, recoveryAzureResourceGroupId: group } = details;
  return name && group ? { name, id: `${group}/providers/Microsoft.Compute/virtualMachines/${name}` } : null;
}

function recovery(details: ReplicationProviderSpecificSettingsUnion | undefined): NonNullable<ProtectedServer["recovery"]> {
  const text = (key: string) => {
    const value: unknown = details && key in details ? Object.entries(details).find(([name]) => name === key)?.[1] : undefined;
    return typeof value === "string" ? value : "";
  };
  return {
    size: text("recoveryAzureVMSize") || text("targetVmSize"),
    region: text("recoveryFabricLocation").toLowerCase().replaceAll(" ", ""),
    group: text("recoveryAzureResourceGroupId") || text("targetResourceGroupId"),
    zone: text("recoveryAvailabilityZone") || text("targetAvailabilityZone"),
    name: text("recoveryAzureVMName") || text("recoveryAzureVmName") || text("targetVmName"),
  };
}

function healthProblem(error: HealthError, server: string): Problem {
  return {
    code: error.errorCode ?? "",
    message: withoutSecrets(error.errorMessage ?? error.summaryMessage ?? ""),
    causes: withoutSecrets(error.possibleCauses ?? ""),
    action: withoutSecrets(error.recommendedAction ?? ""),
    server,
  };
}
