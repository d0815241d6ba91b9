import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

/** Half of mocha's limit, so that what hangs is told by its name; Playwright's own half a minute is little on a busy machine. */
const patienceMs = 60_000;

const executablePath = process.env["DRILLBOOK_CHROMIUM"] ?? "/usr/bin/chromium";

/** null, with a loud word, where there is no Chromium; where a browser is required, that is a failure. */
export async function openBrowser(): Promise<Browser | null> {
  if (existsSync(executablePath)) {
    const browser = await chromium.launch({
      executablePath,
      timeout: patienceMs,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    browser.on("context", (context) => context.setDefaultTimeout(patienceMs));
    return browser;
  }
  if (process.env["DRILLBOOK_REQUIRE_BROWSER"] === "1") throw new Error(`A browser is required and ${executablePath} does not exist.`);
  process.stderr.write(`\n  BROWSER TESTS SKIPPED: there is no ${executablePath} (set DRILLBOOK_CHROMIUM)\n\n`);
  return null;
}
