import { z } from "zod";
import { DrillbookError } from "../errors.ts";
import type { Json } from "../runbooks/runbook.ts";
import { assertNetworkId } from "./arm-id.ts";

// Strict, because the SDK drops silently what it does not know: what people approved would not be what is sent.
const direction = z.enum(["PrimaryToRecovery", "RecoveryToPrimary"]);
const sourceSiteOperations = z.enum(["Required", "NotRequired"]);
const armId = z.string().min(1).startsWith("/");
const agentPoint = z.enum(["Latest", "LatestApplicationConsistent", "LatestCrashConsistent", "LatestProcessed"]);
const network = { networkType: z.string().min(1), networkId: z.string().transform(assertNetworkId).optional() };

const planA2a = z.strictObject({
  instanceType: z.literal("A2A"),
  recoveryPointType: agentPoint,
  cloudServiceCreationOption: z.string().optional(),
  multiVmSyncPointOption: z.enum(["UseMultiVmSyncRecoveryPoint", "UsePerVmRecoveryPoint"]).optional(),
});
const planHyperV = z.strictObject({ instanceType: z.literal("HyperVReplicaAzure"), recoveryPointType: z.enum(["Latest", "LatestApplicationConsistent", "LatestProcessed"]).optional() });
const planFailback = z.strictObject({
  instanceType: z.literal("HyperVReplicaAzureFailback"),
  dataSyncOption: z.enum(["ForDownTime", "ForSynchronization"]),
  recoveryVmCreationOption: z.enum(["CreateVmIfNotFound", "NoAction"]),
});
const planVmware = z.strictObject({ instanceType: z.literal("InMageRcm"), recoveryPointType: agentPoint, useMultiVmSyncPoint: z.enum(["true", "false"]).optional() });
const planProviders = z.array(z.discriminatedUnion("instanceType", [planA2a, planHyperV, planVmware])).optional();

const point = { recoveryPointId: armId.optional() };
const itemA2a = z.strictObject({ instanceType: z.literal("A2A"), ...point });
const itemHyperV = z.strictObject({ instanceType: z.literal("HyperVReplicaAzure"), ...point });
const itemTestVmware = z.strictObject({ instanceType: z.literal("InMageRcm"), networkId: z.string().transform(assertNetworkId).optional(), ...point });
const itemVmware = z.strictObject({ instanceType: z.literal("InMageRcm"), performShutdown: z.enum(["true", "false"]), ...point });

export const planTestFailover = body("test failover", z.strictObject({ failoverDirection: direction, ...network, providerSpecificDetails: planProviders }));
export const itemTestFailover = body(
  "test failover",
  z.strictObject({ failoverDirection: direction, ...network, providerSpecificDetails: z.discriminatedUnion("instanceType", [itemA2a, itemHyperV, itemTestVmware]).optional() }),
);
export const planPlannedFailover = body(
  "planned failover",
  z.strictObject({ failoverDirection: direction, providerSpecificDetails: z.array(z.discriminatedUnion("instanceType", [planHyperV, planFailback])).optional() }),
);
export const itemPlannedFailover = body(
  "planned failover",
  z.strictObject({ failoverDirection: direction, providerSpecificDetails: z.discriminatedUnion("instanceType", [itemHyperV, planFailback]).optional() }),
);
export const planUnplannedFailover = body("failover", z.strictObject({ failoverDirection: direction, sourceSiteOperations, providerSpecificDetails: planProviders }));
export const itemUnplannedFailover = body(
  "failover",
  z.strictObject({ failoverDirection: direction, sourceSiteOperations, providerSpecificDetails: z.discriminatedUnion("instanceType", [itemA2a, itemHyperV, itemVmware]).optional() }),
);
export const itemReprotect = body(
  "re-protection",
  z.strictObject({
    failoverDirection: direction,
    // Servers between Azure regions are switched in their container instead.
    providerSpecificDetails: z.strictObject({ instanceType: z.literal("HyperVReplicaAzure") }).optional(),
  }),
);

export const itemSwitch = body(
  "re-protection",
  z.strictObject({
    replicationProtectedItemName: z.string().min(1),
    providerSpecificDetails: z.strictObject({
      instanceType: z.literal("A2A"),
      recoveryContainerId: armId,
      policyId: armId.optional(),
      recoveryResourceGroupId: armId.optional(),
      vmManagedDisks: z.array(z.strictObject({ diskId: armId, primaryStagingAzureStorageAccountId: armId, recoveryResourceGroupId: armId })).optional(),
    }),
  }),
);

/** Checks the properties of one operation field by field. What it gives throws `bad-input`. */
function body<T>(what: string, schema: z.ZodType<T>): (input: Json) => T {
  return (input) => {
    const result = schema.safeParse(input);
    if (result.success) return result.data;
    throw new DrillbookError("bad-input", `The input of the ${what} is not what Site Recovery takes: ${z.prettifyError(result.error)}`, "Compare the action's input with its description.");
  };
}
