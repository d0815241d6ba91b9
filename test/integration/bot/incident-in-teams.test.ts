import assert from "node:assert/strict";
import type { CardJson } from "../../../src/dialogs/card.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import type { FakeConnector } from "./fake-connector.ts";
import { button, buttonsOf, cardOf, shownIn, untilShown, withButton, type Button, type Shown } from "./shown-in-teams.ts";
import { chatIdOf, groupChat, startTeams, type StartedTeams, type TeamsChat } from "./started-teams.ts";
import { teamsPerson, type TeamsPerson } from "./tenant.ts";

const exercise = `---
mode: test
roles: { operator: dr-operators, approver: service-owners }
parameters:
  plan: { type: recovery-plan, label: Recovery plan }
---
# Approve it

## Before

### Look at the plan

Read it.
`;

const criterion = "Nobody can say when the site will be back";

const incident = `---
id: site-gone
mode: live
purpose: incident
roles: { operator: dr-operators, approver: service-owners, declarer: dr-managers }
parameters:
  site: { type: text, label: The site that is lost }
  plan: { type: recovery-plan, label: Recovery plan of that site }
declaration:
  role: declarer
  criteria:
    - The site will not be back within half of the recovery time objective
    - ${criterion}
  decideBy: 30m
---
# The site is gone

## Call out

### Reach the people

Call them.

### Approve going on

\`\`\`approval
quorum: 1
expires: 4h
\`\`\`
`;

