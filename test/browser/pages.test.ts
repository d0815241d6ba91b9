import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { movePayments } from "../integration/bot/long-approval.ts";
import { startBot, type StartedBot } from "../integration/started-bot.ts";
import { openBrowser } from "./browser.ts";

const pictures = process.env["SCREENSHOTS"];

describe("a card of several pages in a browser", function () {
  let browser: Browser | null;
  let bot: StartedBot;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), "drillbook-pages-"));

  before(async function () {
    browser = await openBrowser();
    if (browser === null) return this.skip();
    writeFileSync(join(folder, "move-payments.md"), movePayments);
    bot = await startBot({ runbooks: folder });
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
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) });
    }
  };
  const actAs = (name: string): Promise<void> => page.locator(".person", { hasText: name }).click();
  const card = () => page.locator(".message.has-card", { hasText: "Approve the move" }).filter({ hasText: "your approval is asked" });
  const press = (name: string | RegExp): Promise<void> => card().getByRole("button", { name }).click();

  it("is turned page by page, decided on the last, and each person stands on a page of their own", async () => {
    await bot.client.say("olivia", "start move-payments now");
    await page.goto(`${bot.origin}/`);
    await page.context().addCookies([{ name: bot.client.cookie.split("=")[0] ?? "", value: bot.client.cookie.slice(bot.client.cookie.indexOf("=") + 1), url: bot.origin }]);
    await page.goto(`${bot.origin}/`);
    await actAs("Amir");
    await card().getByText("1 of 3").waitFor();
    assert.equal(await card().getByRole("button", { name: "Approve", exact: true }).count(), 0);
    await card().scrollIntoViewIfNeeded();
    await picture("pages-first");
    await press("Page 2 of 3");
    await card().getByText("2 of 3", { exact: true }).waitFor();
    await press("Page 3 of 3");
    await card().getByText("3 of 3", { exact: true }).waitFor();
    await card().getByRole("button", { name: "Approve", exact: true }).scrollIntoViewIfNeeded();
    await picture("pages-last");

    await actAs("Bea");
    await card().getByText("1 of 3").waitFor();
    await actAs("Amir");
    await press("Approve");
    await page.locator(".aside", { hasText: "Recorded: you approved." }).waitFor();
    await card().getByText("1 of 3").waitFor();
    await press("Page 2 of 3");
    await press("Page 3 of 3");
    await card().getByText("Amir Haddad approved").waitFor();
  });
});
