import assert from "node:assert/strict";
import { noticeMs } from "../../../../src/checks/http/notice.ts";
import { catalogue } from "../../../../src/composition.ts";
import { compile } from "../../../../src/runbooks/compile.ts";

describe("how long a balancer takes to notice", () => {
  it("is the longest of those that a check asks as", () => {
    assert.equal(noticeMs({ as: ["browser", "kemp-loadmaster-1.1", "azure-traffic-manager"] }), 190_000);
    assert.deepEqual([noticeMs({ as: "browser" }), noticeMs({ as: "haproxy" }), noticeMs({}), noticeMs(null)], [0, 6_000, 0, 0]);
  });

  it("is what the compiler holds a wait against", () => {
    const text = (limit: string) => `# T\n\n## W\n\n\`\`\`wait http\nas: kemp-loadmaster\nfrom: web-01-test\ntargets: http://10.50.0.11/\nlimit: ${limit}\n\`\`\`\n`;
    const rules = (limit: string) => compile(new TextEncoder().encode(text(limit)), "t.md", catalogue).diagnostics.map((d) => d.rule);
    assert.deepEqual([rules("30s"), rules("31s")], [["wait-too-short"], []]);
  });
});
