import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import type { ComputeParts } from "./compute-parts.ts";
import { machineInput, powerAction, powerPermissions } from "./machine-power.ts";
import { defaultSettlingMs } from "./parts.ts";

export const vmRestartFacts: ActionFacts = {
  type: "vm-restart",
  summary: "Restarts a virtual machine",
  schema: machineInput,
  undo: null,
  obligations: [{ id: "service-up", text: "Prove that what the machine serves is up again" }],
  settlingMs: defaultSettlingMs,
  permissions: powerPermissions(["restart"]),
};

/** A machine whose changes Azure does not date counts as restarted when it runs this long after the request. */
const undatedMs = 120_000;

/** The action `vm-restart`. It takes nothing back; the machine counts as restarted when Azure dates its last change after the request. */
export function vmRestart(parts: ComputeParts): Action {
  return powerAction(parts, {
    facts: vmRestartFacts,
    schema: machineInput,
    power: () => "restart",
    reached({ power, provisioning, provisionedAt }, { startedAt, now }) {
      if (power !== "running" || provisioning === "updating") return false;
      return provisionedAt === null ? now - startedAt >= undatedMs : Date.parse(provisionedAt) >= startedAt;
    },
    words: () => ({
      undo: "nothing takes this back",
      facts: [
        { label: "What happens", value: "Azure restarts the machine" },
        { label: "What is lost", value: "what was only in memory" },
        { label: "Undo", value: "none" },
      ],
    }),
    back: () => null,
  });
}
