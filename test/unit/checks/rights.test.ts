import assert from "node:assert/strict";
import { mayDo, rightsFor } from "../../../src/checks/rights.ts";

const grant = (actions: readonly string[], notActions: readonly string[] = []) => ({ actions, notActions });

describe("rights", () => {
  for (const [pattern, permission, covered] of [
    ["*", "Microsoft.Compute/virtualMachines/read", true],
    ["*/read", "Microsoft.Compute/virtualMachines/read", true],
    ["*/read", "Microsoft.Compute/virtualMachines/write", false],
    ["Microsoft.Compute/*", "microsoft.compute/virtualMachines/runCommands/write", true],
    ["Microsoft.Compute/*/read", "Microsoft.Compute/virtualMachines/instanceView/read", true],
    ["Microsoft.Compute/*/read", "Microsoft.Compute/read", false],
    ["Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/virtualMachines/read", true],
    ["Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/virtualMachines/readAll", false],
    ["Microsoft.Comp*", "Microsoft.Compute/virtualMachines/read", true],
    ["a*b*c", "abc", true],
    ["a*b*c", "acb", false],
    ["", "Microsoft.Compute/virtualMachines/read", false],
  ] as const) {
    it(`${pattern || "nothing"} ${covered ? "covers" : "does not cover"} ${permission}`, () => assert.equal(mayDo([grant([pattern])], permission), covered));
  }

  it("takes out what a grant takes out, and not what another gives", () => {
    const without = grant(["*"], ["Microsoft.Compute/virtualMachines/delete"]);
    assert.equal(mayDo([without], "Microsoft.Compute/virtualMachines/delete"), false);
    assert.equal(mayDo([without, grant(["Microsoft.Compute/virtualMachines/delete"])], "Microsoft.Compute/virtualMachines/delete"), true);
    assert.equal(mayDo([], "Microsoft.Compute/virtualMachines/read"), false);
  });

  it("asks at the resource that is named, otherwise where servers recover to, and never for a whole subscription", () => {
    const vault = "/subscriptions/s/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/v";
    const permissions = ["Microsoft.RecoveryServices/vaults/replicationJobs/read", "Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/skus/read", "Microsoft.Compute/locations/usages/read", "Microsoft.Compute/virtualMachines/read"];
    assert.deepEqual(rightsFor(permissions, { ids: [`${vault}/replicationRecoveryPlans/p`, vault.toUpperCase()], groups: ["/subscriptions/s/resourceGroups/rg-test"] }), [
      { permission: permissions[0], scope: vault.toUpperCase() },
      { permission: permissions[1], scope: "/subscriptions/s/resourceGroups/rg-test" },
    ]);
  });
});
