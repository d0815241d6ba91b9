import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startBot, type StartedBot } from "./started-bot.ts";

const weekly = `---
id: weekly-look
owner: dr-team@contoso.example
roles: { operator: dr-operators, approver: service-owners, deputy: dr-managers }
parameters: { plan: { type: recovery-plan, default: payroll } }
schedule: { every: 7d, timeZone: Europe/Vienna, announce: 3d, overdue: 12h }
---
# Weekly look

## Look

### Replication is healthy

\`\`\`check asr-replication
plan: \${plan}
maxRpo: 1h
\`\`\`

### Approve it

\`\`\`approval
role: approver
\`\`\`

### Look at the panel

It is green.
`;

const began = Date.parse("2026-03-24T08:00:00Z");
const dayMs = 86_400_000;

describe("a runbook with a schedule, in the console", () => {
  let data: string;
  let runbooks: string;
  let resources: string;
  let bot: StartedBot | null;

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), "drillbook-schedule-"));
    runbooks = mkdtempSync(join(tmpdir(), "drillbook-scheduled-"));
    writeFileSync(join(runbooks, "weekly-look.md"), weekly);
    resources = join(data, "resources.yaml");
    writeFileSync(resources, "payroll: /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v/replicationRecoveryPlans/payroll\n");
    bot = null;
  });
  afterEach(async () => {
    await bot?.close();
    for (const folder of [data, runbooks]) rmSync(folder, { recursive: true, force: true });
  });

  /** Stops the bot, which ends first what is due, and starts it again so many days after the first start. */
  const onDay = async (days: number): Promise<StartedBot> => {
    await bot?.close();
    const from = Date.now();
    bot = await startBot({ data, runbooks, env: { DRILLBOOK_RESOURCES: resources }, clock: () => new Date(began + days * dayMs + Date.now() - from) });
    return bot;
  };
  const said = async (text: RegExp): Promise<readonly string[]> => ((await bot?.client.activities()) ?? []).filter((a) => a.fromBot && text.test(a.text)).map((a) => a.text);
  const saysOnce = async (text: RegExp): Promise<string> => {
    for (let tries = 0; tries < 2_000 && (await said(text)).length === 0; tries++) await delay(25);
    const found = await said(text);
    assert.equal(found.length, 1, `${String(text)}: ${JSON.stringify((await bot?.client.activities())?.map((a) => a.text))}`);
    return found[0] ?? "";
  };

  it("is announced, remembered, launched up to the first step that waits for people, and missed, each once", async () => {
    await onDay(0);
    await onDay(4.1);
    assert.match(await saysOnce(/is due on/), /^Weekly look is due on 2026-03-31 at 10:00 Europe\/Vienna\. It needs operator \(Olivia Okafor\), .*approver \(Amir Haddad/);
    await onDay(6.1);
    await saysOnce(/^Tomorrow: Weekly look is due on 2026-03-31/);
    await onDay(7.01);
    await bot?.client.until("Approve");
    await saysOnce(/WEE-0001 · started .* by the schedule, in the name of Olivia Okafor/);
    await onDay(7.02);
    await onDay(7.6);
    assert.match(await saysOnce(/was due on 2026-03-31 at 10:00/), /WEE-0001 is under way and waits for somebody/);
    await onDay(7.7);
    await onDay(7.71);
    // Every start looked at everything again.
    await saysOnce(/^Weekly look is due on/);
    await saysOnce(/^Tomorrow:/);
    await saysOnce(/was due on/);
    assert.match((await bot?.client.say("olivia", "drills")) ?? "", /WEE-0001/);
    assert.doesNotMatch((await bot?.client.say("olivia", "drills")) ?? "", /WEE-0002/);
  });

  it("says nothing more of a drill that was run to a good end", async () => {
    await onDay(0);
    await onDay(7.01);
    let client = bot!.client;
    await client.until("Approve");
    await client.press("amir", "Approve");
    await client.until("Done");
    await client.press("olivia", "Done");
    await client.until("Sign as owner");
    await client.press("olivia", "Sign as owner");
    await client.press("ravi", "Sign as reviewer");
    await onDay(7.6);
    client = (await onDay(7.61)).client;
    assert.deepEqual(await said(/was due on/), []);
    assert.match(await client.say("olivia", "drills"), /passed/);
  });
});
