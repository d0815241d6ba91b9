import assert from "node:assert/strict";
import fc from "fast-check";
import { assertNetworkId, jobIdIn, parseArmId, parseContainerOfItem, parseJobId, parseMachineId, parsePlanId, sameId } from "../../../src/azure/arm-id.ts";

const vault = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv";
const refused = (parse: (text: string) => unknown, text: string) => assert.throws(() => parse(text), (error: { code?: string }) => error.code === "bad-input", text);

describe("ARM ids", () => {
  it("are taken apart, however Azure spells them", () => {
    assert.equal(parsePlanId(`${vault}/replicationRecoveryPlans/rp`).plan, "rp");
    assert.equal(parseJobId(`${vault.replace("/s", "/S")}/replicationJobs/58776d0b-3141-48b2-a377-9ad863eb160d`).vault, "rsv");
    const item = `${vault}/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/i`;
    assert.deepEqual([parseContainerOfItem(item).fabric, parseContainerOfItem(item).container], ["f", "c"]);
    assert.ok(sameId(jobIdIn(parsePlanId(`${vault}/replicationRecoveryPlans/rp`), "J"), `${vault}/replicationjobs/j`));
  });

  it("of another kind are refused", () => {
    refused(parsePlanId, vault);
    refused(parsePlanId, `${vault}/replicationJobs/rp`);
    refused(parseJobId, `${vault}/replicationRecoveryPlans/rp`);
    refused(parseMachineId, `${vault}/replicationJobs/j`);
    refused(assertNetworkId, vault);
  });

  it("that could lead to another path are refused", () => {
    const tricks = ["", "rp", `${vault}/replicationRecoveryPlans/..`, `${vault}/replicationRecoveryPlans/rp/`, `${vault}/replicationRecoveryPlans/rp?x=1`, `${vault}/replicationRecoveryPlans/r%2fp`, `${vault}/replicationRecoveryPlans/r p`, `${vault}/replicationRecoveryPlans/rp#x`, `https://evil.example${vault}/replicationRecoveryPlans/rp`, `${vault}//rp`, `${vault}/replicationRecoveryPlans/rp\n`, `${vault}/replicationRecoveryPlans/a.`, vault.replace("00000000-", "x-")];
    for (const trick of tricks) refused(parsePlanId, trick);
  });

  it("never let a character through that means something in a URL", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        try {
          const { names } = parseArmId(`${vault}/replicationRecoveryPlans/${name}`);
          assert.doesNotMatch(names.join(""), /[/?#%\\:@\s]|^\.+$/);
        } catch (error) {
          assert.equal(error instanceof Error && "code" in error && error.code, "bad-input");
        }
      }),
    );
  });
});
