import assert from "node:assert/strict";
import { pattern } from "../../../../src/checks/http/patterns.ts";

describe("patterns", () => {
  it("find text over lines", () => {
    const read = pattern("READY.*build [0-9]+");
    assert.ok("found" in read && read.found("x READY\n\nbuild 17") && !read.found("ready"));
  });

  for (const source of ["(?=a)", "(a)\\1", "(", "a{9999}", "x".repeat(501)]) {
    it(`refuse ${source.slice(0, 20)}`, () => assert.ok("problem" in pattern(source)));
  }

  // Each of these takes a back-tracking engine longer than anybody waits.
  for (const [source, text] of [["(a+)+$", `${"a".repeat(5000)}b`], ["(a|aa)+$", `${"a".repeat(5000)}b`], ["(.*a){12}$", `${"a".repeat(3000)}b`], ["(x+x+)+y", "x".repeat(5000)]] as const) {
    it(`answer ${source} at once over hostile text`, () => {
      const read = pattern(source);
      assert.ok("found" in read);
      const began = process.cpuUsage();
      assert.equal(read.found(text), false);
      assert.ok(process.cpuUsage(began).user < 1_500_000);
    });
  }
});
