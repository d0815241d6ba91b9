import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { settings, settingsTable } from "../../src/settings.ts";

describe("settings", () => {
  it("each reads its own default", () => {
    for (const [name, setting] of Object.entries(settings)) {
      if (setting.default !== null) assert.ok("value" in setting.read(setting.default), name);
    }
  });

  it("are the ones that docs/settings.md lists", () => {
    const page = readFileSync(new URL("../../docs/settings.md", import.meta.url), "utf8");
    assert.ok(page.includes(settingsTable()), `docs/settings.md must hold this table:\n\n${settingsTable()}\n`);
  });
});
