import { z } from "zod";
import type { ProtectedServer } from "../checks/ports.ts";
import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { parseDuration } from "../runbooks/duration.ts";
import { durationText, sayDuration } from "../runbooks/duration-text.ts";
import { armGroup, armName, virtualNetworkId } from "../runbooks/resource-id.ts";
import type { Json } from "../runbooks/runbook.ts";
import { defaultSettlingMs } from "./parts.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { planEntries, pointKeys, pointOf, pointRule, pointWords, refuseOldReplicas, refuseUnknownPoint } from "./recovery-points.ts";
import { count, needsCleanup } from "./servers.ts";
import { siteRecoveryAction } from "./site-recovery-action.ts";
import { permissionsFor, readPoints, resumeJob } from "./site-recovery-permissions.ts";
import type { Seen } from "./site-recovery-progress.ts";
import { oneTarget, sameTarget, targetKeys } from "./subject.ts";

const testFailoverInput = z
  .strictObject({
    ...targetKeys,
    network: virtualNetworkId,
    ...pointKeys,
    keepUntil: durationText({ min: 60_000, max: 14 * 86_400_000 }).optional(),
  })
  .refine(...oneTarget);

export const asrTestFailoverFacts: ActionFacts = {
  type: "asr-test-failover",
  summary: "Starts test servers from the replicas of a recovery plan or of one server, in an isolated network",
  schema: testFailoverInput,
  undo: "asr-test-failover-cleanup",
  settlingMs: defaultSettlingMs,
  permissions: permissionsFor("testFailover", [readPoints, resumeJob]),
};

/** The action `asr-test-failover`: test servers in an isolated network; production and replication go on. */
export function asrTestFailover(parts: SiteRecoveryParts): Action {
  return siteRecoveryAction(parts, {
    facts: asrTestFailoverFacts,
    schema: testFailoverInput,
    what: "a test failover",
    allowedBy: () => ["TestFailover"],
    whenNotAllowed: "Bring the servers back to a protected, idle state in the vault first.",
    idleOnly: true,
    scenario: "TestFailover",
    failoverType: "TestFailover",
    refuse(subject, wanted) {
      refuseUnknownPoint(subject, wanted, "A test failover");
      refuseOldReplicas(subject.servers, wanted);
    },
    preview: ({ servers }, wanted) => ({
      recoveryPointRule: pointRule(wanted),
      undo: "test failover cleanup",
      facts: [
        { label: "What happens", value: `Azure creates ${count(servers.length, "test server")} from ${servers.length === 1 ? "its replica" : "their replicas"}` },
        { label: "Where", value: `${armName(wanted.network)} in ${armGroup(wanted.network)}; Azure enforces no isolation: Drillbook reads it before an exercise starts, and again only where the runbook checks it` },
        { label: "From when", value: pointWords(servers, wanted) },
        { label: "Production", value: "not touched; replication goes on" },
        { label: "Undo", value: `test failover cleanup, by itself at the end or on abort${wanted.keepUntil === undefined ? "" : `; kept for ${sayDuration(parseDuration(wanted.keepUntil) ?? 0)} at most`}` },
        { label: "Real outage meanwhile", value: `cleanup first: until then Azure fails ${servers.length === 1 ? "this server" : "none of these servers"} over` },
      ],
    }),
    async send(subject, wanted, send) {
      const common = { failoverDirection: "PrimaryToRecovery", networkType: "VmNetworkAsInput", networkId: wanted.network };
      if (subject.kind === "plan") return parts.writer.testFailover(subject.id, { ...common, providerSpecificDetails: planEntries(subject, wanted) }, send);
      const instanceType = subject.providers[0] ?? "";
      const recoveryPointId = await pointOf(parts.reader, subject, wanted, parts.clock(), send);
      // VMware's own entry names the network once more.
      const network: Json = instanceType === "InMageRcm" ? { networkId: wanted.network } : {};
      return parts.writer.testFailover(subject.id, { ...common, providerSpecificDetails: { instanceType, ...network, recoveryPointId } }, send);
    },
    judge: () => ({
      through: "succeeded",
      summary: (through, of) => `${through} of ${count(of, "server")} up`,
      meanwhile: (item) => (item.testServer ? `test server ${item.testServer.name}` : ""),
      after: shown,
      lagging: "the job has ended; Azure does not show the test server yet",
      never: () => "the job ended and Azure shows no test server",
    }),
    undoInput: (wanted, drill) => ({ ...sameTarget(wanted), comments: `Drillbook drill ${drill}` }),
  });
}

function shown(item: ProtectedServer): Seen {
  if (/fail/i.test(item.testFailoverState)) return { state: "failed", detail: `its test failover failed (${item.testFailoverState})` };
  if (needsCleanup(item)) return { state: "reached", detail: item.testServer ? `test server ${item.testServer.name}` : "test server, which Azure does not name" };
  return { state: "not-yet", detail: "" };
}
