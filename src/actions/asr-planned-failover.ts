import { z } from "zod";
import type { Action } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import type { Json } from "../runbooks/runbook.ts";
import { directionKey, directions, failoverObligations, movedTo, refuseWrongSide } from "./live.ts";
import { defaultSettlingMs } from "./parts.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { count } from "./servers.ts";
import { siteRecoveryAction } from "./site-recovery-action.ts";
import { permissionsFor, resumeJob } from "./site-recovery-permissions.ts";
import { oneTarget, targetKeys } from "./subject.ts";
import type { Subject } from "./subject.ts";

const failoverInput = z
  .strictObject({
    ...targetKeys,
    ...directionKey,
    /** On the way back: copy while the servers are down, or first copy and then stop them for the rest. */
    dataSync: z.enum(["for-downtime", "for-synchronization"]).default("for-downtime"),
  })
  .refine(...oneTarget);
type Input = z.output<typeof failoverInput>;

export const asrPlannedFailoverFacts: ActionFacts = {
  type: "asr-planned-failover",
  summary: "Fails a recovery plan or one Hyper-V server over for real without losing data, or back",
  schema: failoverInput,
  undo: null,
  obligations: failoverObligations,
  live: true,
  settlingMs: defaultSettlingMs,
  permissions: permissionsFor("plannedFailover", [resumeJob]),
};

/** The action `asr-planned-failover`: production is stopped, the rest of its data copied, and started on the other side. */
export function asrPlannedFailover(parts: SiteRecoveryParts): Action {
  return siteRecoveryAction(parts, {
    facts: asrPlannedFailoverFacts,
    schema: failoverInput,
    what: "a planned failover",
    allowedBy: ({ direction }) => (direction === "to-recovery" ? ["PlannedFailover"] : ["Failback", "PlannedFailover"]),
    whenNotAllowed: "A test failover that was not cleaned up blocks a real one: clean up first. Otherwise look at the servers' state in the vault.",
    idleOnly: true,
    scenario: null,
    failoverType: "PlannedFailover",
    refuse(subject, wanted) {
      refuseWrongSide(subject, wanted.direction);
      refuseOtherProviders(subject);
    },
    preview: ({ servers }, wanted) => ({
      recoveryPointRule: null,
      undo: "cancelling the failover, where Azure allows it, until the commit",
      facts: [
        { label: "What happens", value: `Azure fails ${count(servers.length, "server")} over for real, ${directions[wanted.direction].words}` },
        { label: "From when", value: "now: the servers are stopped and what is still missing is copied" },
        { label: "Production", value: "shut down, and started on the other side" },
        { label: "What is lost", value: "nothing, when the last copy succeeds" },
        { label: "Undo", value: "asr-failover-cancel, where Azure allows it, until the commit" },
        { label: "Owed afterwards", value: "commit, re-protect, a backup on the other side" },
      ],
    }),
    send(subject, wanted, send) {
      const entry = entryOf(wanted);
      const providerSpecificDetails = subject.kind === "plan" ? [entry] : entry;
      return parts.writer.plannedFailover(subject.id, { failoverDirection: directions[wanted.direction].azure, providerSpecificDetails }, send);
    },
    judge: (wanted) => ({
      through: "succeeded",
      summary: (through, of) => `${through} of ${count(of, "server")} failed over`,
      after: (item) => (movedTo(item, wanted.direction) ? { state: "reached", detail: `runs on the ${directions[wanted.direction].to.toLowerCase()} side` } : { state: "not-yet", detail: "" }),
      lagging: "the job has ended; Azure does not show the server on the other side yet",
      never: () => "the job ended and Azure does not show the server on the other side",
    }),
  });
}

function refuseOtherProviders({ name, providers }: Subject): void {
  const other = providers.find((provider) => provider !== "HyperVReplicaAzure");
  if (other === undefined && providers.length > 0) return;
  throw new DrillbookError("not-now", `A planned failover of ${name} is not known for its replication provider (${other ?? "unknown"}).`, "Azure has planned failovers for Hyper-V to Azure. For Azure to Azure use asr-unplanned-failover with shutDownSource.");
}

function entryOf({ direction, dataSync }: Input): Json {
  if (direction === "to-recovery") return { instanceType: "HyperVReplicaAzure" };
  return { instanceType: "HyperVReplicaAzureFailback", dataSyncOption: dataSync === "for-downtime" ? "ForDownTime" : "ForSynchronization", recoveryVmCreationOption: "NoAction" };
}
