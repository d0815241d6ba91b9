import assert from "node:assert/strict";
import { checkInputs } from "../../../src/runbooks/launch-check.ts";
import { catalogue, compileText } from "./example-catalogue.ts";

const { runbook } = compileText('---\nparameters:\n  every: { type: text }\n  from: { type: text }\n---\n# T\n\n## One\n\n```check example\nevery: ${every}\n```\n\n## Two\n\n```check http\nas: browser\nfrom: ${from}\ntargets: ["http://10.50.0.11/"]\n```\n');

describe("checking inputs at launch", () => {
  it("accepts values that fit", () => {
    assert.ok(runbook !== null);
    assert.deepEqual(checkInputs(runbook, { every: "15m", from: "web-01-test" }, catalogue), []);
  });

  it("says which step a value does not fit", () => {
    assert.ok(runbook !== null);
    const problems = checkInputs(runbook, { every: "often", from: "bot" }, catalogue);
    assert.deepEqual(problems.map((p) => [p.step, p.message]), [["one", "every: This is not a duration."], ["two", "The bot cannot reach an isolated network."]]);
  });

  it("says when a type is not installed any more", () => {
    assert.ok(runbook !== null);
    assert.equal(checkInputs(runbook, { every: "15m", from: "bot" }, { actions: new Map(), checks: new Map() }).length, 2);
  });

  it("looks at the check that a step waits for", () => {
    const { runbook: waits } = compileText("---\nparameters:\n  often: { type: text }\n---\n# T\n\n## Settle\n\n```wait example\nevery: 30s\nlimit: 10m\ntext: ${often}\n```\n");
    assert.ok(waits !== null);
    assert.equal(checkInputs(waits, { often: "x" }, { actions: new Map(), checks: new Map() }).length, 1);
  });
});
