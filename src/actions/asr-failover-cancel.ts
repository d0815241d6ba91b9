import { z } from "zod";
import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { defaultSettlingMs } from "./parts.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { count } from "./servers.ts";
import { siteRecoveryAction } from "./site-recovery-action.ts";
import { permissionsFor } from "./site-recovery-permissions.ts";
import { oneTarget, targetKeys } from "./subject.ts";

const cancelInput = z.strictObject({ ...targetKeys }).refine(...oneTarget);

export const asrFailoverCancelFacts: ActionFacts = {
  type: "asr-failover-cancel",
  summary: "Cancels a failover that was not committed, where Azure allows it",
  schema: cancelInput,
  undo: null,
  obligations: [{ id: "service-back", text: "Prove that the service works again where it ran before" }],
  live: true,
  settles: ["commit", "re-protect", "backup"],
  settlingMs: defaultSettlingMs,
  permissions: permissionsFor("failoverCancel"),
};

/** The action `asr-failover-cancel`: the servers go back to where they ran before a failover that nobody committed. */
export function asrFailoverCancel(parts: SiteRecoveryParts): Action {
  return siteRecoveryAction(parts, {
    facts: asrFailoverCancelFacts,
    schema: cancelInput,
    what: "cancelling a failover",
    allowedBy: () => ["CancelFailover"],
    whenNotAllowed: "Azure cancels some Hyper-V failovers until they are committed, and none from Azure to Azure. Go forward: commit and re-protect.",
    idleOnly: false,
    scenario: null,
    refuse: () => undefined,
    preview: ({ servers }) => ({
      recoveryPointRule: null,
      undo: "nothing takes this back; a new failover can be started",
      facts: [
        { label: "What happens", value: `Azure cancels the failover of ${count(servers.length, "server")}` },
        { label: "What is lost", value: "what was written since the failover" },
        { label: "Production", value: "runs again where it ran before" },
        { label: "Undo", value: "none" },
      ],
    }),
    send: (subject, _, send) => parts.writer.failoverCancel(subject.id, send),
    judge: () => ({
      through: "succeeded",
      summary: (through, of) => `${through} of ${count(of, "failover")} cancelled`,
      after: (item) => (item.allowedOperations.includes("CancelFailover") ? { state: "not-yet", detail: "" } : { state: "reached", detail: `runs on the ${item.activeLocation.toLowerCase() || "former"} side` }),
      lagging: "the job has ended; Azure still shows the failover",
      never: () => "the job ended and Azure still shows the failover",
    }),
    needed: (subject) =>
      subject.allowedOperations.includes("CancelFailover") ? { needed: true, why: `the failover of ${subject.name} can be cancelled` } : { needed: false, why: `Azure offers no cancelling of a failover of ${subject.name}` },
  });
}
