import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startBot, type StartBotOptions, type StartedBot } from "../integration/started-bot.ts";
import { openBrowser } from "./browser.ts";

/** Where to leave pictures, also those of the README; not set: none are taken. */
const pictures = process.env["SCREENSHOTS"];

/** What people do at the console of a rehearsal, and what they see there. */
export type RehearsalPage = {
  readonly bot: StartedBot;
  readonly page: Page;
  /** What the page complained of. */
  readonly faults: readonly string[];
  readonly say: (words: string) => Promise<void>;
  readonly actAs: (name: string) => Promise<void>;
  /** Presses the newest button of this title. */
  readonly press: (title: string) => Promise<void>;
  readonly shows: (words: string | RegExp) => Promise<void>;
  /** Has a runbook that asks for a network say what it would touch. */
  readonly preview: (runbook: string) => Promise<void>;
  readonly picture: (name: string, whole?: boolean) => Promise<void>;
};

/**
 * A bot and a browser at its console for the tests of one `describe`, which are skipped where there is no browser.
 * `runbook`: the only one there is, by its id; else the library's.
 */
export function rehearsal(options: StartBotOptions & { readonly runbook?: { readonly id: string; readonly text: string } } = {}): () => RehearsalPage {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-rehearsal-"));
  let browser: Browser | null;
  let opened: RehearsalPage;

  before(async function () {
    browser = await openBrowser();
    if (browser === null) return this.skip();
    const { runbook, ...more } = options;
    if (runbook !== undefined) writeFileSync(join(folder, `${runbook.id}.md`), runbook.text);
    opened = await open(browser, await startBot({ ...(runbook === undefined ? {} : { runbooks: folder }), ...more }));
  });

  after(async () => {
    await browser?.close();
    await opened?.bot.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return () => opened;
}

async function open(browser: Browser, bot: StartedBot): Promise<RehearsalPage> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 1180 }, colorScheme: "light", timezoneId: "UTC" });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  // The link was taken by the client that the bot was started with: the next one is printed then. Here its cookie serves.
  const [name = "", value = ""] = bot.client.cookie.split("=", 2);
  await page.context().addCookies([{ name, value, url: bot.origin }]);
  await page.goto(`${bot.origin}/console`);
  const messages = page.locator("#messages");
  const say = async (words: string): Promise<void> => {
    await page.locator("#say").fill(words);
    await page.locator("#say").press("Enter");
  };
  const press = (title: string): Promise<void> => messages.getByRole("button", { name: title, exact: true }).last().click();
  return {
    bot,
    page,
    faults,
    say,
    press,
    actAs: (who) => page.locator("#people").getByText(who).click(),
    shows: (words) => messages.getByText(words).last().waitFor(),
    async preview(runbook) {
      await say(`start ${runbook}`);
      await messages.locator("select").last().selectOption({ label: "vnet-dr-isolated" });
      await press("Show what will be touched");
    },
    async picture(of, whole = false) {
      if (pictures === undefined) return;
      mkdirSync(pictures, { recursive: true });
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(pictures, `${of}.png`), fullPage: whole });
    },
  };
}
