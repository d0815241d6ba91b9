import type { Action } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import type { ComputeParts } from "./compute-parts.ts";
import { machineInput, powerAction, powerPermissions } from "./machine-power.ts";
import { defaultSettlingMs } from "./parts.ts";

export const vmStartFacts: ActionFacts = {
  type: "vm-start",
  summary: "Starts a virtual machine",
  schema: machineInput,
  undo: "vm-stop",
  settlingMs: defaultSettlingMs,
  permissions: powerPermissions(["start"]),
};

/** The action `vm-start`; its undo stops the machine again, unless it ran already. */
export function vmStart(parts: ComputeParts): Action {
  return powerAction(parts, {
    facts: vmStartFacts,
    schema: machineInput,
    power: () => "start",
    reached: ({ power, provisioning }) => power === "running" && provisioning !== "updating",
    words: (power) => {
      const undo = power === "running" ? "nothing: it runs already" : power === "stopped" ? "it is stopped again" : "it is stopped and its hardware released again";
      return { undo, facts: [{ label: "What happens", value: power === "running" ? "Azure is asked to start a machine that runs already" : "Azure starts the machine" }, { label: "Undo", value: undo }] };
    },
    back: (former, { server }) => (former === "running" || former === "unknown" ? null : { server, deallocate: former === "deallocated" }),
  });
}
