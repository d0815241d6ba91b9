import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { usualData } from "../../runtime/usual-data.mjs";
import { settings, settingsTable } from "../../src/settings.ts";

describe("settings", () => {
  it("each reads its own default", () => {
    for (const [name, setting] of Object.entries(settings)) {
      if (setting.default !== null) assert.ok("value" in setting.read(setting.default), name);
    }
  });

  it("the launcher knows where the data lies before any of it is read", () => {
    assert.equal(settings.DRILLBOOK_DATA.default, usualData);
  });

  it("are the ones that docs/settings.md lists (ACCEPT=1 writes them there)", () => {
    const file = new URL("../../docs/settings.md", import.meta.url);
    const page = readFileSync(file, "utf8");
    const right = page.replace(/^\| Setting .*?(?=\n\n)/ms, settingsTable);
    assert.ok(right.includes(settingsTable()), "docs/settings.md has no table to hold them");
    if (process.env["ACCEPT"] === "1") writeFileSync(file, right);
    else assert.equal(page, right);
  });
});
