import assert from "node:assert/strict";
import { resolve } from "../../../src/runbooks/resolve.ts";
import type { Parameter } from "../../../src/runbooks/runbook.ts";

const vault = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv-payroll";
const plan = `${vault}/replicationRecoveryPlans/rp-payroll`;
const network = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-dr/providers/Microsoft.Network/virtualNetworks/vnet-dr-isolated";

const parameter = (name: string, type: Parameter["type"], more: Partial<Parameter> = {}): Parameter => ({ name, type, label: name, choices: [], default: null, ...more });
const runbook = {
  parameters: [
    parameter("plan", "recovery-plan", { label: "Recovery plan" }),
    parameter("network", "azure-resource"),
    parameter("count", "number", { default: "3" }),
    parameter("colour", "choice", { choices: ["red", "green"], default: "red" }),
    parameter("note", "text", { default: "" }),
  ],
};
const good = { plan, network };

describe("resolving what was given at launch", () => {
  it("adds defaults and trims", () => {
    assert.deepEqual(resolve(runbook, { plan: ` ${plan} `, network, colour: "green" }), {
      params: { plan, network, count: "3", colour: "green", note: "" },
      problems: [],
    });
  });

  it("says everything that is wrong at once", () => {
    const { problems } = resolve(runbook, { netwrk: network, count: "many", colour: "blue", note: "two\nlines" });
    assert.deepEqual(
      problems.map((p) => [p.parameter, p.message, p.suggestion]),
      [
        ["netwrk", "This runbook has no such parameter.", "Did you mean `network`?"],
        ["plan", "Recovery plan is missing.", "Give a value: the runbook sets none."],
        ["network", "network is missing.", "Give a value: the runbook sets none."],
        ["count", "The value is not a number.", "Write digits only, for example 3 or 0.5."],
        ["colour", "The value is not one of the choices.", "Use one of: red, green."],
        ["note", "The value holds a line break or an invisible character.", "Type it again on one line."],
      ],
    );
  });

  const refused: [string, Record<string, string>][] = [
    ["a plan that is another resource", { plan: network }],
    ["a plan without its subscription", { plan: "rp-payroll" }],
    ["a path that climbs", { network: `${vault}/../../secret` }],
    ["a query behind an id", { network: `${network}?api-version=1` }],
    ["an id with an escape", { network: `${network}%2f..` }],
    ["a number in words that JavaScript would take", { count: "0x10" }],
    ["infinity", { count: "Infinity" }],
    ["a choice in other capitals", { colour: "Red" }],
    ["an endless text", { note: "a".repeat(1_001) }],
    ["a text that turns the reading direction", { note: "\u202eabc" }],
  ];
  for (const [name, given] of refused) {
    it(`refuses ${name}`, () => assert.equal(resolve(runbook, { ...good, ...given }).problems.length, 1));
  }

  it("takes ids in whatever capitals Azure gives them", () => {
    assert.deepEqual(resolve(runbook, { plan: plan.toUpperCase(), network: network.toLowerCase() }).problems, []);
  });

  it("is not fooled by names that every object has", () => {
    assert.equal(resolve({ parameters: [parameter("constructor", "text")] }, {}).problems.length, 1);
    assert.equal(resolve(runbook, { ...good, toString: "x" }).problems.length, 1);
  });
});
