import { z } from "zod";
import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { machineId } from "./compute-parts.ts";
import type { ComputeParts } from "./compute-parts.ts";
import { powerAction, powerPermissions } from "./machine-power.ts";
import { defaultSettlingMs } from "./parts.ts";

const stopInput = z.strictObject({
  server: machineId,
  /** Whether the hardware is released too: it costs nothing then, and a dynamic public address is lost. */
  deallocate: z.boolean().default(true),
});

export const vmStopFacts: ActionFacts = {
  type: "vm-stop",
  summary: "Stops a virtual machine, and releases its hardware unless told otherwise",
  schema: stopInput,
  undo: "vm-start",
  settlingMs: defaultSettlingMs,
  permissions: powerPermissions(["deallocate", "powerOff"]),
};

/** The action `vm-stop`; its undo starts the machine again, unless it stood already. */
export function vmStop(parts: ComputeParts): Action {
  return powerAction(parts, {
    facts: vmStopFacts,
    schema: stopInput,
    power: ({ deallocate }) => (deallocate ? "deallocate" : "powerOff"),
    reached: ({ power, provisioning }, _, { deallocate }) => provisioning !== "updating" && (power === "deallocated" || (!deallocate && power === "stopped")),
    words: (power, { deallocate }) => {
      const undo = power === "running" || power === "unknown" ? "it is started again" : "nothing: it does not run now";
      return {
        undo,
        facts: [
          { label: "What happens", value: deallocate ? "Azure stops the machine and releases its hardware" : "Azure stops the machine and keeps its hardware" },
          { label: "What is lost", value: deallocate ? "what was only in memory, its temporary disk, and a dynamic public address" : "what was only in memory" },
          { label: "Undo", value: undo },
        ],
      };
    },
    back: (former, { server }) => (former === "running" || former === "unknown" ? { server } : null),
  });
}
