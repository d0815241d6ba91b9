import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DrillbookError } from "../../../src/errors.ts";
import { makeDataFolder } from "../../../src/storage/data-folder.ts";

describe("the data folder", () => {
  let place: string;
  beforeEach(() => (place = mkdtempSync(join(tmpdir(), "drillbook-data-"))));
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  it("is made with what is above it, and left alone when it is there", () => {
    const folder = join(place, "above", "data");
    makeDataFolder(folder);
    writeFileSync(join(folder, "kept"), "");
    makeDataFolder(folder);
    assert.ok(statSync(join(folder, "kept")).isFile());
  });

  it("is asked for in words when a file is in its place", () => {
    writeFileSync(join(place, "data"), "");
    assert.throws(() => makeDataFolder(join(place, "data")), (thrown) => thrown instanceof DrillbookError && thrown.code === "bad-setting" && thrown.message.includes(join(place, "data")));
  });
});