describe("a real incident in Teams, over HTTP", () => {
  const [olivia, amir, dana, rita] = ["Olivia", "Amir", "Dana", "Rita"].map(teamsPerson) as [TeamsPerson, TeamsPerson, TeamsPerson, TeamsPerson];
  const thread = chatIdOf("thread 7", olivia);
  const plan = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-dr/providers/Microsoft.RecoveryServices/vaults/rsv-payroll/replicationRecoveryPlans/rp-payroll";
  let ahead = 0;
  let teams: StartedTeams;
  let connector: FakeConnector;
  before(async () => {
    teams = await startTeams({
      operators: [olivia], approvers: [amir], people: [dana, rita], groups: { "dr-managers": [dana.id], auditors: [rita.id] },
      runbook: exercise, others: { "site-gone.md": incident }, more: { clock: () => new Date(Date.now() + ahead) },
    });
    ({ connector } = teams);
  });
  after(() => teams?.close());

  const says = (who: TeamsPerson, text: string, wanted: RegExp, chat?: TeamsChat): Promise<Shown> => {
    ahead += 6_000;
    return teams.says(who, text, wanted, chat);
  };
  /** What whoever pressed is answered: words, or the card that takes the place of theirs. */
  async function presses(who: TeamsPerson, on: string, { verb, data: sent }: Pick<Button, "verb" | "data">, more: { readonly [key: string]: Json } = {}): Promise<CardJson | string> {
    ahead += 6_000;
    return (await teams.press(who, on, verb, { ...sent, ...more })).value;
  }
  const styleOf = (card: CardJson | null): string | undefined => (card?.["body"] as readonly { style?: string }[] | undefined)?.[0]?.style;
  const drills = async (): Promise<string> => (await says(olivia, "drills", /^Drillbook[^]*Drills/u)).text;

  it("is declared by card: another colour and wording from the first one on, for the word and by the declarer alone", async () => {
    await says(olivia, "start approve-it plan=rp-payroll now", /started as APP-0001/u, "thread 7");
    const form = await says(dana, "incident site-gone", /not declared/u);
    assert.match(form.text, /^REAL INCIDENT[^]*This is not an exercise[^]*Nothing happens yet/u);
    assert.equal(styleOf(form.card), "attention");
    const declaration = cardOf({ value: await presses(dana, form.id, button(form, "incident-preview"), { p_site: "east", p_plan: plan }) });
    assert.equal(styleOf(declaration), "attention");
    assert.match(JSON.stringify(declaration), /REAL INCIDENT[^]*Type DECLARE to declare a real incident/u);
    assert.deepEqual(buttonsOf(declaration).map(({ verb }) => verb), ["declare"]);
    const declare = button({ card: declaration }, "declare");
    for (const [who, more, told] of [
      [dana, { criterion }, /Nothing was declared/u],
      [dana, { criterion, confirm: "yes" }, /Nothing was declared/u],
      [dana, { criterion, confirm: "DECLAER" }, /Nothing was declared/u],
      [olivia, { criterion, confirm: "DECLARE" }, /may not start .* for the role "declarer"/u],
      [dana, { criterion: "it burns", confirm: "DECLARE" }, /Name one of: The site will not be back/u],
    ] as const) assert.match(String(await presses(who, form.id, declare, more)), told);
    assert.ok(!(await teams.events("APP-0001")).some(({ type }) => type === "drill.stood-aside"), "the exercise runs on");
    assert.ok(!(await drills()).includes("SIT-"));
    const started = cardOf({ value: await presses(dana, form.id, declare, { criterion, confirm: "declare" }) });
    assert.equal(styleOf(started), "attention");
    assert.match(JSON.stringify(started), /REAL INCIDENT[^]*started as SIT-0002/u);
    assert.deepEqual(await presses(dana, form.id, declare, { criterion, confirm: "declare" }), started, "pressed twice it is the same one");
  });

  it("takes what an exercise holds, and tells that one's chat in a message of its own and on its cards", async () => {
    const told = await untilShown(connector, "word of it", (m) => m.conversation === thread && m.card === null && /^\*\*REAL INCIDENT\*\*[^]*APP-0001 \(Approve it\) is an exercise and has stopped/u.test(m.text));
    assert.equal(shownIn(connector).filter(({ text }) => text === told.text).length, 1);
    await untilShown(connector, "its live card", (m) => m.conversation === thread && /^EXERCISE[^]*aborted[^]*A real incident was declared/u.test(m.text));
    const step = await untilShown(connector, "its step", (m) => m.conversation === thread && /^✗ Look at the plan[^]*A real incident was declared/u.test(m.text));
    assert.deepEqual(buttonsOf(step.card), []);
    await says(olivia, "start approve-it plan=rp-payroll now", /SIT-0002 \(The site is gone\) holds what this drill needs/u);
  });

  it("is led to its end on cards of its own: colour, words, by when to decide, and what became of it", async () => {
    const isLive = (m: Shown): boolean => /^REAL INCIDENT[^]*SIT-0002 · /u.test(m.text) && withButton("pause")(m);
    const live = await untilShown(connector, "the live card", (m) => m.conversation === groupChat && isLive(m));
    assert.equal(styleOf(live.card), "attention");
    assert.match(live.text, new RegExp(`Declared .* by Dana: ${criterion} · decide by `, "u"));
    const first = await untilShown(connector, "the first step", (m) => m.text.includes("SIT-0002") && withButton("done")(m));
    assert.equal(styleOf(first.card), "attention");
    assert.match(first.text, /^REAL INCIDENT/u);
    assert.match(String(await presses(olivia, first.id, button(first, "done"))), /^Recorded/u);
    const asked = await untilShown(connector, "the approval", (m) => m.conversation === groupChat && m.text.includes("SIT-0002") && withButton("approve")(m));
    assert.equal(styleOf(asked.card), "attention");
    assert.match(String(await presses(amir, asked.id, button(asked, "approve"))), /you approved/u);
    const close = await untilShown(connector, "what is signed", (m) => m.text.includes("SIT-0002") && withButton("sign")(m));
    assert.match(close.text, /^REAL INCIDENT[^]*sign-off/u);
    for (const [who, as] of [[olivia, "owner"], [rita, "reviewer"]] as const) assert.match(String(await presses(who, close.id, { verb: "sign", data: { ...button(close, "sign").data, as } })), new RegExp(`you signed as ${as}`, "u"));
    await untilShown(connector, "its end", (m) => m.id === live.id && /^REAL INCIDENT[^]*passed[^]*Nothing had to be taken back/u.test(m.text) && buttonsOf(m.card).length === 0);
    assert.match((await drills()).match(/SIT-.*/gu)?.join("\n") ?? "", /^SIT-0002 .* passed$/u);
  });

  it("is declared in words with the code of the card that showed it, by no pasted line, no slip and no old code", async () => {
    await says(olivia, "start approve-it plan=rp-payroll now", /started as APP-0003/u, "thread 7");
    const whole = `incident site-gone site=east plan=rp-payroll declare because ${criterion}`;
    const codeOn = ({ text }: Shown): string => /… declare ([A-Z0-9]{4}) because <criterion>/u.exec(text)?.[1] ?? assert.fail(text);
    const shown = await says(dana, "incident site-gone site=east plan=rp-payroll", /not declared[^]*Type DECLARE/u);
    const code = codeOn(shown);
    const coded = whole.replace("declare", `declare ${code}`);
    for (const slip of [
      whole, whole.replace("declare", "declare QQQQ"), coded.replace("declare", "declaer"), coded.replace("declare", "yes"), coded.replace("declare", "now"),
      coded.replace("site=east", "site=west"), `incident site-gone … declare ${code} because <criterion>`, coded.replace(criterion, "<criterion>"),
    ]) await says(dana, slip, /not declared|Nothing was declared/u);
    await says(olivia, coded, /may not start .* for the role "declarer"/u);
    await says(dana, coded.replace(criterion, "it burns"), /Name one of: The site will not be back/u);
    await says(dana, coded.replace("incident", "incidnet"), /Did you mean "incident"\? Nothing was done/u);
    ahead += 2 * 3_600_000;
    assert.notEqual(codeOn(await says(dana, coded, /not declared/u)), code, "what was shown two hours ago is not what is confirmed");
    assert.ok(!(await teams.events("APP-0003")).some(({ type }) => type === "drill.stood-aside"));
    const fresh = codeOn(await says(dana, whole, /not declared/u));
    const started = await says(dana, `Incident site-gone, site=east, plan=RP-payroll DECLARE ${fresh.toLowerCase()} because “${criterion}”`, /started as SIT-0004/u);
    assert.match(started.text, /REAL INCIDENT/u);
    assert.equal(styleOf(started.card), "attention");
    await untilShown(connector, "word of it", (m) => m.conversation === thread && /^\*\*REAL INCIDENT\*\*[^]*APP-0003/u.test(m.text));
    await untilShown(connector, "the live card", (m) => /^REAL INCIDENT[^]*SIT-0004 [^]*by Dana: Nobody can say/u.test(m.text));
  });
});
