import assert from "node:assert/strict";
import { startBot, type StartedBot } from "./started-bot.ts";

describe("a real incident through the console, over HTTP", () => {
  let bot: StartedBot;
  before(async () => void (bot = await startBot()));
  after(() => bot.close());

  const drills = async (): Promise<string> => (await bot.client.get("/drills")).text();
  const plan = "/Subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv-payroll/replicationRecoveryPlans/rp-payroll";
  const criterion = "Nobody can say when the site will be back";

  it("is never started by the words or buttons of an exercise", async () => {
    assert.match(await bot.client.say("dana", "start site-failure-incident site=east now"), /for a real incident, and is never started like an exercise/);
    assert.match(await bot.client.click("dana", "launch", { runbook: "site-failure-incident", params: { site: "east" } }), /never started like an exercise/);
    assert.match(await bot.client.click("dana", "form", { runbook: "site-failure-incident" }), /never started like an exercise/);
    assert.match(await bot.client.say("dana", "incident payroll-test-failover"), /is an exercise, not a real incident/);
    const list = await bot.client.say("dana", "runbooks");
    assert.match(list, /For a real incident, never for an exercise:\n[^]*incident site-failure-incident/);
    assert.ok(!(await bot.client.buttons()).some((b) => b.data["runbook"] === "site-failure-incident"));
    assert.ok(!(await drills()).includes("SIT-0001"));
  });

  it("asks twice, and for a word", async () => {
    assert.match(await bot.client.say("dana", "incident site-failure-incident"), /REAL INCIDENT[^]*This is not an exercise[^]*Nothing happens yet/);
    const declaration = await bot.client.press("dana", "Go on towards a declaration", { p_site: "east", p_plan: plan });
    assert.match(declaration, /Type DECLARE to declare a real incident/);
    const data = { runbook: "site-failure-incident", params: { site: "east", plan }, criterion };
    assert.match(await bot.client.click("dana", "declare", data), /Nothing was declared/);
    assert.match(await bot.client.click("dana", "declare", { ...data, confirm: "yes" }), /Nothing was declared/);
    assert.match(await bot.client.say("dana", "incident site-failure-incident site=east plan=rp-payroll now because it burns"), /Nothing was declared/);
    assert.match(await bot.client.click("olivia", "declare", { ...data, confirm: "DECLARE" }), /may not start .* that is for the role "declarer"/);
    assert.match(await bot.client.click("dana", "declare", { ...data, confirm: "DECLARE", criterion: "it burns" }), /Name one of: The site will not be back/);
    assert.ok(!(await drills()).includes("SIT-0001"));
  });

  it("is declared by no single message, whoever pastes or repeats it: only what was shown lately is", async () => {
    const whole = `incident site-failure-incident site=east plan=rp-payroll declare because ${criterion}`;
    for (const said of [whole, whole.replace("declare", "declare QQQQ"), "incident site-failure-incident … declare because <criterion>", whole.replace("declare", "declaer")]) {
      assert.match(await bot.client.say("dana", said), /not declared|Nothing was declared/, said);
    }
    const shown = await bot.client.say("dana", whole);
    const [, code = ""] = /type "incident site-failure-incident … declare ([A-Z0-9]{4}) because <criterion>"/.exec(shown) ?? [];
    assert.notEqual(code, "", shown);
    assert.match(await bot.client.say("dana", whole.replace("site=east", "site=west").replace("declare", `declare ${code}`)), /not declared/, "for other parameters it is no code");
    assert.ok(!(await drills()).includes("SIT-0001"));
  });

  it("is declared by whoever may, says so in another colour and other words, and by when to decide", async () => {
    const shown = await bot.client.say("dana", "incident site-failure-incident site=east plan=rp-payroll");
    const [, code = ""] = /declare ([A-Z0-9]{4}) because/.exec(shown) ?? [];
    const said = await bot.client.say("dana", `Incident site-failure-incident, site=east, plan=RP-payroll DECLARE ${code.toLowerCase()} because “${criterion}”`);
    assert.match(said, /started as SIT-0001/);
    const live = await bot.client.say("dana", "SIT-0001 status");
    assert.match(live, /^REAL INCIDENT/);
    assert.match(live, /Declared .* by Dana Weiss: Nobody can say .* decide by/);
    const card = (await bot.client.activities()).findLast((a) => a.text.startsWith("REAL INCIDENT"))?.card;
    assert.ok(card);
    assert.equal((card["body"] as readonly { style?: string }[])[0]?.style, "attention");
  });
});
