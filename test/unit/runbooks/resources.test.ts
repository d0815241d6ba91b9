import assert from "node:assert/strict";
import { exampleIds } from "../../../src/runbooks/parameter-value.ts";
import { readResources } from "../../../src/runbooks/resources-file.ts";
import { resolve } from "../../../src/runbooks/resolve.ts";
import { catalogue, compileText } from "./example-catalogue.ts";

const id = exampleIds["azure-resource"];

describe("aliases of resources", () => {
  it("stand for ids in blocks, defaults and at launch", () => {
    const { runbook } = compileText("---\nparameters: { net: { type: azure-resource, default: dr-network } }\n---\n# T\n\n## S\n\n```check example\ntext: \"${resource.dr-network} $${x} ${net}\"\n```\n");
    const [step] = runbook?.steps ?? [];
    assert.ok(runbook && step?.kind === "check");
    assert.deepEqual([step.input, runbook.parameters[0]?.default], [{ text: `${id} $\${x} \${net}` }, id]);
    assert.deepEqual(resolve(runbook, { net: "dr-network" }, catalogue.resources).params, { net: id });
    assert.equal(resolve(runbook, { net: "nobody" }, catalogue.resources).problems.length, 1);
  });

  it("that the configuration does not name are refused", () => {
    const { diagnostics } = compileText("# T\n\n## S\n\n```check example\ntext: ${resource.dr-netwrk}\n```\n");
    assert.deepEqual(diagnostics.map((d) => [d.from.column, d.rule, d.suggestion]), [[7, "unknown-parameter", "Did you mean `dr-network`?"]]);
  });

  it("are read from a file, and every fault has its place", () => {
    assert.deepEqual(readResources(`# ours\ndr-network: ${id}\n`, "r.yaml"), new Map([["dr-network", id]]));
    assert.deepEqual(readResources("# nothing\n", "r.yaml"), new Map());
    for (const [text, said] of [
      ["a: b", "r.yaml:1:4:"],
      [`ok: ${id}\nB: ${id}`, "r.yaml:2:1:"],
      ["- a", "r.yaml:1:1:"],
      ["a: &x b", "r.yaml:1:7:"],
      ["a: 3", "r.yaml:1:4:"],
      ["a: [", "r.yaml:1:5:"],
    ] as const) {
      assert.throws(() => readResources(text, "r.yaml"), (thrown: Error) => thrown.message.includes(said), text);
    }
  });
});
