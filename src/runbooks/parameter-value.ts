import type { Parameter } from "./runbook.ts";

export type ValueProblem = { readonly message: string; readonly suggestion: string };

const segment = "[A-Za-z0-9](?:[A-Za-z0-9._()-]{0,258}[A-Za-z0-9_()-])?";
const guid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const armId = new RegExp(`^/subscriptions/${guid}/resourceGroups/${segment}(?:/providers/${segment}(?:/${segment}/${segment}){1,8})?$`, "i");
const recoveryPlanId = new RegExp(`/providers/Microsoft\\.RecoveryServices/vaults/${segment}/replicationRecoveryPlans/${segment}$`, "i");
const serverId = new RegExp(`/providers/Microsoft\\.(?:Compute/virtualMachines|HybridCompute/machines)/${segment}$`, "i");

/** An id that stands for a value nobody knows yet, when a runbook is compiled before its launch. */
export const exampleIds = {
  "recovery-plan":
    "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/example/providers/Microsoft.RecoveryServices/vaults/example/replicationRecoveryPlans/example",
  server: "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/example/providers/Microsoft.HybridCompute/machines/example",
  "azure-resource":
    "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/example/providers/Microsoft.Network/virtualNetworks/example",
} as const;

/** Why a text cannot be the value of a parameter; null when it can. */
export function problemWithValue(parameter: Pick<Parameter, "type" | "choices">, value: string): ValueProblem | null {
  if (value.length > 1_000) return { message: "The value is longer than 1,000 characters.", suggestion: "Shorten it." };
  if (/[\p{Cc}\p{Bidi_C}\u2028\u2029]/u.test(value)) {
    return { message: "The value holds a line break or an invisible character.", suggestion: "Type it again on one line." };
  }
  switch (parameter.type) {
    case "text":
      return null;
    case "number":
      return /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/.test(value) ? null : { message: "The value is not a number.", suggestion: "Write digits only, for example 3 or 0.5." };
    case "choice":
      return parameter.choices.includes(value) ? null : { message: "The value is not one of the choices.", suggestion: `Use one of: ${parameter.choices.join(", ")}.` };
    case "recovery-plan":
      return armId.test(value) && recoveryPlanId.test(value)
        ? null
        : { message: "The value is not the full id of a recovery plan.", suggestion: "It begins with /subscriptions/ and ends with /replicationRecoveryPlans/<name>." };
    case "server":
      return armId.test(value) && serverId.test(value)
        ? null
        : { message: "The value is not the full id of a server.", suggestion: "It ends with /Microsoft.Compute/virtualMachines/<name> or /Microsoft.HybridCompute/machines/<name>." };
    case "azure-resource":
      return armId.test(value) ? null : { message: "The value is not the full id of an Azure resource.", suggestion: "It begins with /subscriptions/<id>/resourceGroups/; copy it from the resource's properties." };
  }
}
