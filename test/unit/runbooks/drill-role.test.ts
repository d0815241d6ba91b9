import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { catalogue } from "../../../src/composition.ts";
import { drillRole, failoverRole } from "../../../src/runbooks/drill-role.ts";

const roles = [
  ["roles/drillbook-drills.json", drillRole],
  ["roles/drillbook-failover.json", failoverRole],
] as const;

describe("the roles", () => {
  for (const [file, role] of roles) {
    it(`${file} is what an administrator deploys (WRITE_ROLES=1 writes it anew)`, () => {
      const text = `${JSON.stringify(role(catalogue), null, 2)}\n`;
      if (process.env["WRITE_ROLES"] === "1") writeFileSync(file, text);
      assert.equal(readFileSync(file, "utf8"), text);
    });
  }

  it("hold what every action and check declares, by name, and the one for drills no real failover", () => {
    const [drills, failover] = [drillRole(catalogue).Actions, failoverRole(catalogue).Actions];
    for (const facts of [...catalogue.actions.values(), ...catalogue.checks.values()]) {
      assert.deepEqual(facts.permissions.filter((one) => !failover.includes(one)), [], facts.type);
      if (!("live" in facts && facts.live === true)) assert.deepEqual(facts.permissions.filter((one) => !drills.includes(one)), [], facts.type);
    }
    assert.deepEqual([...drills, ...failover].filter((one) => one.includes("*")), []);
    assert.deepEqual(drills.filter((one) => /(planned|unplanned)Failover|failoverCommit|failoverCancel|reProtect|switchprotection|trafficManager.*write|dnsZones.*write/i.test(one)), []);
    for (const word of ["unplannedFailover", "plannedFailover", "failoverCommit", "failoverCancel", "reProtect"]) assert.ok(failover.some((one) => one.endsWith(`/${word}/action`)), word);
  });
});
