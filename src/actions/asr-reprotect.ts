import { z } from "zod";
import type { Action } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { armName } from "../runbooks/resource-id.ts";
import type { Json } from "../runbooks/runbook.ts";
import { directionKey, directions } from "./live.ts";
import { defaultSettlingMs } from "./parts.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { count } from "./servers.ts";
import { siteRecoveryAction } from "./site-recovery-action.ts";
import { permissionsFor } from "./site-recovery-permissions.ts";
import { oneTarget, targetKeys } from "./subject.ts";
import type { Subject } from "./subject.ts";

const inVault = (kind: string) => z.string().max(1000).regex(new RegExp(`^/subscriptions/[^/\\s]+/resourceGroups/[^/\\s]+/providers/Microsoft\\.RecoveryServices/vaults/[^/\\s]+/(?:[^/\\s]+/)*${kind}/[^/\\s?#]+$`, "i"), { error: `Give the Azure resource id of one of the vault's ${kind}.` });

const reprotectInput = z
  .strictObject({
    ...targetKeys,
    /** Which way data will flow: after a failover to the recovery side, back to the primary. */
    direction: directionKey.direction.unwrap().default("to-primary"),
    /** Of a single Azure server only: the container and the policy at the side that it replicates to from now on. */
    container: inVault("replicationProtectionContainers").optional(),
    policy: inVault("replicationPolicies").optional(),
  })
  .refine(...oneTarget)
  .refine((input) => input.plan === undefined || (input.container === undefined && input.policy === undefined), { error: "A recovery plan takes neither container nor policy." });
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
  permissions: permissionsFor("reProtect"),
};

const known = ["A2A", "HyperVReplicaAzure"];

/** The action `asr-reprotect`: the direction of replication is turned; the copy at the old side is overwritten. */
export function asrReprotect(parts: SiteRecoveryParts): Action {
  return siteRecoveryAction(parts, {
    facts: asrReprotectFacts,
    schema: reprotectInput,
    what: "re-protection",
    allowedBy: () => ["ReverseReplicate"],
    whenNotAllowed: "Re-protection follows a commit. Look at the servers' state in the vault.",
    idleOnly: false,
    scenario: null,
    refuse: refuseOtherProviders,
    preview: ({ servers }, wanted) => ({
      recoveryPointRule: null,
      undo: "nothing takes this back",
      facts: [
        { label: "What happens", value: `Azure replicates ${count(servers.length, "server")} ${directions[wanted.direction].words}` },
        ...(wanted.container === undefined ? [] : [{ label: "Where to", value: `${armName(wanted.container)}${wanted.policy === undefined ? "" : ` by the policy ${armName(wanted.policy)}`}` }]),
        { label: "What is lost", value: "the servers and disks at the old side: they are overwritten" },
        { label: "Production", value: "goes on where it runs" },
        { label: "Undo", value: "none" },
      ],
    }),
    send: (subject, wanted, send) => parts.writer.reprotect(subject.id, subject.kind === "plan" ? null : { failoverDirection: directions[wanted.direction].azure, providerSpecificDetails: detailsOf(subject, wanted) }, send),
    judge: () => ({
      through: "succeeded",
      summary: (through, of) => `${through} of ${count(of, "server")} re-protected`,
      after: (item) => (item.allowedOperations.includes("ReverseReplicate") ? { state: "not-yet", detail: "" } : { state: "reached", detail: "replicates back" }),
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

function detailsOf({ providers }: Subject, { container, policy }: Input): Json {
  const [instanceType = ""] = providers;
  if (instanceType !== "A2A") return { instanceType };
  return { instanceType, ...(container === undefined ? {} : { recoveryContainerId: container }), ...(policy === undefined ? {} : { policyId: policy }) };
}
