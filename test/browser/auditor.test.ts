import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { createLog } from "../../src/telemetry.ts";
import { Secret } from "../../src/secret.ts";
import { openAuditorSignIn } from "../../src/web/auditor/sign-in.ts";
import { sha256 } from "../../src/evidence/hash.ts";
import { longDrill } from "../integration/auditor/long-drill.ts";
import { renumbered, seededPages, type SeededPages, type Told } from "../integration/auditor/seeded-pages.ts";
import { payrollDrill } from "../unit/evidence/fixtures/payroll-drill.ts";
import { hindrances } from "./axe.ts";
import { openBrowser } from "./browser.ts";

/** Where to leave pictures; not set: none are taken. */
const pictures = process.env["SCREENSHOTS"];
const hostile = `</pre></script><script>window.hacked=1</script><img src=x onerror="window.hacked=1"><a href="javascript:window.hacked=1">go</a>`;

/** A drill in which everybody and everything says something hostile, the stored card included. */
function hostileDrill(): Told {
  const { events, blobs } = payrollDrill({ mode: "test", says: hostile });
  const card = Buffer.from(JSON.stringify({ type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text: `Approve it? ${hostile} [here](javascript:window.hacked=1)`, wrap: true }, { type: "Image", url: "https://elsewhere.example/pixel.png" }], actions: [{ type: "Action.OpenUrl", title: "Go", url: "javascript:window.hacked=1" }, { type: "Action.Execute", title: "Approve", verb: "decide" }] }));
  const told = events.map((event) => (event.type === "approval.shown" ? { ...event, card: sha256(card) } : event));
  return renumbered({ events: told, blobs: new Map([...blobs, [sha256(card), card]]) }, "EVIL-1");
}

