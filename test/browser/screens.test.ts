import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startBot, type StartedBot } from "../integration/started-bot.ts";
import { openBrowser } from "./browser.ts";

const pictures = process.env["SCREENSHOTS"];

const runbook = `---
id: screens
mode: test
parameters: { plan: { type: recovery-plan }, network: { type: azure-resource } }
---
# Screens

## Go
### Fail over
\`\`\`action asr-test-failover
plan: \${plan}
network: \${network}
keepUntil: 1h
\`\`\`
### They have come up
\`\`\`check vm-boot
onFail: ask
\`\`\`
`;

describe("the screens of test servers in a browser", function () {
  this.timeout(90_000);
  let browser: Browser | null;
  let bot: StartedBot;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), "drillbook-screens-"));

  before(async function () {
    browser = await openBrowser();
    if (browser === null) return this.skip();
    writeFileSync(join(folder, "screens.md"), runbook);
    bot = await startBot({ runbooks: folder, pace: 400 });
    bot.simulator.add({ kind: "sick-server", server: "web-01", how: "no-agent", times: null });
    bot.simulator.add({ kind: "sick-server", server: "web-02", how: "boot-manager", times: null });
    page = await browser.newPage({ viewport: { width: 1100, height: 1180 }, colorScheme: "light", timezoneId: "UTC" });
  });

  after(async () => {
    await browser?.close();
    await bot?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const picture = async (name: string): Promise<void> => {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };
  const drawn = (): Promise<readonly { readonly alt: string; readonly width: number }[]> =>
    page.locator("img").evaluateAll((all) => all.map((one) => ({ alt: String(one.getAttribute("alt")), width: Number("naturalWidth" in one ? one.naturalWidth : 0) })));

  it("stand on the card that people judge by, and on the drill's pages", async () => {
    const faults: string[] = [];
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    const [name = "", value = ""] = bot.client.cookie.split("=", 2);
    await page.context().addCookies([{ name, value, url: bot.origin }]);
    await page.goto(`${bot.origin}/console`);
    await page.locator("#say").fill("start screens");
    await page.locator("#say").press("Enter");
    await page.locator("#messages select").last().selectOption({ label: "vnet-dr-isolated" });
    await page.getByRole("button", { name: "Show what will be touched" }).last().click();
    await page.getByRole("button", { name: "Start the drill" }).last().click();
    await page.getByText("What the screens show").last().waitFor({ timeout: 60_000 });
    await page.locator("#messages img").last().waitFor();
    await picture("screens-card");
    assert.deepEqual((await drawn()).filter(({ width }) => width === 512).map(({ alt, width }) => [alt.replace(/.*: /, ""), width]), [["web-01-test-screen.bmp", 512], ["web-02-test-screen.bmp", 512]]);

    await page.goto(`${bot.origin}/drills`);
    await page.locator("main a[href^='/drills/']").first().click();
    await page.locator("#files img").first().waitFor();
    assert.equal((await drawn()).filter(({ width }) => width === 512).length, 2);
    await picture("screens-page");
    await page.goto(`${page.url().replace(/[?#].*/, "")}/report`);
    assert.equal((await drawn()).filter(({ width }) => width === 512).length, 2);
    assert.deepEqual(faults, []);
  });
});
