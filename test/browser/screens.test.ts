import assert from "node:assert/strict";
import { rehearsal } from "./rehearsal-page.ts";

const runbook = `---
id: screens
mode: test
parameters: { plan: { type: recovery-plan }, network: { type: azure-resource } }
---
# Screens

## Go
### Fail over
\`\`\`action asr-test-failover
plan: \${plan}
network: \${network}
keepUntil: 1h
\`\`\`
### They have come up
\`\`\`check vm-boot
onFail: ask
\`\`\`
`;

describe("the screens of test servers in a browser", () => {
  const opened = rehearsal({ runbook: { id: "screens", text: runbook }, pace: 400 });

  it("stand on the card that people judge by, and on the drill's pages", async () => {
    const { bot, page, faults, preview, press, shows, picture } = opened();
    const screens = async (): Promise<readonly string[]> => {
      await page.waitForFunction("[...document.images].filter((one) => one.naturalWidth === 512).length >= 2");
      const drawn = await page.locator("img").evaluateAll((all) => all.map((one) => ({ alt: String(one.getAttribute("alt")), width: Number("naturalWidth" in one ? one.naturalWidth : 0) })));
      return drawn.filter(({ width }) => width === 512).map(({ alt }) => alt.replace(/.*: /, ""));
    };
    bot.simulator.add({ kind: "sick-server", server: "web-01", how: "no-agent", times: null });
    bot.simulator.add({ kind: "sick-server", server: "web-02", how: "boot-manager", times: null });
    await preview("screens");
    await press("Start the drill");
    await shows("What the screens show");
    await picture("screens-card", true);
    assert.deepEqual(await screens(), ["web-01-test-screen.bmp", "web-02-test-screen.bmp"]);

    await page.goto(`${bot.origin}/drills`);
    await page.locator("main a[href^='/drills/']").first().click();
    await page.locator("#files img").first().waitFor();
    assert.equal((await screens()).length, 2);
    await picture("screens-page", true);
    await page.goto(`${page.url().replace(/[?#].*/, "")}/report`);
    assert.equal((await screens()).length, 2);
    assert.deepEqual(faults, []);
  });
});
