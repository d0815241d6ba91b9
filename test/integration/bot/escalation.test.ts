import assert from "node:assert/strict";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { approvalRunbook } from "./approval-runbook.ts";
import { answers, chatOfAccount, type FakeConnector } from "./fake-connector.ts";
import { quickClock, type QuickClock } from "./quick-clock.ts";
import { button, buttonsOf, shownIn, untilShown, withButton, type Shown } from "./shown-in-teams.ts";
import { groupChat, startTeams, type StartedTeams, type TeamsChat } from "./started-teams.ts";
import { listed, teamsPerson, type TeamsPerson } from "./tenant.ts";

const runbook = approvalRunbook({ expires: "1h", escalate: "deputy", roles: { deputy: "dr-managers" }, after: ["Go on"] });

const hour = 3_600_000;

describe("an approval that nobody answers, in Teams, over HTTP", () => {
  const [olivia, amir, dora, ed, finn, gus] = ["Olivia", "Amir", "Dora", "Ed", "Finn", "Gus"].map(teamsPerson) as [TeamsPerson, TeamsPerson, TeamsPerson, TeamsPerson, TeamsPerson, TeamsPerson];
  const deputies = [dora, ed, finn, gus];
  let clock: QuickClock;
  let teams: StartedTeams;
  let connector: FakeConnector;
  beforeEach(async () => {
    clock = quickClock();
    teams = await startTeams({ operators: [olivia], approvers: [amir], people: deputies, members: [olivia, amir, dora, ed, finn], groups: { "dr-managers": deputies.map(({ id }) => id) }, runbook, more: clock.timing });
    ({ connector } = teams);
  });
  afterEach(() => teams?.close());

  const chatOf = ({ account }: TeamsPerson): string => chatOfAccount(account);
  const begin = async (): Promise<Shown> => {
    await teams.arrive(olivia, { type: "message", text: "start approve-it now" });
    return untilShown(connector, "the approval", (m) => m.conversation === groupChat && withButton("approve")(m));
  };
  /** The hour in which nobody answers, in six seconds; from then on time passes at this pace. */
  const anHourLater = async (pace: number): Promise<void> => {
    clock.goAt(600);
    await untilShown(connector, "the end of the hour", (m) => m.conversation === groupChat && /approval expired/u.test(m.text));
    clock.goAt(pace);
  };
  const opened = () => connector.received.filter(({ method, path }) => method === "POST" && path.endsWith("/v3/conversations")).map(({ body }) => (body as { members: readonly { id: string }[] }).members[0]?.id);
  const pressed = async (who: TeamsPerson, on: Shown, verb: string, sent: Json, chat: TeamsChat = "group"): Promise<string> => String((await teams.press(who, on.id, verb, sent, chat)).value);

  it("reaches the deputies in their own chats at its time and not before; being told is no right to approve, and silence no yes", async () => {
    connector.members.push(listed(gus));
    const asked = await begin();
    const { data: approve } = button(asked, "approve");
    await anHourLater(1);
    const cards = await Promise.all(deputies.map((deputy) => untilShown(connector, `word to ${deputy.name}`, (m) => m.conversation === chatOf(deputy))));
    const events = await teams.events("APP-0001");
    const began = events.find(({ type }) => type === "step.opened")?.at ?? "";
    const told = events.filter((e) => e.type === "escalation.raised");
    assert.deepEqual(told.map((e) => e.people.map(({ id }) => id)), [deputies.map(({ id }) => id)]);
    assert.ok(Date.parse(told[0]?.at ?? "") - Date.parse(began) >= hour);
    assert.ok(opened().indexOf(amir.account) >= 0 && opened().length === 5, "each chat once, the approver's first");
    for (const { card, text } of cards) {
      assert.match(text, /approval expired[^]*for any of 5 \(operator or deputy\)[^]*Nobody's silence is a yes: nothing was sent[^]*Told .*: Dora, Ed, Finn and Gus \(deputy\)/u);
      assert.deepEqual(buttonsOf(card).map(({ verb }) => verb), ["retry", "give-up"]);
    }
    const shown = await untilShown(connector, "the same in the drill's chat", (m) => m.id === asked.id && /approval expired[^]*Nobody's silence is a yes/u.test(m.text));

    assert.match(await pressed(amir, asked, "approve", approve), /This approval is expired/u);
    assert.match(await pressed(dora, asked, "approve", approve), /Dora is not an approver of this drill/u);
    assert.ok(!(await teams.events("APP-0001")).some(({ type }) => type === "approval.decided"));
    assert.ok(!shownIn(connector).some(({ text }) => text.includes("Go on") && /your step/u.test(text)), "nothing goes on");

    assert.match(await pressed(dora, cards[0] ?? shown, "retry", button(cards[0] ?? shown, "retry").data, "personal"), /^Recorded/u);
    const again = await untilShown(connector, "the second asking", (m) => m.conversation === groupChat && withButton("approve")(m) && button(m, "approve").data["code"] !== approve["code"]);
    assert.match(await pressed(dora, again, "approve", button(again, "approve").data), /Dora is not an approver of this drill/u, "being told is no right to approve");
    assert.match(await pressed(amir, again, "approve", button(again, "approve").data), /you approved/u);
    await untilShown(connector, "the next step", (m) => m.conversation === groupChat && m.text.includes("Go on") && withButton("done")(m));
  });

  it("tells the drill's chat of every deputy whom it does not reach: no chat to be had, 403, 404, 429 again and again", async () => {
    connector.withoutApp.add(dora.account);
    const slow = answers(429, { "retry-after": "1" });
    const gone = answers(404);
    connector.behave = ({ method, url }) => {
      const path = decodeURIComponent(url ?? "");
      if (method !== "POST") return null;
      return path.includes(`/${chatOf(ed)}/`) ? gone : path.includes(`/${chatOf(finn)}/`) ? slow : null;
    };
    await begin();
    // The minute of patience with Finn takes a second; the hour after which Dora is tried again is not over so soon.
    await anHourLater(60);
    const told = await untilShown(connector, "word of all", (m) => m.conversation === groupChat && m.card === null && m.text.includes("Finn"));
    assert.match(told.text, /^Approve the drill: Nothing tells Gus: they are asked, but are not in this chat[^]*Dora, Ed and Finn could not be reached in person[^]*call them/u);
    assert.deepEqual(opened().filter((account) => account === dora.account), [dora.account], "who is refused is asked for once");
    assert.equal((await teams.events("APP-0001")).filter(({ type }) => type === "approval.decided").length, 0);
    // Teams takes messages for Finn again: nobody has to call him any more.
    const back = connector.received.length;
    connector.behave = ({ method, url }) => (method === "POST" && decodeURIComponent(url ?? "").includes(`/${chatOf(ed)}/`) ? gone : null);
    const isSince = ({ id }: Shown): boolean => Number(id.replace("sent-", "")) > back;
    await untilShown(connector, "Finn's card", (m) => isSince(m) && m.conversation === chatOf(finn) && withButton("retry")(m));
    const left = await untilShown(connector, "word of those that are left", (m) => isSince(m) && m.conversation === groupChat && m.card === null);
    assert.match(left.text, /Nothing tells Gus[^]*Dora and Ed could not be reached/u);
  });
});
