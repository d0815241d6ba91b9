import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, ConsoleMessage, Page } from "playwright-core";
import type { Answer, CardJson, Conversation, Inbound } from "../../src/bot/message.ts";
import { freePort } from "../free-port.ts";
import { consoleStore } from "../fakes/console-store.ts";
import { startConsole } from "../integration/bot/started-console.ts";
import type { StartedConsole } from "../integration/bot/started-console.ts";
import { openBrowser } from "./browser.ts";

/** A card with every kind of input, two buttons and a line that an edit changes. */
function decisionCard(state: string): CardJson {
  return {
    type: "AdaptiveCard",
    version: "1.5",
    body: [
      { type: "Container", style: "accent", bleed: true, items: [{ type: "TextBlock", text: "Approve the test failover", size: "Large", weight: "Bolder", wrap: true }] },
      { type: "TextBlock", text: state, wrap: true },
      { type: "Input.Text", id: "reason", label: "Reason", placeholder: "why" },
      { type: "Input.Toggle", id: "told", title: "The service desk knows" },
      { type: "Input.ChoiceSet", id: "point", label: "Recovery point", value: "latest", choices: [{ title: "Latest", value: "latest" }, { title: "Latest processed", value: "processed" }] },
    ],
    actions: [
      { type: "Action.Execute", title: "Approve", verb: "approve", style: "positive", data: { step: "approve-it" } },
      { type: "Action.Submit", title: "Old way", data: { verb: "old-way" } },
      { type: "Action.OpenUrl", title: "Elsewhere", url: "https://elsewhere.example/" },
      { type: "Action.OpenUrl", title: "Transcript", url: "/drills/PAY-0001" },
    ],
  };
}

