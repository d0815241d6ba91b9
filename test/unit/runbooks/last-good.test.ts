import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compilerHere } from "../../../src/runbooks/compiler.ts";
import { lastGoodIn } from "../../../src/runbooks/last-good.ts";
import { openLibrary } from "../../../src/runbooks/runbook-library.ts";
import { versionWords } from "../../../src/runbooks/version-words.ts";
import { catalogue } from "./example-catalogue.ts";

describe("last good versions", () => {
  const root = mkdtempSync(join(tmpdir(), "drillbook-last-good-"));
  after(() => rmSync(root, { recursive: true }));
  const runbooks = mkdtempSync(join(root, "runbooks-"));
  const lastGood = lastGoodIn(join(root, "kept"));
  const open = () => openLibrary(runbooks, { compiler: compilerHere(catalogue), lastGood });
  const write = (file: string, text: string) => writeFileSync(join(runbooks, file), text);

  it("outlive a restart, and say that they are one", async () => {
    write("a.md", "---\nid: alpha\n---\n# Good\n\n## Step\n\n```include part\n```\n");
    write("part.md", "# Part\n\n## Inside\n");
    assert.equal((await (await open()).get("alpha"))?.runbook.stale, undefined);
    write("a.md", "---\nid: [\n---\n# Broken\n");
    write("part.md", "# Part\n\n## Changed\n");
    const library = await open();
    const found = await library.get("alpha");
    assert.deepEqual([found?.runbook.title, found?.runbook.stale, found?.runbook.steps.map((s) => s.id)], ["Good", true, ["step.inside"]]);
    assert.match(versionWords(found?.runbook ?? { hash: "" }), /^version [0-9a-f]{7} · the last good version: the file no longer compiles$/);
    const entry = library.list().find((e) => e.id === "alpha");
    assert.deepEqual([entry?.stale, entry?.launchable, entry?.diagnostics.length], [true, true, 1]);
  });

  it("are files that no name of a runbook can choose, and rubbish among them is no version", async () => {
    for (const name of readdirSync(join(root, "kept"))) {
      assert.match(name, /^[0-9a-f]{40}\.json$/);
      writeFileSync(join(root, "kept", name), "{");
    }
    assert.equal(await (await open()).get("alpha"), null);
    await lastGood.keep({ file: "../../x.md", bytes: new Uint8Array([1]) }, []);
    assert.deepEqual((await lastGood.load("../../x.md"))?.source.bytes, new Uint8Array([1]));
  });

  it("name the commit they come from", async () => {
    write("b.md", "# B\n\n## Step\n");
    const checkout = { commit: "c0ffee00".repeat(5), author: "Ada Lovelace", at: "2026-05-03T10:00:00Z", changed: true };
    const library = await openLibrary(runbooks, { compiler: compilerHere(catalogue), checkout: async () => checkout });
    const found = await library.get("b");
    assert.deepEqual(found?.runbook.checkout, checkout);
    assert.match(versionWords(found?.runbook ?? { hash: "" }), / · commit c0ffee0 by Ada Lovelace, changed since$/);
  });
});
