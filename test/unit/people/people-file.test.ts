import assert from "node:assert/strict";
import { DrillbookError } from "../../../src/errors.ts";
import { readPeople } from "../../../src/people/people-file.ts";

const good = `people:
  - { id: 3f2c, name: Ann Abel }
  - { id: 7b1d, name: Bo Berg }
groups:
  dr-operators: [3f2c]
  service-owners: [3f2c, 7b1d]
`;

describe("readPeople", () => {
  it("reads people and groups", () => {
    assert.deepEqual(readPeople(good, "p.yaml"), {
      people: [
        { id: "3f2c", name: "Ann Abel" },
        { id: "7b1d", name: "Bo Berg" },
      ],
      groups: { "dr-operators": ["3f2c"], "service-owners": ["3f2c", "7b1d"] },
      directory: {},
      foreign: {},
    });
  });

  it("reads groups that Entra fills, and people of other tenants", () => {
    const [group, tenant] = ["AAAAAAAA-1111-4222-8333-444444444444", "bbbbbbbb-1111-4222-8333-444444444444"];
    const read = readPeople(`people: [{ id: C0ffee, name: Vendor, tenant: ${tenant} }]\ngroups: { service-owners: { entra: ${group} } }\n`, "p.yaml");
    assert.deepEqual([read.groups, read.directory, read.foreign], [{}, { "service-owners": group.toLowerCase() }, { c0ffee: tenant }]);
    assert.throws(() => readPeople("people: []\ngroups: { service-owners: { entra: owners } }\n", "p.yaml"), { message: /object id of (an Entra|a) group/u });
    assert.throws(() => readPeople("people: []\ngroups: {}\n", "p.yaml"), { message: /at least one person/u });
  });

  it("knows a person by the same object id in capitals and in small letters", () => {
    const id = "ABCDEF01-1111-4222-8333-444444444444";
    const read = readPeople(`people: [{ id: ${id}, name: Ann Abel }]\ngroups: { dr-operators: [${id.toLowerCase()}] }\n`, "p.yaml");
    assert.deepEqual([read.people, read.groups], [[{ id: id.toLowerCase(), name: "Ann Abel" }], { "dr-operators": [id.toLowerCase()] }]);
    assert.throws(() => readPeople(`people: [{ id: ${id}, name: Ann }, { id: ${id.toLowerCase()}, name: Bo }]\ngroups: { a: [${id}] }\n`, "p.yaml"), { message: /two people/u });
  });

  const faults: readonly (readonly [string, string, string, RegExp])[] = [
    ["an unknown key at the top", `${good}admins: [3f2c]\n`, "7:1", /no key "admins"/],
    ["an unknown key of a person", good.replace("name: Bo Berg", "name: Bo, mail: bo@x"), "3:27", /no key "mail"/],
    ["a member who is nobody", good.replace("[3f2c, 7b1d]", "[3f2c, zzzz]"), "6:26", /nobody's id/],
    ["a member who stands in a group twice", good.replace("[3f2c, 7b1d]", "[3f2c, 3f2c]"), "6:26", /twice/],
    ["an id given twice", good.replace("7b1d, name", "3f2c, name"), "3:11", /two people/],
    ["a missing name", good.replace(", name: Bo Berg", ""), "3:5", /people\.1\.name/],
    ["an id with strange characters", good.replace("id: 3f2c", "id: <at>"), "2:11", /Entra object id/],
    ["an alias with strange characters", good.replace("dr-operators", "DR Operators"), "5:3", /alias/],
    ["a group of nobody", good.replace("[3f2c]", "[]"), "5:17", /at least one/],
    ["a group that is no list", good.replace("[3f2c]", "3f2c"), "5:17", /groups\.dr-operators/],
    ["a key given twice", good.replace("service-owners", "dr-operators"), "6:3", /unique/],
    ["broken YAML", "people: [\n", "2:1", /./],
    ["an alias of YAML", good.replace("[3f2c]", "&a [3f2c]").replace("[3f2c, 7b1d]", "*a"), "1:1", /alias/i],
    ["no groups", "people: [{ id: a, name: A }]\n", "1:1", /groups/],
    ["nothing at all", "", "1:1", /./],
    ["a list", "- a\n", "1:1", /./],
  ];
  for (const [what, text, place, message] of faults) {
    it(`refuses ${what} at ${place}`, () => {
      assert.throws(
        () => readPeople(text, "p.yaml"),
        (thrown) => {
          assert.ok(thrown instanceof DrillbookError);
          assert.equal(thrown.code, "bad-setting");
          assert.ok(thrown.message.startsWith(`DRILLBOOK_PEOPLE: p.yaml:${place}: `), thrown.message);
          assert.match(thrown.message, message);
          return true;
        },
      );
    });
  }
});