describe("the console page", function () {
  let browser: Browser;
  let started: StartedConsole;
  let page: Page;
  let arrived: Inbound[];
  let where: Conversation | null;
  let complaints: string[];
  const sessionKey = randomBytes(32);
  const store = consoleStore();

  async function answer(inbound: Inbound): Promise<Answer> {
    arrived.push(inbound);
    where = inbound.conversation;
    if (inbound.kind === "text" && inbound.text === "hello") return { messages: [{ text: "Hello, type **help**.", card: null }] };
    if (inbound.kind === "text" && inbound.text === "card") return { messages: [{ text: "Approve the test failover", card: decisionCard("0 of 2") }] };
    if (inbound.kind === "text" && inbound.text === "bad") {
      return { messages: [{ text: "<img src=x onerror=alert(1)> [go](javascript:alert(1)) [ok](https://ok.example/)", card: null }] };
    }
    if (inbound.kind === "click") return { messages: [{ text: `${inbound.person.name} pressed ${inbound.verb}.`, card: null }] };
    return { messages: [{ text: `You said: ${inbound.text}`, card: null }] };
  }

  function start(port = 0): Promise<StartedConsole> {
    return startConsole(answer, {
      port,
      sessionKey,
      store,
      openPages: async (server) =>
        server.get("/drills/:id", ({ params }) => ({ status: 200, type: "text/html", body: `<!doctype html><title>t</title><h1>Transcript of ${params["id"] ?? ""}</h1>` })),
    });
  }

  const say = async (text: string): Promise<void> => {
    const said = page.locator(".message:not(.has-card) .bubble", { hasText: text });
    const before = await said.count();
    await page.getByLabel("Message to Drillbook").fill(text);
    await page.keyboard.press("Enter");
    await said.nth(before).waitFor();
  };
  const listed = (text: string) => page.locator("#messages").getByText(text);
  const actAs = (name: string): Promise<void> => page.locator(".person", { hasText: name }).click();
  const cards = () => page.locator(".message.has-card");
  const lastCard = () => cards().last();
  async function showCard(): Promise<string> {
    const before = await cards().count();
    await say("card");
    await cards().nth(before).getByRole("button", { name: "Approve" }).waitFor();
    const kept = (await store.all()).findLast((activity) => activity.card !== null);
    assert.ok(kept);
    return kept.id;
  }
  async function edit(messageId: string, state: string): Promise<void> {
    assert.ok(where);
    await started.transport.update(where, messageId, { text: "Approve the test failover", card: decisionCard(state) });
    await page.getByText(state, { exact: true }).waitFor();
  }

  before(async function () {
    const opened = await openBrowser();
    if (!opened) return this.skip();
    browser = opened;
    arrived = [];
    complaints = [];
    // Not any port: it is bound anew after a restart, and must not have been given to a connection meanwhile.
    started = await start(await freePort());
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("console", (message: ConsoleMessage) => {
      if (message.type() === "error" && !message.text().includes("net::ERR_")) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(started.link());
    await page.getByText("Hello, type help.").waitFor();
  });

  after(async () => {
    await browser?.close();
    await started?.close();
  });

  it("greets once, and says that this is a rehearsal", async () => {
    assert.equal(new URL(page.url()).pathname, "/console");
    assert.equal(await page.locator(".message").count(), 1);
    assert.match((await page.locator(".banner").textContent()) ?? "", /REHEARSAL · simulated Azure · local console/u);
  });

  it("sends what is typed as the chosen person, and shows it on the right side only to them", async () => {
    await actAs("Amir Haddad");
    await say("help");
    await listed("You said: help").waitFor();
    assert.deepEqual(arrived.at(-1)?.person, { id: "amir", name: "Amir Haddad" });
    const mine = page.locator(".message", { hasText: "help" }).filter({ hasText: "Amir Haddad" });
    assert.match((await mine.first().getAttribute("class")) ?? "", /own/u);
    await actAs("Olivia Okafor");
    assert.doesNotMatch((await mine.first().getAttribute("class")) ?? "", /own/u);
  });

  it("sends a press with the inputs, and shows the answer only to the one who pressed", async () => {
    await showCard();
    await actAs("Bea Lind");
    await lastCard().getByLabel("Reason").fill("looks right");
    await lastCard().getByLabel("The service desk knows").check();
    await lastCard().getByRole("button", { name: "Approve" }).click();
    const aside = page.locator(".aside", { hasText: "Bea Lind pressed approve." });
    await aside.waitFor();
    const click = arrived.at(-1);
    assert.equal(click?.kind, "click");
    assert.deepEqual(click.kind === "click" && click.data, { step: "approve-it", reason: "looks right", told: "true", point: "latest" });
    await actAs("Ravi Menon");
    assert.equal(await aside.isVisible(), false);
    await actAs("Bea Lind");
    assert.equal(await aside.isVisible(), true);
  });

  it("sends a submit as a message with a value", async () => {
    await lastCard().getByRole("button", { name: "Old way" }).click();
    await listed("Bea Lind pressed old-way.").waitFor();
  });

  it("edits in place, and keeps what is being typed and where the cursor is", async () => {
    const id = await showCard();
    const reason = lastCard().getByLabel("Reason");
    await reason.fill("half a sent");
    await reason.press("ArrowLeft");
    await lastCard().getByLabel("Recovery point").selectOption("processed");
    await reason.focus();
    const before = await page.locator(".message").count();
    await edit(id, "1 of 2");
    await edit(id, "1 of 2, once more");
    assert.equal(await page.locator(".message").count(), before);
    assert.equal(await reason.inputValue(), "half a sent");
    assert.equal(await lastCard().getByLabel("Recovery point").inputValue(), "processed");
    await page.keyboard.type("X");
    assert.equal(await reason.inputValue(), "half a senXt");
  });

  it("forgets what was sent when the card is drawn anew", async () => {
    const id = await showCard();
    await lastCard().getByLabel("Reason").fill("sent already");
    await lastCard().getByRole("button", { name: "Approve" }).press("Enter");
    await lastCard().locator(".aside", { hasText: "pressed approve" }).waitFor();
    await edit(id, "decided");
    assert.equal(await lastCard().getByLabel("Reason").inputValue(), "");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Approve");
  });

  it("leaves the keyboard where it is when an answer comes late", async () => {
    const late = Promise.withResolvers<void>();
    await page.route("**/api/messages", async (route) => {
      await late.promise;
      await route.abort();
    });
    await page.getByLabel("Message to Drillbook").fill("held up");
    await page.keyboard.press("Enter");
    await lastCard().getByLabel("Reason").focus();
    late.resolve();
    await page.locator("#problem").filter({ hasText: /./u }).waitFor();
    await page.unroute("**/api/messages");
    await page.keyboard.type("meanwhile");
    assert.equal(await lastCard().getByLabel("Reason").inputValue(), "meanwhile");
    assert.equal(await page.getByLabel("Message to Drillbook").inputValue(), "held up", "what could not be sent is there again");
  });

  it("does not move the reader, and offers the way to the newest message", async () => {
    const id = await showCard();
    await page.evaluate("document.getElementById('scroller').scrollTop = 120");
    await edit(id, "edited far below");
    assert.equal(await page.evaluate("document.getElementById('scroller').scrollTop"), 120);
    assert.ok(where);
    await started.transport.send(where, { text: "news from below", card: null });
    await page.getByRole("button", { name: "Newest message" }).click();
    await page.getByText("news from below").last().waitFor();
    assert.equal(await page.getByRole("button", { name: "Newest message" }).isVisible(), false);
  });

  it("makes no element, no script and no foreign link out of text", async () => {
    await say("bad");
    const said = page.locator(".message .bubble", { hasText: "onerror" }).last();
    await said.waitFor();
    assert.equal(await said.locator("img").count(), 0);
    assert.deepEqual(await said.locator("a").evaluateAll((links) => links.map((link) => String(link))), ["https://ok.example/"]);
    assert.equal(await said.locator("a").getAttribute("rel"), "noopener noreferrer");
  });

  it("opens links of its own and no others", async () => {
    await showCard();
    await lastCard().getByRole("link", { name: "Elsewhere" }).click();
    await page.locator(".aside", { hasText: "opens no other sites" }).waitFor();
    const [opened] = await Promise.all([page.context().waitForEvent("page"), lastCard().getByRole("link", { name: "Transcript" }).click()]);
    await opened.waitForLoadState();
    assert.equal(await opened.locator("h1").textContent(), "Transcript of PAY-0001");
    await opened.close();
  });

  it("finds its way back by itself after a restart, with the same session and conversation", async () => {
    const { port } = started;
    const before = await page.locator(".message").count();
    await started.close();
    await page.getByText("connection lost").waitFor();
    started = await start(port);
    await page.locator("body[data-state=connected]").waitFor();
    assert.equal(await page.locator(".message").count(), before);
    await say("still here?");
    await listed("You said: still here?").waitFor();
    await page.reload();
    await listed("You said: still here?").waitFor();
  });

  it("can be used with the keyboard alone", async () => {
    await page.reload();
    await listed("You said: still here?").waitFor();
    await page.getByRole("radio", { name: "Olivia Okafor" }).focus();
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.getByRole("radio", { name: "Amir Haddad" }).isChecked(), true);
    await page.getByLabel("Message to Drillbook").focus();
    await page.keyboard.type("by keyboard");
    await page.keyboard.press("Enter");
    await listed("You said: by keyboard").waitFor();
    assert.equal(arrived.at(-1)?.person.id, "amir");
    assert.match((await page.getByRole("log").textContent()) ?? "", /You said: by keyboard/u);
  });

  it("fits a phone, in light and in dark", async () => {
    const folder = process.env["DRILLBOOK_SCREENSHOTS"] ?? (await mkdtemp(join(tmpdir(), "drillbook-console-")));
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.screenshot({ path: join(folder, `console-${colorScheme}.png`) });
      await page.setViewportSize({ width: 360, height: 740 });
      await page.screenshot({ path: join(folder, `phone-${colorScheme}.png`) });
      const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assert.equal(overflow, 0);
    }
  });

  it("had nothing to complain about, least of all its own security policy", () => {
    assert.deepEqual(complaints, []);
  });
});
