import { z } from "zod";
import { DrillbookError } from "../errors.ts";
import type { Json } from "../runbooks/runbook.ts";
import { assertNetworkId } from "./arm-id.ts";

// Strict, because the SDK drops silently what it does not know: what people approved would not be what is sent.
const a2a = z.strictObject({
  instanceType: z.literal("A2A"),
  recoveryPointType: z.enum(["Latest", "LatestApplicationConsistent", "LatestCrashConsistent", "LatestProcessed"]),
  cloudServiceCreationOption: z.string().optional(),
  multiVmSyncPointOption: z.enum(["UseMultiVmSyncRecoveryPoint", "UsePerVmRecoveryPoint"]).optional(),
});
const hyperV = z.strictObject({
  instanceType: z.literal("HyperVReplicaAzure"),
  recoveryPointType: z.enum(["Latest", "LatestApplicationConsistent", "LatestProcessed"]).optional(),
});
const properties = z.strictObject({
  failoverDirection: z.enum(["PrimaryToRecovery", "RecoveryToPrimary"]),
  networkType: z.string().min(1),
  networkId: z.string().transform(assertNetworkId).optional(),
  providerSpecificDetails: z.array(z.discriminatedUnion("instanceType", [a2a, hyperV])).optional(),
});

export type TestFailoverProperties = z.infer<typeof properties>;

/** The body of a plan's test failover, checked field by field. Throws `bad-input`. */
export function testFailoverProperties(input: Json): TestFailoverProperties {
  const result = properties.safeParse(input);
  if (result.success) return result.data;
  throw new DrillbookError("bad-input", `The test failover's input is not what Site Recovery takes: ${z.prettifyError(result.error)}`, "Compare the action's input with its description.");
}