describe("the auditor's pages in a browser", function () {
  let browser: Browser | null;
  let pages: SeededPages;
  /** The same behind the sign-in, whose own pages need no provider to be shown. */
  let guarded: SeededPages;
  let page: Page;
  let complaints: string[] = [];

  before(async function () {
    browser = await openBrowser();
    if (browser === null) return this.skip();
    pages = await seededPages([payrollDrill(), renumbered(payrollDrill({ mode: "test", failedServer: true, skipsStaff: true }), "PAY-0043"), hostileDrill(), longDrill("LONG-1", 20_001)]);
    guarded = await seededPages([], async (server) => openAuditorSignIn(server, { issuer: new URL("http://127.0.0.1:9"), tenantId: null, clientId: "pages", clientSecret: new Secret("none"), publicUrl: server.origin, key: randomBytes(32), clock: () => new Date(), log: createLog("silent", []), plainIssuer: true }));
    page = await browser.newPage({ viewport: { width: 1180, height: 900 }, colorScheme: "light", timezoneId: "UTC" });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  });
  beforeEach(() => void (complaints = []));
  after(async () => {
    await browser?.close();
    await pages?.close();
    await guarded?.close();
  });

  const open = (path: string) => page.goto(new URL(path, pages.server.origin).href);
  const picture = async (name: string): Promise<void> => {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `auditor-${name}.png`) });
  };
  const seqOf = async (drill: string, words: string): Promise<string> => {
    await open(`/drills/${drill}/events?q=${encodeURIComponent(words)}`);
    return (await page.locator("tbody tr td a").first().textContent()) ?? "";
  };
  it("says by itself, when a drill is opened, whether its evidence holds", async () => {
    await open("/drills/PAY-0043");
    await page.getByText("Intact: all").waitFor();
    await picture("drill");
    assert.deepEqual(complaints, []);
  });

  it("draws the card as it was shown, without anything in it that can be pressed", async () => {
    await open(`/drills/PAY-0043/replay/${await seqOf("PAY-0043", "approval.shown")}`);
    await page.locator(".shown-card.drawn").waitFor();
    assert.match((await page.locator(".shown-card").textContent()) ?? "", /Approve the test failover\?/);
    await picture("replay");
    assert.deepEqual(complaints, []);
  });

  it("steps through a replay by keyboard", async () => {
    await open("/drills/PAY-0043/replay/1");
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/replay\/2$/);
    await page.keyboard.press("PageDown");
    await page.waitForURL(/replay\/3$/);
    await page.keyboard.press("End");
    await page.getByText("Drill ended").first().waitFor();
    await page.keyboard.press("Home");
    await page.waitForURL(/replay\/1$/);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to the content");
  });

  it("is found, opened and unfolded by keyboard alone, and shows where the keyboard is", async () => {
    const tabTo = async (words: string): Promise<void> => {
      for (let n = 0; n < 40; n += 1) {
        await page.keyboard.press("Tab");
        if (((await page.evaluate("document.activeElement.getAttribute('name') ?? document.activeElement.textContent")) as string).includes(words)) return;
      }
      assert.fail(`Tab never came to "${words}"`);
    };
    await open("/drills");
    await tabTo("q");
    await page.keyboard.type("PAY-0043");
    await page.keyboard.press("Enter");
    await page.getByText("1 of 4 drills fit.").waitFor();
    await tabTo("PAY-0043");
    assert.match((await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")) as string, /solid/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/drills\/PAY-0043$/);
    await tabTo("Every event");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/events$/);
    await tabTo("2 requests");
    await page.keyboard.press("Enter");
    await page.locator("details[open] pre.request").first().waitFor();
  });

  it("runs nothing that was stored in notes, parameters, answers or cards, and asks nothing of elsewhere", async () => {
    const asked: string[] = [];
    page.on("request", (request) => void (new URL(request.url()).origin === pages.server.origin || asked.push(request.url())));
    const shown = await seqOf("EVIL-1", "approval.shown");
    for (const path of ["/drills", "/drills?q=%3Cscript%3Ewindow.hacked%3D1%3C/script%3E", "/drills/EVIL-1", "/drills/EVIL-1/events", "/drills/EVIL-1/report", `/drills/EVIL-1/replay/${shown}`, "/drills/EVIL-1/replay/1"]) {
      await open(path);
      await page.waitForLoadState("networkidle");
      assert.equal(await page.evaluate("window.hacked"), undefined, path);
      assert.equal(await page.locator("main a[href^='javascript'], main img[onerror], main script").count(), 0, path);
    }
    await open(`/drills/EVIL-1/replay/${shown}`);
    await page.locator(".shown-card.drawn").waitFor();
    assert.ok((await page.locator(".shown-card").textContent())?.includes("<script>window.hacked=1</script>"));
    assert.equal(await page.locator(".shown-card a[href]").count(), 0);
    assert.deepEqual(asked.filter((url) => !url.startsWith("https://elsewhere.example/")), []);
  });

  for (const scheme of ["light", "dark"] as const) {
    it(`hinders nobody, ${scheme}: no serious finding of axe on any page`, async () => {
      await page.emulateMedia({ colorScheme: scheme });
      const shown = await seqOf("PAY-0043", "approval.shown");
      const started = await seqOf("PAY-0043", "operation.started");
      const found: string[] = [];
      for (const path of ["/drills", "/drills?q=nothing", "/drills/PAY-0042", "/drills/PAY-0043", "/drills/PAY-0043/events", `/drills/PAY-0043/replay/${shown}`, `/drills/PAY-0043/replay/${started}`, "/drills/PAY-0043/report", "/drills/PAY-0043/verify", "/drills/PAY-0042/replay/1", "/drills/LONG-1/report", "/drills/NOT-1", `${guarded.server.origin}/auditor/callback?state=any`, `${guarded.server.origin}/auditor/sign-out`]) {
        await open(path);
        await page.waitForLoadState("networkidle");
        found.push(...(await hindrances(page)).map((hindrance) => `${path} ${hindrance}`));
        await picture(`${scheme}-${path.replaceAll(/\W+/g, "-").slice(1)}`);
      }
      await page.emulateMedia({ colorScheme: "light" });
      assert.deepEqual(found, []);
    });
  }

  it("can be read on a phone without scrolling sideways", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const path of ["/drills", "/drills/PAY-0043", "/drills/PAY-0043/events", "/drills/PAY-0043/replay/9"]) {
      await open(path);
      const over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assert.equal(over, 0, path);
      await picture(`phone${path.replaceAll("/", "-")}`);
    }
    await page.setViewportSize({ width: 1180, height: 900 });
  });

  it("prints without what is only for the screen", async () => {
    await open("/drills/PAY-0043");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".bar").isVisible(), false);
    assert.equal(await page.locator("nav.tabs").isVisible(), false);
    assert.equal(await page.locator("h1").isVisible(), true);
    await page.emulateMedia({ media: "screen" });
  });

  it("opens any part of a history of 20,001 events", async () => {
    await open("/drills/LONG-1");
    await page.getByText("Intact: all 20001 events").waitFor();
    await open("/drills/LONG-1/replay/19999");
    await page.getByText("Event 19999 of 20001").waitFor();
  });
});
