import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkoutOf } from "../../../src/checkout/git.ts";

describe("where a runbook was committed", () => {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-checkout-"));
  const git = (...args: string[]) => execFileSync("git", ["-c", "user.name=Ada Lovelace", "-c", "user.email=ada@contoso.example", ...args], { cwd: folder, encoding: "utf8" }).trim();
  const bytes = (text: string) => new TextEncoder().encode(text);
  after(() => rmSync(folder, { recursive: true }));

  it("is said with commit and author, and whether it changed since", async () => {
    git("init", "--quiet");
    writeFileSync(join(folder, "a.md"), "# A\n\n## S\n");
    git("add", "a.md");
    git("commit", "--quiet", "-m", "first");
    const commit = git("rev-parse", "HEAD");
    const found = await checkoutOf(folder, "a.md", bytes("# A\n\n## S\n"));
    assert.deepEqual([found?.commit, found?.author, found?.changed], [commit, "Ada Lovelace", false]);
    assert.match(found?.at ?? "", /^\d{4}-\d\d-\d\dT/);
    assert.equal((await checkoutOf(folder, "a.md", bytes("# A\r\n\r\n## S\r\n")))?.changed, false);
    assert.equal((await checkoutOf(folder, "a.md", bytes("# B\n")))?.changed, true);
  });

  it("is unknown for a file that was never committed, and outside a checkout", async () => {
    assert.equal(await checkoutOf(folder, "b.md", bytes("")), null);
    assert.equal(await checkoutOf(folder, "--help.md", bytes("")), null);
    assert.equal(await checkoutOf(tmpdir(), "a.md", bytes("")), null);
    assert.equal(await checkoutOf(join(folder, "nowhere"), "a.md", bytes("")), null);
  });
});
