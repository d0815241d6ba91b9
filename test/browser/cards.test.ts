import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { cardGallery } from "../fakes/card-gallery.ts";
import { startConsole, type StartedConsole } from "../integration/bot/started-console.ts";
import { hindrances } from "./axe.ts";
import { openBrowser } from "./browser.ts";

/** Where to leave a picture of every kind of card, in each of the views; not set: none are taken. */
const pictures = process.env["SCREENSHOTS"];

const asked = "all of them";
const views = [
  { name: "light", colorScheme: "light", width: 900 },
  { name: "dark", colorScheme: "dark", width: 900 },
  { name: "phone", colorScheme: "light", width: 390 },
  { name: "phone-dark", colorScheme: "dark", width: 390 },
] as const;

describe("every kind of card in the console's page", function () {
  let browser: Browser | null;
  let started: StartedConsole;
  let page: Page;
  let names: readonly string[];
  const faults: string[] = [];

  before(async function () {
    browser = await openBrowser();
    if (browser === null) return this.skip();
    const gallery = await cardGallery();
    names = [...gallery.keys()];
    // The page says hello by itself: only what is asked for is answered, or the pictures would bear wrong names.
    started = await startConsole(async (inbound) => ({ messages: inbound.kind === "text" && inbound.text === asked ? [...gallery.values()] : [] }));
    page = await browser.newPage({ viewport: { width: 900, height: 1200 }, timezoneId: "Europe/Berlin", locale: "de-DE" });
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    const [name = "", value = ""] = (await started.signIn()).split("=", 2);
    await page.context().addCookies([{ name, value, url: started.origin }]);
    await page.goto(`${started.origin}/console`);
    await page.locator("#say").fill(asked);
    await page.locator("#say").press("Enter");
    // Within the limits of Teams, so many cards take a while.
    await page.locator("#messages .has-card").nth(names.length - 1).waitFor({ timeout: 90_000 });
  });

  after(async () => {
    await browser?.close();
    await started?.close();
  });

  it("has every time on the reader's clock", async () => {
    const said = await page.locator("#messages .ac-adaptiveCard").allInnerTexts();
    assert.deepEqual(said.filter((words) => words.includes("{{")), []);
    assert.ok(said.some((words) => words.includes("22:00")), "21:00 UTC is 22:00 in Berlin");
  });

  for (const { name, colorScheme, width } of views) {
    it(`${name}: is drawn whole and within its width, and hinders nobody`, async () => {
      await page.emulateMedia({ colorScheme });
      // High enough for the longest card: pictures are whole then.
      await page.setViewportSize({ width, height: 2_400 });
      const cards = page.locator("#messages .ac-adaptiveCard");
      assert.equal(await cards.count(), names.length);
      // Also what is cut off inside of a card, which then is no wider than it may be.
      const wide = await cards.evaluateAll((all) => all.flatMap((card, n) => ([card, ...card.querySelectorAll("*")].some((part) => part.getBoundingClientRect().right > card.getBoundingClientRect().right + 1) ? [n] : [])));
      assert.deepEqual(wide.map((n) => names[n]), [], "nothing runs out of its card");
      await photograph(name);
      assert.deepEqual(faults, []);
      // Colours and labels are the same on a phone.
      if (width > 390) assert.deepEqual(await hindrances(page), []);
    });
  }

  async function photograph(view: string): Promise<void> {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    // With nothing of the page over them.
    await page.locator("#composer, #newest").evaluateAll((all) => all.forEach((one) => void ((one as unknown as { style: { visibility: string } }).style.visibility = "hidden")));
    for (const [n, card] of names.entries()) {
      await page.locator("#messages .has-card").nth(n).screenshot({ path: join(pictures, `${view}-${String(n).padStart(2, "0")}-${card.replaceAll(/[^a-z]+/gu, "-")}.png`) });
    }
  }
});
