import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openBrowser } from "./browser.ts";

describe("the preview in a browser", function () {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-preview-"));
  after(() => rmSync(folder, { recursive: true }));

  it("draws every card of every sample in both themes, from one file, and nothing is refused", async function () {
    writeFileSync(join(folder, "not-a-runbook.md"), "# T\n\n## S\n\n```check nothing\n```\n");
    const preview = (...args: readonly string[]) => spawnSync(process.execPath, ["src/cli.ts", "preview", ...args], { encoding: "utf8" });
    assert.equal(preview("runbooks", "--out", join(folder, "out")).status, 0);
    assert.equal(preview(folder, "--out", join(folder, "bad")).status, 1);
    const browser = await openBrowser();
    if (browser === null) return this.skip();
    try {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(String(error)));
      page.on("request", (request) => request.url().startsWith("file:") || said.push(request.url()));
      for (const name of ["index", "payroll-test-failover", "site-failure"]) {
        await page.goto(pathToFileURL(join(folder, "out", `${name}.html`)).href);
        const places = await page.locator("[data-card]").count();
        assert.equal(await page.locator("[data-card] .ac-adaptiveCard").count(), places);
        assert.equal(places > 0, name !== "index");
      }
      await page.goto(pathToFileURL(join(folder, "out", "payroll-test-failover.html")).href);
      await page.locator("svg a").first().click();
      assert.equal(await page.locator("section.step:target h3").textContent(), "Replication is healthy");
      await page.goto(pathToFileURL(join(folder, "bad", "index.html")).href);
      assert.match((await page.locator("table").textContent()) ?? "", /There is no check `nothing`/);
      assert.deepEqual(said, []);
    } finally {
      await browser.close();
    }
  });
});
