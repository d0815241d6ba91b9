import assert from "node:assert/strict";
import { compilerHere } from "../../../src/runbooks/compiler.ts";
import { openLibrary } from "../../../src/runbooks/runbook-library.ts";
import type { RunbookFiles } from "../../../src/runbooks/runbook-files.ts";
import { catalogue } from "./example-catalogue.ts";

/** A folder in memory; a file whose text is null cannot be read. */
function folder(texts: Record<string, string | null>): { texts: Record<string, string | null>; files: RunbookFiles; reads: string[] } {
  const reads: string[] = [];
  const files: RunbookFiles = {
    list: async () => Object.keys(texts).toSorted(),
    isFolder: async () => true,
    read: async (path) => {
      reads.push(path);
      const text = texts[path.replace("/library/", "")];
      if (text === null || text === undefined) throw new Error("no");
      return new TextEncoder().encode(text);
    },
  };
  return { texts, files, reads };
}

const good = (title: string, id = "drill") => `---\nid: ${id}\n---\n# ${title}\n\n## Step\n`;
const broken = "---\nid: drill\nmodee: test\n---\n# Broken\n\n## Step\n";
const open = (files: RunbookFiles) => openLibrary("/library", { compiler: compilerHere(catalogue), files });

describe("runbook library", () => {
  it("lists what it has and gives it by id", async () => {
    const { files } = folder({ "b.md": good("B", "beta"), "a.md": good("A", "alpha") });
    const library = await open(files);
    assert.deepEqual(library.list().map((e) => [e.id, e.title, e.file, e.mode, e.stale, e.launchable]), [
      ["alpha", "A", "a.md", "test", false, true],
      ["beta", "B", "b.md", "test", false, true],
    ]);
    assert.equal((await library.get("beta"))?.runbook.hash, library.list()[1]?.hash);
  });

  it("warns of a way back that the folder does not have, where it is written, and still gives the runbook to be launched", async () => {
    const there = good("There", "there").replace("id: there", "id: there\nmode: live\nfailback: and-bakc");
    const { texts, files } = folder({ "there.md": there, "back.md": good("Back", "and-back") });
    const library = await open(files);
    const said = () => library.list().find((e) => e.id === "there")?.diagnostics.map((d) => [d.rule, d.severity, d.from, d.to, d.suggestion]);
    assert.deepEqual(said(), [["unknown-runbook", "warning", { line: 4, column: 11 }, { line: 4, column: 19 }, "Did you mean `and-back`?"]]);
    assert.equal((await library.get("there"))?.runbook.failback, "and-bakc");
    texts["back.md"] = good("Back", "and-bakc");
    await library.refresh();
    assert.deepEqual(said(), []);
  });

  it("says when each is due without asking where it was committed, which takes a process for each file", async () => {
    const scheduled = good("A", "alpha").replace("id: alpha", "id: alpha\nschedule: { every: 90d }");
    const { files } = folder({ "a.md": scheduled, "b.md": good("B", "beta"), "c.md": scheduled });
    let asked = 0;
    const library = await openLibrary("/library", { compiler: compilerHere(catalogue), files, checkout: async () => { asked += 1; return null; } });
    assert.deepEqual(library.list().map(({ file, schedule }) => [file, schedule?.everyMs ?? null]), [["a.md", 90 * 86_400_000], ["c.md", null], ["b.md", null]]);
    assert.equal(asked, 0);
  });

  it("gives the bytes of what a runbook includes along with its own, also of the last good version", async () => {
    const whole = "---\nid: whole\n---\n# Whole\n\n## Step\n\n```include part\n```\n";
    const { texts, files } = folder({ "a.md": whole, "b.md": good("Part", "part"), "c.md": good("Apart", "apart") });
    const library = await open(files);
    const bytes = async () => (await library.get("whole"))?.included.map((one) => Buffer.from(one).toString());
    assert.deepEqual(await bytes(), [good("Part", "part")]);
    texts["b.md"] = broken;
    await library.refresh();
    assert.deepEqual(await bytes(), [good("Part", "part")]);
    assert.deepEqual((await library.get("apart"))?.included, []);
  });

  it("picks up a change, and compiles nothing again that did not change", async () => {
    const { texts, files } = folder({ "a.md": good("One"), "b.md": good("B", "beta") });
    const library = await open(files);
    const kept = (await library.get("beta"))?.runbook;
    texts["a.md"] = good("Two");
    await library.refresh();
    assert.equal((await library.get("drill"))?.runbook.title, "Two");
    assert.equal((await library.get("beta"))?.runbook, kept);
  });

  it("keeps the last good version of a file that stopped compiling, and says so", async () => {
    const { texts, files } = folder({ "a.md": good("One") });
    const library = await open(files);
    for (const now of [broken, null, "", broken]) {
      texts["a.md"] = now;
      await library.refresh();
      const [entry] = library.list();
      assert.deepEqual([entry?.title, entry?.stale, entry?.launchable, (await library.get("drill"))?.runbook.title], ["One", true, true, "One"]);
      assert.equal(entry?.diagnostics.some((d) => d.severity === "error"), true);
    }
    texts["a.md"] = good("Mended");
    await library.refresh();
    assert.deepEqual([library.list()[0]?.stale, (await library.get("drill"))?.runbook.title], [false, "Mended"]);
  });

  it("shows a file that never compiled, and does not give it", async () => {
    const { files } = folder({ "Not yet.md": broken, "gone.md": null });
    const library = await open(files);
    assert.deepEqual(library.list().map((e) => [e.id, e.launchable, e.stale, e.hash, e.diagnostics[0]?.rule]), [
      ["gone", false, false, null, "unreadable"],
      ["not-yet", false, false, null, "unknown-key"],
    ]);
    assert.equal(await library.get("not-yet"), null);
  });

  it("forgets a file that is gone", async () => {
    const { texts, files } = folder({ "a.md": good("One") });
    const library = await open(files);
    delete texts["a.md"];
    await library.refresh();
    assert.deepEqual([library.list(), await library.get("drill")], [[], null]);
  });

  it("gives an id to the file that had it first, also after more readings", async () => {
    const { texts, files } = folder({ "payroll.md": good("Original") });
    const library = await open(files);
    texts["a-copy.md"] = good("Copy");
    for (let i = 0; i < 3; i++) {
      await library.refresh();
      assert.equal((await library.get("drill"))?.runbook.title, "Original");
      const copy = library.list().find((e) => e.file === "a-copy.md");
      assert.deepEqual([copy?.launchable, copy?.diagnostics[0]?.rule, copy?.diagnostics[0]?.message], [false, "duplicate-id", "The id `drill` belongs to payroll.md already."]);
    }
    delete texts["payroll.md"];
    await library.refresh();
    assert.equal((await library.get("drill"))?.runbook.title, "Copy");
  });

  it("never lets an id name a path", async () => {
    const { files, reads } = folder({ "a.md": good("One") });
    const library = await open(files);
    const before = reads.length;
    for (const id of ["../a", "a.md", "/etc/passwd", "drill\0", "DRILL", "", "%2e%2e", "__proto__", "constructor", "x".repeat(64)]) assert.equal(await library.get(id), null);
    assert.equal(reads.length, before);
  });

  it("puts no older reading over a newer one", async () => {
    const { texts, files } = folder({ "a.md": good("One") });
    let slow: Promise<void> | null = null;
    const library = await open({
      ...files,
      read: async (path) => {
        const bytes = await files.read(path);
        await slow;
        return bytes;
      },
    });
    texts["a.md"] = good("Two");
    const { promise, resolve } = Promise.withResolvers<void>();
    slow = promise;
    const first = library.refresh();
    await new Promise((done) => setImmediate(done));
    texts["a.md"] = good("Three");
    slow = null;
    const second = library.refresh();
    await new Promise((done) => setImmediate(done));
    resolve();
    await Promise.all([first, second]);
    assert.equal((await library.get("drill"))?.runbook.title, "Three");
  });

  it("goes on after a folder that could not be listed", async () => {
    const { files } = folder({ "a.md": good("One") });
    let fail = false;
    const library = await open({ ...files, list: async (path, deep) => (fail ? Promise.reject(new Error("no")) : files.list(path, deep)) });
    fail = true;
    await assert.rejects(library.refresh());
    assert.equal((await library.get("drill"))?.runbook.title, "One");
    fail = false;
    await library.refresh();
  });
});
