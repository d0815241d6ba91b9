import assert from "node:assert/strict";
import { DrillbookError } from "../../../src/errors.ts";
import { membersOf, resolveRoles } from "../../../src/people/people.ts";
import { rehearsalPeople } from "../../../src/people/rehearsal-people.ts";

const names = (roles: ReturnType<typeof resolveRoles>, role: string) => roles[role]?.map((person) => person.name);

describe("membersOf", () => {
  it("gives a group's ids, and null for a group that does not exist", () => {
    assert.deepEqual(membersOf(rehearsalPeople.groups, "service-owners"), ["rehearsal-amir", "rehearsal-bea"]);
    for (const alias of ["nobody", "constructor", "__proto__", "toString"]) assert.equal(membersOf(rehearsalPeople.groups, alias), null);
  });
});

describe("resolveRoles", () => {
  it("fills the roles of a runbook and the usual ones it leaves out", () => {
    const roles = resolveRoles({ approver: "service-owners", deputy: "dr-managers" }, rehearsalPeople);
    assert.deepEqual(Object.keys(roles).sort(), ["approver", "deputy", "operator", "owner", "reviewer"]);
    assert.deepEqual(names(roles, "operator"), ["Olivia Okafor"]);
    assert.deepEqual(names(roles, "approver"), ["Amir Haddad", "Bea Lind"]);
    assert.deepEqual(names(roles, "deputy"), ["Dana Weiss"]);
    assert.deepEqual(names(roles, "owner"), ["Olivia Okafor"]);
    assert.deepEqual(names(roles, "reviewer"), ["Ravi Menon"]);
  });

  it("lets the runbook say who fills a usual role", () => {
    assert.deepEqual(names(resolveRoles({ operator: "dr-managers" }, rehearsalPeople), "operator"), ["Dana Weiss"]);
  });

  it("refuses an unknown group, naming role and alias", () => {
    assert.throws(
      () => resolveRoles({ deputy: "constructor" }, rehearsalPeople),
      (thrown) => thrown instanceof DrillbookError && thrown.code === "bad-input" && /"deputy".*"constructor"/.test(thrown.message),
    );
  });

  it("names every group that is missing at once", () => {
    assert.throws(
      () => resolveRoles({ deputy: "nobody-1", lead: "nobody-2" }, rehearsalPeople),
      (thrown) => thrown instanceof DrillbookError && /"deputy".*"nobody-1".*"lead".*"nobody-2"/.test(thrown.message) && /Add the groups "nobody-1", "nobody-2"/.test(thrown.suggestion),
    );
  });
});
