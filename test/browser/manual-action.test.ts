import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Browser, Page } from "playwright-core";
import { payroll } from "../../src/simulator/estates/payroll.ts";
import { startBot, type StartedBot } from "../integration/started-bot.ts";
import { openBrowser } from "./browser.ts";

const pictures = process.env["SCREENSHOTS"];
const action = { name: "Licence server", description: "Tell the licence server the new address of sql-payroll.", before: 2 };
const estate = { ...payroll, vaults: payroll.vaults.map((vault) => ({ ...vault, plans: vault.plans.map((plan) => ({ ...plan, manualActions: [action] })) })) };

const runbook = `---
id: stops
mode: test
parameters: { plan: { type: recovery-plan }, network: { type: azure-resource } }
---
# Stops

## Go
### Fail over
\`\`\`action asr-test-failover
plan: \${plan}
network: \${network}
keepUntil: 1h
\`\`\`
`;

describe("a plan that stops for people, in a browser", function () {
  this.timeout(90_000);
  let browser: Browser | null;
  let bot: StartedBot;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), "drillbook-stops-"));

  before(async function () {
    browser = await openBrowser();
    if (browser === null) return this.skip();
    writeFileSync(join(folder, "stops.md"), runbook);
    bot = await startBot({ runbooks: folder, pace: 400, estate });
    page = await browser.newPage({ viewport: { width: 1100, height: 1180 }, colorScheme: "light", timezoneId: "UTC" });
  });

  after(async () => {
    await browser?.close();
    await bot?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const press = (title: string): Promise<void> => page.locator("#messages").getByRole("button", { name: title, exact: true }).last().click();
  const shows = (words: string | RegExp): Promise<void> => page.locator("#messages").getByText(words).last().waitFor({ timeout: 30_000 });

  it("shows what to do and goes on when somebody says what they did", async () => {
    const [name = "", value = ""] = bot.client.cookie.split("=", 2);
    await page.context().addCookies([{ name, value, url: bot.origin }]);
    await page.goto(`${bot.origin}/console`);
    await page.locator("#say").fill("start stops");
    await page.locator("#say").press("Enter");
    await page.locator("#messages select").last().selectOption({ label: "vnet-dr-isolated" });
    await press("Show what will be touched");
    await press("Start the drill");
    await shows("Azure waits for people: Licence server");
    await shows("Tell the licence server the new address of sql-payroll.");
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, "manual-action.png") });
    }
    const resumes = () => bot.simulator.requests.filter(({ method, path }) => method === "POST" && path.includes("/resume")).map(({ body }) => JSON.parse(body));
    await press("Done: let Azure go on");
    await shows(/needs a reason/u);
    assert.deepEqual(resumes(), [], "without a word of what was done nothing goes on");
    await page.getByLabel("What you did").last().fill("It knows 10.50.0.10 now");
    await press("Done: let Azure go on");
    await shows("3 of 3 servers up");
    assert.deepEqual(resumes(), [{ properties: { comments: "It knows 10.50.0.10 now" } }]);
  });
});
