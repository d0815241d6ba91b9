import { z } from "zod";
import type { Preview } from "../drills/events.ts";
import type { Action } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { armName } from "../runbooks/resource-id.ts";
import { directionKey, directions } from "./live.ts";
import { defaultSettlingMs } from "./parts.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { count } from "./servers.ts";
import { siteRecoveryAction } from "./site-recovery-action.ts";
import { permissionsFor, switchProtection } from "./site-recovery-permissions.ts";
import { oneTarget, targetKeys } from "./subject.ts";
import type { Subject } from "./subject.ts";

const inVault = (kind: string) => z.string().max(1000).regex(new RegExp(`^/subscriptions/[^/\\s]+/resourceGroups/[^/\\s]+/providers/Microsoft\\.RecoveryServices/vaults/[^/\\s]+/(?:[^/\\s]+/)*${kind}/[^/\\s?#]+$`, "i"), { error: `Give the Azure resource id of one of the vault's ${kind}.` });

const inGroup = (type: string) => new RegExp(`^/subscriptions/[^/\\s]+/resourceGroups/[^/\\s]+${type}$`, "i");
const resourceGroup = inGroup("");
const disk = inGroup("/providers/Microsoft\\.Compute/disks/[^/\\s?#]+");
const storageAccount = inGroup("/providers/Microsoft\\.Storage/storageAccounts/[^/\\s?#]+");
const ofOneServer = ["container", "policy", "group", "disks", "cache"] as const;

const reprotectInput = z
  .strictObject({
    ...targetKeys,
    /** Which way data will flow: after a failover to the recovery side, back to the primary. */
    direction: directionKey.direction.unwrap().default("to-primary"),
    /** Of a single Azure server only: the container and the policy at the side that it replicates to from now on; the container and the policy that it came from when absent. */
    container: inVault("replicationProtectionContainers").optional(),
    policy: inVault("replicationPolicies").optional(),
    /** Of a single Azure server only: the resource group that it recovers into from now on; the one that it came from when absent. */
    group: z.string().max(300).regex(resourceGroup, { error: "Give the Azure resource id of a resource group." }).optional(),
    /** Of a single Azure server only: its managed disks by Azure resource id, with the storage account that changes pass through. */
    disks: z.array(z.string().max(1000).regex(disk, { error: "Give the Azure resource id of a managed disk." })).min(1).max(64).optional(),
    cache: z.string().max(1000).regex(storageAccount, { error: "Give the Azure resource id of a storage account." }).optional(),
  })
  .refine(...oneTarget)
  .refine((input) => input.plan === undefined || ofOneServer.every((key) => input[key] === undefined), { error: "A recovery plan takes no container, policy, group, disks or cache." })
  .refine((input) => (input.disks === undefined) === (input.cache === undefined), { error: "Give disks and cache together." });
type Input = z.output<typeof reprotectInput>;

export const asrReprotectFacts: ActionFacts = {
  type: "asr-reprotect",
  summary: "Replicates servers that failed over back to where they came from",
  schema: reprotectInput,
  undo: null,
  obligations: [{ id: "failback", text: "Decide when to fail back, and drill it before that" }],
  // The old copy is overwritten from here on.
  pointOfNoReturn: true,
  live: true,
  settles: ["re-protect"],
  settlingMs: defaultSettlingMs,
  permissions: permissionsFor("reProtect", [switchProtection]),
};

const known = ["A2A", "HyperVReplicaAzure"];

