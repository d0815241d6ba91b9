import { z } from "zod";
import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { defaultSettlingMs } from "./parts.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { count } from "./servers.ts";
import { siteRecoveryAction } from "./site-recovery-action.ts";
import { permissionsFor } from "./site-recovery-permissions.ts";
import { oneTarget, targetKeys } from "./subject.ts";

const commitInput = z.strictObject({ ...targetKeys }).refine(...oneTarget);

export const asrFailoverCommitFacts: ActionFacts = {
  type: "asr-failover-commit",
  summary: "Commits a failover: its other recovery points are deleted",
  schema: commitInput,
  undo: null,
  obligations: [{ id: "re-protect", text: "Re-protect the servers: until then nothing replicates back" }],
  pointOfNoReturn: true,
  live: true,
  settles: ["commit"],
  settlingMs: defaultSettlingMs,
  permissions: permissionsFor("failoverCommit"),
};

/** The action `asr-failover-commit`, after which the recovery point cannot be changed and the failover not cancelled. */
export function asrFailoverCommit(parts: SiteRecoveryParts): Action {
  return siteRecoveryAction(parts, {
    facts: asrFailoverCommitFacts,
    schema: commitInput,
    what: "a commit",
    allowedBy: () => ["Commit"],
    whenNotAllowed: "A commit follows a failover that has ended. Look at the servers' state in the vault.",
    // The failover that it ends may still be named as what is under way.
    idleOnly: false,
    scenario: null,
    refuse: () => undefined,
    preview: ({ servers }) => ({
      recoveryPointRule: null,
      undo: "nothing takes this back",
      facts: [
        { label: "What happens", value: `Azure commits the failover of ${count(servers.length, "server")}` },
        { label: "What is lost", value: "every other recovery point: the servers stay as they are now" },
        { label: "Production", value: "goes on where it runs" },
        { label: "Undo", value: "none: this is the point of no return" },
        { label: "Owed afterwards", value: "re-protect" },
      ],
    }),
    send: (subject, _, send) => parts.writer.failoverCommit(subject.id, send),
    judge: () => ({
      through: "succeeded",
      summary: (through, of) => `${through} of ${count(of, "server")} committed`,
      after: (item) => (item.allowedOperations.includes("Commit") ? { state: "not-yet", detail: "" } : { state: "reached", detail: "its failover is committed" }),
      lagging: "the job has ended; Azure still asks for the commit",
      never: () => "the job ended and Azure still asks for the commit",
    }),
  });
}
