import { z } from "zod";
import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { armName } from "../runbooks/resource-id.ts";
import { bootEvidence } from "./boot-evidence.ts";
import { defaultSettlingMs } from "./parts.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { count, needsCleanup } from "./servers.ts";
import { siteRecoveryAction } from "./site-recovery-action.ts";
import { permissionsFor } from "./site-recovery-permissions.ts";
import { oneTarget, targetKeys } from "./subject.ts";
import type { Subject } from "./subject.ts";

const cleanupInput = z
  .strictObject({
    ...targetKeys,
    /** Kept by Azure with the job. */
    comments: z.string().max(1000).default("Drillbook"),
  })
  .refine(...oneTarget);

export const asrTestFailoverCleanupFacts: ActionFacts = {
  type: "asr-test-failover-cleanup",
  summary: "Deletes the test servers that a test failover of a recovery plan or of one server created",
  schema: cleanupInput,
  undo: null,
  settlingMs: defaultSettlingMs,
  permissions: permissionsFor("testFailoverCleanup", ["Microsoft.Compute/virtualMachines/retrieveBootDiagnosticsData/action"]),
};

/** The action `asr-test-failover-cleanup`, which takes `asr-test-failover` back. Nothing takes back a cleanup. */
export function asrTestFailoverCleanup(parts: SiteRecoveryParts): Action {
  const { boots } = parts;
  return siteRecoveryAction(parts, {
    facts: asrTestFailoverCleanupFacts,
    schema: cleanupInput,
    what: "a test failover cleanup",
    allowedBy: () => ["TestFailoverCleanup"],
    whenNotAllowed: "Wait until the job has ended. If test servers are left with no job, clean up each server in the vault.",
    // The test failover that waits for it is still under way in Azure's words.
    idleOnly: false,
    scenario: "TestFailoverCleanup",
    refuse: () => undefined,
    preview: ({ servers }) => {
      const left = servers.filter(needsCleanup);
      const names = left.map((s) => s.testServer?.name ?? s.name).join(", ");
      return {
        recoveryPointRule: null,
        undo: "nothing takes this back; a new test failover can be started",
        facts: [
          { label: "What happens", value: `Azure deletes ${count(left.length, "test server")}${names === "" ? "" : `: ${names}`}` },
          { label: "What is lost", value: "everything that was changed inside the test servers" },
          { label: "Production", value: "not touched; replication goes on" },
          { label: "Undo", value: "none" },
          { label: "Real outage meanwhile", value: "wait for the cleanup, then fail over" },
        ],
      };
    },
    send: (subject, wanted, send) => parts.writer.testFailoverCleanup(subject.id, wanted.comments, send),
    judge: () => ({
      through: "removed",
      summary: (through, of) => `${through} of ${of} test servers removed`,
      after: (item) => (needsCleanup(item) ? { state: "not-yet", detail: "" } : { state: "reached", detail: "its test server is gone" }),
      lagging: "the job has ended; Azure still shows the test server",
      never: (item) => `its test server ${item.testServer?.name ?? ""} still exists`.replace("  ", " "),
    }),
    needed: owed,
    ...(boots === undefined ? {} : { evidence: (subject, look) => bootEvidence(boots, subject.servers, look) }),
  });
}

function owed(subject: Subject): { needed: boolean; why: string } {
  const left = subject.servers.filter(needsCleanup);
  if (left.length > 0) return { needed: true, why: `${left.map((s) => s.testServer?.name ?? s.name).join(", ")} still exist in the test network` };
  if (subject.allowedOperations.includes("TestFailoverCleanup")) return { needed: true, why: `Azure says that a test failover of ${subject.name} waits for its cleanup` };
  if (subject.scenario?.name === "TestFailover") return { needed: true, why: `a test failover of ${subject.name} is under way (job ${armName(subject.scenario.jobId)})` };
  return { needed: false, why: `${subject.name} has no test failover to clean up` };
}
