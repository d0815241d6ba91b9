import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeBundle } from "../../../src/evidence/bundle.ts";
import { openLocalKey, type SigningKey } from "../../../src/evidence/keys.ts";
import { filesIn } from "./fixtures/files-in.ts";
import { inTemporaryFolder } from "../storage/sqlite/temporary.ts";
import { payrollBundle, smallBundle, smallDrill } from "./fixtures/bundles.ts";
import { sealAll } from "./fixtures/history.ts";

describe("bundle", () => {
  const folder = inTemporaryFolder();
  let key: SigningKey;

  before(() => {
    key = openLocalKey(folder.path("data"), { rehearsal: true });
  });

  it("holds these files in this order", async () => {
    const names = [...filesIn(await payrollBundle(key)).keys()].map((name) => name.replace(/^blobs\/.*/, "blobs/…"));
    assert.deepEqual(names, [
      "README.txt", "blobs/…", "checkpoint.txt", "drill.json", "events.jsonl", "heads.txt", "inclusion.txt", "key.pem", "leaves.txt", "manifest.sig", "manifest.txt", "report.html", "requests.jsonl", "runbook.md",
    ]);
  });

  it("differs between two exports of one drill in the signatures alone", async () => {
    const [one, other] = [filesIn(await smallBundle(key)), filesIn(await smallBundle(key))];
    const differing = [...one.keys()].filter((name) => !Buffer.from(one.get(name)!).equals(other.get(name)!));
    // The checkpoint of these two was signed anew, which changes its line in the manifest.
    assert.deepEqual(differing, ["checkpoint.txt", "manifest.sig", "manifest.txt"]);
  });

  it("is checked by unzip, openssl and sha256sum as its README says", async function () {
    if (missing("unzip", "openssl", "sha256sum")) this.skip();
    const zip = folder.path("bundle.zip");
    const out = folder.path("out");
    writeFileSync(zip, await payrollBundle(key));
    execFileSync("unzip", ["-q", zip, "-d", out]);
    const readme = readFileSync(join(out, "README.txt"), "utf8");
    const commands = readme.split("\n").filter((line) => /^ {2}(base64|openssl|awk|sed|tail)/.test(line));
    assert.equal(commands.length, 6);
    const output = execFileSync("sh", ["-ec", commands.join("\n")], { cwd: out, encoding: "utf8" });
    assert.equal(output.match(/^Verified OK$/gm)?.length, 2);
    assert.equal(output.match(/: OK$/gm)?.length, 12);
    assert.match(readme, /^REHEARSAL/);
  });

  it("is refused without the runbook that ran, without events, and with a key of the wrong kind", async () => {
    const blobs = new Map<string, Uint8Array>();
    const events = sealAll(smallDrill());
    await assert.rejects(writeBundle({ events, blobs, report: "", key, proof: null }), { code: "not-found" });
    await assert.rejects(writeBundle({ events: [], blobs, report: "", key, proof: null }), { code: "not-found" });
    const real = openLocalKey(folder.path("data"), { rehearsal: false });
    await assert.rejects(smallBundle(real), { code: "not-allowed" });
    await assert.rejects(writeBundle({ events: sealAll(smallDrill("S 1")), blobs, report: "", key, proof: null }), { code: "bad-input" });
  });
});

function missing(...tools: readonly string[]): boolean {
  try {
    for (const tool of tools) execFileSync("sh", ["-c", `command -v ${tool}`]);
    return false;
  } catch {
    return true;
  }
}
