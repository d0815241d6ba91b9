import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptsIn } from "../../../src/runbooks/script-library.ts";

describe("the scripts of a runbook repository", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "drillbook-scripts-"));
    mkdirSync(join(folder, "scripts"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name: string, bytes: string | Uint8Array) => writeFileSync(join(folder, "scripts", name), bytes);

  it("are found by name, with the hash of their bytes", () => {
    put("flush-dns.ps1", "ipconfig /flushdns\r\n");
    assert.deepEqual(scriptsIn(folder)("flush-dns.ps1"), { text: "ipconfig /flushdns\r\n", sha256: createHash("sha256").update("ipconfig /flushdns\r\n").digest("hex") });
    assert.equal(scriptsIn(join(folder, "none"))("flush-dns.ps1"), null);
  });

  it("are never a path, a link or something else than a script", () => {
    writeFileSync(join(folder, "outside.ps1"), "x");
    symlinkSync(join(folder, "outside.ps1"), join(folder, "scripts", "link.ps1"));
    put("notes.txt", "x");
    for (const name of ["../outside.ps1", "scripts/../outside.ps1", "link.ps1", "notes.txt", "."]) assert.equal(scriptsIn(folder)(name), null, name);
  });

  it("could not be shown whole or as they are: too long, hidden characters, no text", () => {
    put("long.ps1", "#".repeat(8_001));
    put("bidi.ps1", "# safe \u202e)(eteled\n");
    put("wide.ps1", new Uint8Array([0xff, 0xfe, 0x41, 0x00]));
    put("zero.ps1", "Stop-\u200bComputer");
    for (const name of ["long.ps1", "bidi.ps1", "wide.ps1", "zero.ps1"]) assert.equal(scriptsIn(folder)(name), null, name);
  });
});
