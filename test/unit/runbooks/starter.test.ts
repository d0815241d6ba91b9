import assert from "node:assert/strict";
import { catalogue } from "../../../src/composition.ts";
import { compile } from "../../../src/runbooks/compile.ts";
import { starter } from "../../../src/runbooks/starter.ts";

describe("the starter", () => {
  it("lints clean, whatever it is called", () => {
    for (const title of ["Mail failover", "a\u202eb\n# c", "", "`x` **y**"]) {
      const { runbook, diagnostics } = compile(new TextEncoder().encode(starter("mail-failover", title)), "mail-failover.md", catalogue);
      assert.deepEqual(diagnostics, [], title);
      assert.equal(runbook?.id, "mail-failover");
    }
  });
});
