import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { cardGallery } from "../fakes/card-gallery.ts";
import { startConsole, type StartedConsole } from "../integration/bot/started-console.ts";
import { openBrowser } from "./browser.ts";

/** Where to leave a picture of every kind of card, light and dark; not set: none are taken. */
const pictures = process.env["SCREENSHOTS"];

const asked = "all of them";

describe("every kind of card in the console's page", function () {
  this.timeout(120_000);
  let browser: Browser | null;
  let started: StartedConsole;

  before(async function () {
    browser = await openBrowser();
    if (browser === null) return this.skip();
    const gallery = await cardGallery();
    // The page says hello by itself: only what is asked for is answered, or the pictures would bear wrong names.
    started = await startConsole(async (inbound) => ({ messages: inbound.kind === "text" && inbound.text === asked ? [...gallery.values()] : [] }));
  });

  after(async () => {
    await browser?.close();
    await started?.close();
  });

  for (const scheme of ["light", "dark"] as const) {
    it(`is drawn whole in ${scheme}, without a fault and within its width`, async () => {
      assert.ok(browser);
      const page = await browser.newPage({ viewport: { width: 900, height: 1200 }, colorScheme: scheme, timezoneId: "Europe/Berlin", locale: "de-DE" });
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      const [name = "", value = ""] = (await started.signIn()).split(";")[0]?.split("=", 2) ?? [];
      await page.context().addCookies([{ name, value, url: started.origin }]);
      await page.goto(`${started.origin}/console`);
      await page.locator("#say").fill(asked);
      await page.locator("#say").press("Enter");
      const cards = page.locator("#messages .has-card");
      const { size } = await cardGallery();
      // Within the limits of Teams, forty cards take a while.
      await cards.nth(size - 1).waitFor({ timeout: 90_000 });
      const said = await page.locator("#messages .ac-adaptiveCard").allInnerTexts();
      assert.ok(!said.some((words) => words.includes("{{")), "every time is drawn on the reader's clock");
      assert.ok(said.some((words) => words.includes("22:00")), "21:00 UTC is 22:00 in Berlin");
      const wide = await page.locator("#messages .ac-adaptiveCard").evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length);
      assert.equal(wide, 0, "nothing runs out of its card");
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        const names = [...(await cardGallery()).keys()];
        // Whole, and with nothing of the page over it.
        await page.setViewportSize({ width: 900, height: 2_400 });
        await page.locator("#composer, #newest").evaluateAll((all) => all.forEach((one) => void ((one as unknown as { style: { visibility: string } }).style.visibility = "hidden")));
        for (let n = 0; n < size; n += 1) await cards.nth(n).screenshot({ path: join(pictures, `${scheme}-${String(n).padStart(2, "0")}-${(names[n] ?? "").replaceAll(/[^a-z]+/gu, "-")}.png`) });
      }
      assert.deepEqual(faults, []);
      await page.close();
    });
  }
});
