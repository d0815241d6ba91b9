import { z } from "zod";
import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import type { Json } from "../runbooks/runbook.ts";
import { directionKey, directions, failoverObligations, movedTo, refuseWrongSide } from "./live.ts";
import { defaultSettlingMs } from "./parts.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { planEntries, pointKeys, pointOf, pointRule, pointWords, refuseOldReplicas, refuseUnknownPoint } from "./recovery-points.ts";
import { count } from "./servers.ts";
import { siteRecoveryAction } from "./site-recovery-action.ts";
import { permissionsFor, readPoints, resumeJob } from "./site-recovery-permissions.ts";
import { oneTarget, targetKeys } from "./subject.ts";

const failoverInput = z
  .strictObject({
    ...targetKeys,
    ...directionKey,
    ...pointKeys,
    /** Whether Azure tries to shut the source servers down first. It goes on when it cannot. */
    shutDownSource: z.boolean().default(true),
  })
  .refine(...oneTarget);

export const asrUnplannedFailoverFacts: ActionFacts = {
  type: "asr-unplanned-failover",
  summary: "Fails a recovery plan or one server over for real, with or without its source",
  schema: failoverInput,
  undo: null,
  obligations: failoverObligations,
  // Azure offers no way back for Azure to Azure; what leads back is a failback.
  pointOfNoReturn: true,
  live: true,
  settlingMs: defaultSettlingMs,
  permissions: permissionsFor("unplannedFailover", [readPoints, resumeJob]),
};

/** The action `asr-unplanned-failover`: production moves; what was not replicated is lost. */
export function asrUnplannedFailover(parts: SiteRecoveryParts): Action {
  return siteRecoveryAction(parts, {
    facts: asrUnplannedFailoverFacts,
    schema: failoverInput,
    what: "a failover",
    allowedBy: () => ["UnplannedFailover"],
    whenNotAllowed: "A test failover that was not cleaned up blocks a real one: clean up first. Otherwise look at the servers' state in the vault.",
    idleOnly: true,
    // Recordings of test failovers name their job by the operation; for real ones nothing is recorded, so the tag decides.
    scenario: null,
    failoverType: "UnplannedFailover",
    refuse(subject, wanted) {
      refuseWrongSide(subject, wanted.direction);
      refuseUnknownPoint(subject, wanted, "A failover");
      refuseOldReplicas(subject.servers, wanted);
    },
    preview: ({ servers }, wanted) => ({
      recoveryPointRule: pointRule(wanted),
      undo: "nothing takes this back; a failback brings the servers home",
      facts: [
        { label: "What happens", value: `Azure fails ${count(servers.length, "server")} over for real, ${directions[wanted.direction].words}` },
        { label: "From when", value: pointWords(servers, wanted) },
        { label: "Production", value: wanted.shutDownSource ? "shut down where it can be reached, and started on the other side" : "NOT shut down: make sure that nobody writes to it any more" },
        { label: "What is lost", value: "what was written after the recovery point" },
        { label: "Undo", value: "none; until the commit the recovery point can be changed in the vault" },
        { label: "Owed afterwards", value: "commit, re-protect, a backup on the other side" },
      ],
    }),
    async send(subject, wanted, send) {
      const common = { failoverDirection: directions[wanted.direction].azure, sourceSiteOperations: wanted.shutDownSource ? "Required" : "NotRequired" };
      if (subject.kind === "plan") return parts.writer.unplannedFailover(subject.id, { ...common, providerSpecificDetails: planEntries(subject, wanted) }, send);
      const instanceType = subject.providers[0] ?? "";
      const recoveryPointId = await pointOf(parts.reader, subject, wanted, parts.clock(), send);
      // A string on the wire, and required.
      const shutdown: Json = instanceType === "InMageRcm" ? { performShutdown: String(wanted.shutDownSource) } : {};
      return parts.writer.unplannedFailover(subject.id, { ...common, providerSpecificDetails: { instanceType, ...shutdown, recoveryPointId } }, send);
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
