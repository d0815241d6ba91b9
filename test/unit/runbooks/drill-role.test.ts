import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { catalogue } from "../../../src/composition.ts";
import { drillRole } from "../../../src/runbooks/drill-role.ts";

const file = "roles/drillbook-drills.json";

describe("the role for drills", () => {
  it("is the file that an administrator deploys (WRITE_ROLES=1 writes it anew)", () => {
    const text = `${JSON.stringify(drillRole(catalogue), null, 2)}\n`;
    if (process.env["WRITE_ROLES"] === "1") writeFileSync(file, text);
    assert.equal(readFileSync(file, "utf8"), text);
  });

  it("holds what every action and check declares, by name, and no real failover", () => {
    const { Actions } = drillRole(catalogue);
    for (const facts of [...catalogue.actions.values(), ...catalogue.checks.values()]) {
      assert.deepEqual(facts.permissions.filter((one) => !Actions.includes(one)), [], facts.type);
    }
    assert.deepEqual(Actions.filter((one) => /\*|(planned|unplanned)Failover|failoverCommit|reProtect|switchprotection/i.test(one)), []);
  });
});