/** The action `asr-reprotect`: the direction of replication is turned; the copy at the old side is overwritten. */
export function asrReprotect(parts: SiteRecoveryParts): Action {
  return siteRecoveryAction(parts, {
    facts: asrReprotectFacts,
    schema: reprotectInput,
    what: "re-protection",
    // A single server between Azure regions may be offered the one or the other.
    allowedBy: () => ["ReverseReplicate", "SwitchProtection"],
    whenNotAllowed: "Re-protection follows a commit. Look at the servers' state in the vault.",
    idleOnly: false,
    scenario: null,
    refuse: refuseOtherProviders,
    preview: (subject, wanted) => ({
      recoveryPointRule: null,
      undo: "nothing takes this back",
      facts: [
        { label: "What happens", value: `Azure replicates ${count(subject.servers.length, "server")} ${directions[wanted.direction].words}` },
        ...(isSwitch(subject) ? whereTo(switchOf(subject, wanted)) : []),
        { label: "What is lost", value: "the servers and disks at the old side: they are overwritten" },
        { label: "Production", value: "goes on where it runs" },
        { label: "Undo", value: "none" },
      ],
    }),
    send: (subject, wanted, send) =>
      isSwitch(subject)
        ? parts.writer.switchProtection(subject.id, { replicationProtectedItemName: armName(subject.id), providerSpecificDetails: switchOf(subject, wanted) }, send)
        : parts.writer.reprotect(subject.id, subject.kind === "plan" ? null : { failoverDirection: directions[wanted.direction].azure, providerSpecificDetails: { instanceType: subject.providers[0] ?? "" } }, send),
    judge: ({ item: before }) => ({
      through: "succeeded",
      summary: (through, of) => `${through} of ${count(of, "server")} re-protected`,
      after: (item) => (["ReverseReplicate", "SwitchProtection"].some((word) => item.allowedOperations.includes(word)) ? { state: "not-yet", detail: "" } : { state: "reached", detail: before === undefined || before.toLowerCase() === item.id.toLowerCase() ? "replicates back" : `replicates back; from now on its id in the vault is ${item.id}` }),
      lagging: "the job has ended; Azure still asks for re-protection",
      never: () => "the job ended and Azure still asks for re-protection",
    }),
  });
}

function refuseOtherProviders({ name, providers }: Subject): void {
  const other = providers.find((provider) => !known.includes(provider));
  if (other === undefined && providers.length > 0) return;
  throw new DrillbookError("not-now", `Re-protection of ${name} is not known for its replication provider (${other ?? "unknown"}).`, `Providers that work: ${known.join(", ")}. Re-protect it in the vault.`);
}

/** Between Azure regions a single server is switched in its container; nobody re-protects it by itself. */
function isSwitch({ kind, providers }: Subject): boolean {
  return kind === "item" && providers[0] === "A2A";
}

/**
 * Where a server replicates to from now on: what the runbook says, or else back to where it came from, which is the container
 * that it still lies in, its policy, and the resource group that it ran in.
 */
function switchOf({ id, servers }: Subject, { container, policy, group, disks, cache }: Input) {
  const [server] = servers;
  const policyId = policy ?? server?.policy;
  const recoveryResourceGroupId = group ?? /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(server?.source ?? "")?.[0];
  if (disks !== undefined && recoveryResourceGroupId === undefined) throw new DrillbookError("not-now", "Azure does not say which resource group the server came from.", "Name the group in the runbook.");
  return {
    instanceType: "A2A",
    recoveryContainerId: container ?? id.replace(/\/replicationProtectedItems\/[^/]+$/i, ""),
    ...(policyId ? { policyId } : {}),
    ...(recoveryResourceGroupId === undefined ? {} : { recoveryResourceGroupId }),
    ...(disks === undefined || cache === undefined || recoveryResourceGroupId === undefined ? {} : { vmManagedDisks: disks.map((diskId) => ({ diskId, primaryStagingAzureStorageAccountId: cache, recoveryResourceGroupId })) }),
  };
}

function whereTo({ recoveryContainerId, policyId, recoveryResourceGroupId, vmManagedDisks }: ReturnType<typeof switchOf>): Preview["facts"] {
  return [
    { label: "Where to", value: `${armName(recoveryContainerId)}${policyId === undefined ? "" : ` by the policy ${armName(policyId)}`}` },
    ...(recoveryResourceGroupId === undefined ? [] : [{ label: "Resource group", value: armName(recoveryResourceGroupId) }]),
    { label: "Disks", value: vmManagedDisks === undefined ? "all, through the storage account that Azure chooses" : `${vmManagedDisks.map(({ diskId }) => armName(diskId)).join(", ")}, through ${armName(vmManagedDisks[0]?.primaryStagingAzureStorageAccountId ?? "")}` },
  ];
}
