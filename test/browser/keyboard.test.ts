import assert from "node:assert/strict";
import { servers } from "../integration/bot/long-approval.ts";
import { rehearsal, type RehearsalPage } from "./rehearsal-page.ts";

/** Two of them, of which each fits a page of the approval's card and not both one: it has two pages, however much stands beside them. */
const tableOf = (names: readonly string[]): string => ["| server | what it does | what to do first |", "| --- | --- | --- |", ...names.map((name) => `| ${name} | Payments, which nobody can do without for longer than an hour | Call the owner of ${name} before it is stopped |`)].join("\n");

const runbook = `---
id: by-keyboard
mode: test
parameters: { plan: { type: recovery-plan }, network: { type: azure-resource, label: Test network } }
roles: { operator: dr-operators, approver: service-owners }
---
# By keyboard

## Go
### Approve the move
${tableOf(servers.slice(0, 40))}

And an hour later:

${tableOf(servers.slice(40, 60))}

\`\`\`approval
quorum: 2
expires: 30m
\`\`\`
### Fail over
\`\`\`action asr-test-failover
plan: \${plan}
network: \${network}
keepUntil: 1h
\`\`\`
### Staff can work
- [ ] Sign in
- [ ] Print
`;

/** What has the keyboard: its name as a screen reader says it, and whether one sees that it has it. */
const held = `(() => {
  const has = document.activeElement;
  const ringed = [has, has.closest(".person, .say, .attach")].filter(Boolean).map((one) => getComputedStyle(one));
  const labels = [...(has.labels ?? [])].map((label) => label.textContent);
  return {
    name: [has.getAttribute("aria-label"), ...labels, has.tagName === "BUTTON" || has.tagName === "A" ? has.textContent : ""].filter(Boolean).join(" ").replace(/\\s+/g, " ").trim(),
    // Between the end of the page and its beginning the browser itself has it.
    seen: has === document.body || ringed.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none") && has.getClientRects().length > 0,
  };
})()`;

describe("a whole drill with the keyboard alone", () => {
  const opened = rehearsal({ runbook: { id: "by-keyboard", text: runbook }, pace: 400 });

  /** Goes on with Tab, or back with Shift+Tab, until the keyboard is at this; every stop on the way is to be seen. */
  async function goTo({ page }: RehearsalPage, name: string, key: "Tab" | "Shift+Tab"): Promise<void> {
    const seen: string[] = [];
    for (let stops = 0; stops < 60; stops += 1) {
      await page.keyboard.press(key);
      const at = (await page.evaluate(held)) as { readonly name: string; readonly seen: boolean };
      assert.ok(at.seen, `nobody sees that the keyboard is at "${at.name}"`);
      seen.push(at.name);
      if (at.name.includes(name)) return;
    }
    assert.fail(`${key} never came to "${name}": ${seen.join(" | ")}`);
  }

  async function pressed(opened: RehearsalPage, button: string): Promise<void> {
    await goTo(opened, button, "Shift+Tab");
    await opened.page.keyboard.press("Enter");
  }

  /** From the message box on to the people, to another of them, and back by the link that skips the chat. */
  async function become(opened: RehearsalPage, name: string): Promise<void> {
    const { page } = opened;
    await goTo(opened, "Skip to the message box", "Tab");
    await page.keyboard.press("Tab");
    for (let stops = 0; stops < 5 && !((await page.evaluate(held)) as { readonly name: string }).name.includes(name); stops += 1) await page.keyboard.press("ArrowDown");
    await page.locator("#say").getByText("").waitFor({ state: "attached" });
    assert.equal(await page.locator("#say").getAttribute("placeholder"), `Message as ${name}`);
    await goTo(opened, "Skip to the message box", "Shift+Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate("document.activeElement.id"), "say");
  }

  it("is launched, approved page by page and by words, ticked off and signed", async () => {
    const all = opened();
    const { bot, page, faults, shows } = all;
    const type = async (words: string): Promise<void> => {
      await page.keyboard.type(words);
      await page.keyboard.press("Enter");
    };

    await page.waitForFunction("document.activeElement?.id === 'say' && !document.activeElement.disabled");
    await type("start by-keyboard");
    await shows("Show what will be touched");
    await goTo(all, "Test network", "Shift+Tab");
    await page.keyboard.type("vnet-dr-i");
    await goTo(all, "Show what will be touched", "Tab");
    await page.keyboard.press("Enter");
    await shows("Start the drill");
    await goTo(all, "Message to Drillbook", "Tab");
    await pressed(all, "Start the drill");
    await shows("your approval is asked");
    await goTo(all, "Message to Drillbook", "Tab");

    // Amir turns to the last page and begins to write; Bea's word redraws the card under his hands.
    await become(all, "Amir Haddad");
    await pressed(all, "Page 2 of");
    await shows("2 of 2");
    await goTo(all, "Reason", "Tab");
    await page.keyboard.type("is the month-end run");
    await bot.client.say("bea", "note the desk knows");
    const code = /approve 1 (\w+)/.exec(await bot.client.say("bea", "approve 1"))?.[1] ?? "";
    await bot.client.say("bea", `approve 1 ${code}`);
    await shows("1 of 2: Bea Lind");
    // The live card says so too, maybe before the card under his hands is drawn anew, on its first page.
    await shows("Page 2 of");
    assert.notEqual(await page.evaluate("document.activeElement.tagName"), "BODY", "the keyboard stays at the card");
    await goTo(all, "Page 2 of", "Tab");
    await page.keyboard.press("Enter");
    await goTo(all, "Reason", "Tab");
    assert.equal(await page.evaluate("document.activeElement.value"), "is the month-end run", "what was being typed is there");
    await goTo(all, "Message to Drillbook", "Tab");
    await type(`approve 1 ${code}`);

    // What goes on meanwhile takes neither the keyboard nor a word from whoever writes.
    await become(all, "Olivia Okafor");
    await page.keyboard.type("note all three");
    await shows("checklist of 2");
    assert.deepEqual([await page.evaluate("document.activeElement.id"), await page.evaluate("document.activeElement.value")], ["say", "note all three"]);
    await type(" are up");
    await shows("Noted.");

    for (const item of ["Print", "Sign in"]) {
      await goTo(all, item, "Shift+Tab");
      await page.keyboard.press("Space");
    }
    await goTo(all, "Done", "Tab");
    await page.keyboard.press("Enter");
    await shows("Sign what happened");
    await goTo(all, "Message to Drillbook", "Tab");
    await pressed(all, "Sign as owner");
    await shows("Olivia Okafor signed as owner");
    await goTo(all, "Message to Drillbook", "Tab");
    await become(all, "Ravi Menon");
    await type("sign as reviewer");
    await shows("By keyboard: passed");
    assert.deepEqual(faults, []);
  });
});
