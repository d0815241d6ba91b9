import assert from "node:assert/strict";
import { payroll } from "../../src/simulator/estates/payroll.ts";
import { rehearsal } from "./rehearsal-page.ts";

const action = { name: "Licence server", description: "Tell the licence server the new address of sql-payroll.", before: 2 };
const estate = { ...payroll, vaults: payroll.vaults.map((vault) => ({ ...vault, plans: vault.plans.map((plan) => ({ ...plan, manualActions: [action] })) })) };

const runbook = `---
id: stops
mode: test
parameters: { plan: { type: recovery-plan }, network: { type: azure-resource } }
---
# Stops

## Go
### Fail over
\`\`\`action asr-test-failover
plan: \${plan}
network: \${network}
keepUntil: 1h
\`\`\`
`;

describe("a plan that stops for people, in a browser", () => {
  const opened = rehearsal({ runbook: { id: "stops", text: runbook }, pace: 400, estate });

  it("shows what to do and goes on when somebody says what they did", async () => {
    const { bot, page, preview, press, shows, picture } = opened();
    await preview("stops");
    await press("Start the drill");
    await shows("Azure waits for people: Licence server");
    await shows("Tell the licence server the new address of sql-payroll.");
    await picture("manual-action");
    const resumes = () => bot.simulator.requests.filter(({ method, path }) => method === "POST" && path.includes("/resume")).map(({ body }) => JSON.parse(body));
    await press("Done: let Azure go on");
    await shows(/needs a reason/u);
    assert.deepEqual(resumes(), [], "without a word of what was done nothing goes on");
    await page.getByLabel("What you did").last().fill("It knows 10.50.0.10 now");
    await press("Done: let Azure go on");
    await shows("3 of 3 servers up");
    assert.deepEqual(resumes(), [{ properties: { comments: "It knows 10.50.0.10 now" } }]);
  });
});
