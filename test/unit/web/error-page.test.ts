import assert from "node:assert/strict";
import { DrillbookError } from "../../../src/errors.ts";
import { createLog } from "../../../src/telemetry.ts";
import { errorReply } from "../../../src/web/error-page.ts";

const hostile = `There is no drill <script>alert(1)</script>"'&.`;
const told = (error: unknown, accept: string, lines: string[] = []) => {
  const reply = errorReply(error, accept, createLog("error", [], (line) => lines.push(line)));
  assert.ok("status" in reply);
  return reply;
};

describe("what anybody outside is told of an error", () => {
  it("shows the message of what was not found as text, whatever it quotes", () => {
    const { status, type, body } = told(new DrillbookError("not-found", hostile, ""), "text/html,*/*");
    assert.deepEqual([status, type], [404, "text/html; charset=utf-8"]);
    assert.match(String(body), /<p>There is no drill &lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;\.<\/p><\/html>$/);
    assert.deepEqual(JSON.parse(String(told(new DrillbookError("not-found", hostile, ""), "application/json").body)), { error: hostile });
  });

  it("says of any other error nothing but a reference, which the log has", () => {
    const lines: string[] = [];
    const { status, body } = told(new Error(hostile), "text/html", lines);
    const reference = /Reference ([0-9a-f]{8})</.exec(String(body))?.[1] ?? "none";
    assert.deepEqual([status, String(body).includes("script"), lines.length], [500, false, 1]);
    assert.ok(lines[0]?.includes(reference));
  });
});
