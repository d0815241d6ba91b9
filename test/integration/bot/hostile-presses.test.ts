import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { DrillEvent } from "../../../src/drills/events.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { approvalRunbook } from "./approval-runbook.ts";
import { answers, type FakeConnector } from "./fake-connector.ts";
import { keptLog } from "./kept-log.ts";
import { button, shownIn, untilShown, withButton, type Shown } from "./shown-in-teams.ts";
import { groupChat, startTeams, type StartedTeams } from "./started-teams.ts";
import { teamsPerson, tenantId, type TeamsPerson } from "./tenant.ts";

const runbook = approvalRunbook({ quorum: 2, after: ["Look at it", "Look once more"] });

/** Names of an object's own, other spellings, and names of what has no button. */
const oddVerbs = ["constructor", "__proto__", "prototype", "toString", "valueOf", "hasOwnProperty", "then", "", " ", "APPROVE", "approve ", "approve\u200b", "ａｐｐｒｏｖｅ", "done\u0000", "../approve", "attach", "note", "admit-approver", "hand-over-role", "propose-approver", "decide", "resolve", "answer", "stand-aside", "intend", "shown", "x".repeat(100), "x".repeat(101), "x".repeat(100_000)];

const hour = 3_600_000;

describe("hostile presses through the whole bot, over HTTP", () => {
  const [olivia, amir, bea, mallory] = ["Olivia", "Amir", "Bea", "Mallory"].map(teamsPerson) as [TeamsPerson, TeamsPerson, TeamsPerson, TeamsPerson];
  let teams: StartedTeams;
  let connector: FakeConnector;
  /** Milliseconds by which the drill's clock is ahead of the machine's. */
  let ahead = 0;
  let drill: string;
  let logged = keptLog();

  beforeEach(async () => {
    ahead = 0;
    logged = keptLog();
    teams = await startTeams({ operators: [olivia], approvers: [amir, bea], members: [olivia, amir, bea, mallory], runbook, more: { clock: () => new Date(Date.now() + ahead), log: logged.log } });
    ({ connector } = teams);
    await teams.arrive(olivia, { type: "message", text: "start approve-it now" });
    drill = String(button(await approval(), "approve").data["drill"]);
  });
  afterEach(() => teams?.close());

  const inGroup = (message: Shown): boolean => message.conversation === groupChat;
  const approval = (): Promise<Shown> => untilShown(connector, "the approval", (m) => inGroup(m) && withButton("approve")(m));
  const stepCard = (title: string): Promise<Shown> => untilShown(connector, title, (m) => inGroup(m) && withButton("done")(m) && m.text.includes(title));
  const said = async (press: Promise<{ readonly value: unknown }>): Promise<string> => {
    const { value } = await press;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  const press = (who: TeamsPerson, card: Shown, verb: string, more: object = {}, chat: "personal" | "group" = "group"): Promise<string> =>
    said(teams.press(who, card.id, verb, { ...button(card, verb).data, ...more } as Json, chat));
  const approved = async (): Promise<void> => {
    const card = await approval();
    for (const who of [amir, bea]) assert.match(await press(who, card, "approve"), /you approved/u);
  };
  const of = async (type: DrillEvent["type"]): Promise<readonly DrillEvent[]> => (await teams.events(drill)).filter((event) => event.type === type);
  const refusals = async (): Promise<readonly string[]> =>
    (await teams.events(drill)).flatMap((event) => (event.type === "command.refused" ? [`${event.by?.name ?? ""} ${event.command}: ${event.message}`] : []));

  it("a verb that nobody wrote on a card changes nothing, pressed and submitted, and breaks nothing", async () => {
    const card = await approval();
    const before = await teams.events(drill);
    const { data: given } = button(card, "approve");
    for (const verb of oddVerbs) {
      ahead += 12_000;
      const name = JSON.stringify(verb.slice(0, 40));
      assert.match(await said(teams.press(amir, card.id, verb, given)), /not one of ours|not understood/u, name);
      await teams.says(amir, "", /not one of ours|not understood/u, "group", { replyToId: card.id, value: { ...given, verb } });
    }
    assert.deepEqual(await teams.events(drill), before);
    const tries = logged.written.filter(({ msg }) => msg === "a press was not taken");
    assert.deepEqual([tries.length, new Set(tries.map(({ person }) => person))], [oddVerbs.length * 2, new Set([amir.id])], "no history has it, so the log does");
  });

  it("a launch that is not somebody's to begin is in the log, as no history has it", async () => {
    for (const verb of ["launch", "declare"]) await teams.press(mallory, "any", verb, { runbook: "approve-it", params: {}, confirm: "INCIDENT" });
    await teams.arrive(mallory, { type: "message", text: "start approve-it now" });
    await teams.post(mallory, { type: "invoke", name: "adaptiveCard/action", value: { action: { verb: "launch", data: { runbook: "approve-it" } } }, timestamp: new Date(Date.now() - hour).toISOString() });
    const tries = logged.written.filter(({ person }) => person === mallory.id);
    assert.deepEqual(tries.map(({ level, msg, code }) => [level, msg, code]), [["warn", "a press was not taken", "not-allowed"], ["warn", "a press was not taken", "bad-input"], ["warn", "words were not taken", "not-allowed"], ["warn", "a press was not taken", "not-now"]]);
  });

  it("what a button carries may be anything: nothing breaks, nothing is approved", async () => {
    const card = await approval();
    const { data: good } = button(card, "approve");
    const names: readonly Json[] = ["constructor", "__proto__", "toString", "", "x".repeat(5_000), 1, 1e308, -1, null, true, [], {}, ["PAY-0001"], ...[{ toString: "x" }, { constructor: { name: "x" } }].map((odd): Json => JSON.parse(JSON.stringify(odd)))];
    let told = 0;
    for (const field of ["drill", "surface", "generation", "step", "round", "code"]) {
      for (const odd of names) {
        // Where the odd one says the same as the good one, nothing is hostile.
        if (odd === good[field]) continue;
        ahead += 1_000;
        const answer = await said(teams.press(amir, card.id, "approve", { ...good, [field]: odd } as Json));
        assert.doesNotMatch(answer, /went wrong|you approved/u, `${field} ${JSON.stringify(odd)}`);
        told += 1;
      }
    }
    assert.equal(told, 88);
    for (const whole of [null, [], "x", 1, true, { __proto__: null }, JSON.parse(`{"__proto__":${JSON.stringify(good)}}`) as Json]) {
      ahead += 1_000;
      assert.doesNotMatch(await said(teams.press(amir, card.id, "approve", whole as Json)), /went wrong|you approved/u, JSON.stringify(whole));
    }
    assert.deepEqual(await of("approval.decided"), []);
    assert.match(await press(amir, card, "approve"), /you approved/u, "and the good one still counts");
  });

  it("words that name an object's own members are refused like any others, and recorded", async () => {
    for (const name of ["constructor", "__proto__"]) {
      for (const text of [`hand over role ${name} to Amir because it is late`, `add approver ${name} because it is late`, `hand over to ${name} because it is late`, `admit ${name}`, `keep ${name} until 2030-01-01 because it is late`, `${name} status`, `start ${name}`, `start approve-it ${name}=x now`, `incident ${name}`, `card ${name}`, `settle ${name} because it is late`]) {
        ahead += 6_000;
        assert.equal(await teams.arrive(olivia, { type: "message", text }), 200);
        assert.doesNotMatch(shownIn(connector).map((m) => m.text).join(), /went wrong/u, text);
      }
    }
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"]) {
      for (const verb of ["form", "preview", "incident-preview", "launch", "declare"]) {
        ahead += 1_000;
        const form = JSON.parse(`{"runbook":${JSON.stringify(name)},"version":"x","p_${name}":"x","params":{"${name}":"x"},"confirm":"INCIDENT"}`) as Json;
        assert.doesNotMatch(await said(teams.press(olivia, "any", verb, form)), /went wrong/u, `${verb} ${name}`);
      }
    }
    assert.equal((await of("role.handed-over")).length, 0);
  });

  it("a hundred arrivals of one press have one effect and leave one record", async () => {
    const card = await approval();
    const { data: given } = button(card, "approve");
    const value = { action: { type: "Action.Execute", verb: "approve", data: given }, trigger: "manual" };
    const invoke = { type: "invoke", name: "adaptiveCard/action", replyToId: card.id, value };
    // Half under the id of the first, as Teams sends it again after fifteen seconds; half under new ids, as its second layer does.
    const replies = await Promise.all(Array.from({ length: 100 }, (_, n) => teams.post(amir, { ...invoke, id: n % 2 === 0 ? "the-same" : randomUUID() })));
    assert.equal(new Set(replies.map(({ status, body }) => `${status} ${body}`)).size, 1, "every one gets the same answer");
    assert.match(replies[0]?.body ?? "", /you approved/u);
    assert.deepEqual([(await of("approval.decided")).length, await refusals()], [1, []]);
    // Much later, and in a process that has forgotten every answer: refused, and recorded.
    await teams.restart();
    ahead += hour;
    assert.match(await press(amir, card, "approve"), /already/u);
    assert.deepEqual([(await of("approval.decided")).length, (await refusals()).length], [1, 1]);
  });

  it("an old press counts for nothing on a newer card of the same step", async () => {
    await approved();
    const first = await stepCard("Look at it");
    const { data: old } = button(first, "done");
    await press(olivia, first, "failed", { reason: "not yet" });
    const failing = await untilShown(connector, "the question", (m) => inGroup(m) && withButton("retry")(m));
    await press(olivia, failing, "retry", { reason: "again" });
    const second = await untilShown(connector, "the second attempt", (m) => inGroup(m) && withButton("done")(m) && button(m, "done").data["round"] === 2);
    ahead += hour;
    assert.match(await said(teams.press(olivia, second.id, "done", old)), /moved on|again|already/iu, "the old one, as it was");
    assert.match(await said(teams.press(olivia, second.id, "done", { ...old, generation: button(second, "done").data["generation"] ?? 0 })), /moved on|again|already/iu, "dressed as the new one");

    // The message is deleted, so that a new one takes its place.
    connector.behave = ({ method, url }) => (method === "PUT" && url?.includes(second.id) === true ? answers(404) : null);
    await press(olivia, second, "failed", { reason: "not yet" });
    const third = await untilShown(connector, "a new message", (m) => inGroup(m) && withButton("retry")(m) && m.id !== second.id);
    assert.match(await said(teams.press(olivia, third.id, "retry", { ...button(third, "retry").data, generation: 1, reason: "" })), /replaced by a newer one/u);
    assert.equal((await refusals()).filter((line) => line.startsWith("Olivia")).length, 3);
    assert.deepEqual((await teams.events(drill)).flatMap((event) => (event.type === "step.answered" ? [event.answer] : [])), ["failed", "failed"]);
    assert.match(await press(olivia, third, "retry", { reason: "again" }), /recorded|Recorded|noted/u);
  });

  it("of a card whose sending got lost and its successor only one works, and a press on the lost one is recorded", async () => {
    await approved();
    const look = await stepCard("Look at it");
    let lost = 0;
    connector.behave = ({ method, url }) => (method === "POST" && decodeURIComponent(url ?? "").includes(groupChat) && lost++ === 0 ? answers(502) : null);
    await press(olivia, look, "done");
    // Teams took it and answered 502: it stands there, and nobody knows.
    const first = await stepCard("Look once more");
    for (const on of [first.id, ""]) {
      assert.match(await said(teams.press(olivia, on, "done", button(first, "done").data)), /replaced by a newer one/u);
      ahead += 3 * 60_000;
    }
    // Somebody new is heard, so that what could not be sent is tried again at once.
    await teams.arrive(mallory, { type: "message", text: "help" }, "personal");
    const second = await untilShown(connector, "the second posting", (m) => inGroup(m) && m.id !== first.id && withButton("done")(m) && m.text.includes("Look once more"));
    assert.match(await press(olivia, first, "done"), /replaced by a newer one/u);
    assert.equal((await of("step.answered")).length, 1);
    assert.match(await press(olivia, second, "done"), /recorded|done/iu);
    assert.deepEqual([(await of("step.answered")).length, (await refusals()).length], [2, 3]);
  });

  it("an approval on a card whose sending got lost counts for nothing, also for a press that names no message", async () => {
    let lost = 0;
    const asksToApprove = ({ body }: FakeConnector["received"][number]): boolean => JSON.stringify(body).includes('"verb":"approve"');
    connector.behave = ({ method, url }) => (method === "POST" && decodeURIComponent(url ?? "").includes(groupChat) && connector.received.slice(-1).some(asksToApprove) && lost++ === 0 ? answers(502) : null);
    const before = shownIn(connector).length;
    await teams.arrive(olivia, { type: "message", text: "start approve-it now" });
    const first = await untilShown(connector, "the second drill's approval", (m) => inGroup(m) && withButton("approve")(m) && shownIn(connector).findIndex(({ id }) => id === m.id) >= before);
    drill = String(button(first, "approve").data["drill"]);
    const press_ = (replyToId: string | undefined) => teams.post(amir, { type: "invoke", name: "adaptiveCard/action", replyToId, value: { action: { type: "Action.Execute", verb: "approve", data: button(first, "approve").data }, trigger: "manual" } });
    for (const on of [first.id, undefined, ""]) {
      assert.match((await press_(on)).body, /replaced by a newer one/u);
      ahead += 3 * 60_000;
    }
    assert.deepEqual([(await of("approval.decided")).length, (await refusals()).length], [0, 3]);
  });

  it("an approval's old press counts for nothing once it was asked anew", async () => {
    const first = await approval();
    const { data: old } = button(first, "approve");
    ahead += 5 * hour;
    assert.match(await press(amir, first, "approve"), /expired|run out|too late/iu, "a press after the end");
    const failing = await untilShown(connector, "the question", (m) => inGroup(m) && withButton("retry")(m));
    await press(olivia, failing, "retry", { reason: "they are awake now" });
    const second = await untilShown(connector, "the second asking", (m) => inGroup(m) && withButton("approve")(m) && button(m, "approve").data["round"] === 2);
    for (const given of [old, { ...old, generation: button(second, "approve").data["generation"] ?? 0 }, { ...old, round: 2, generation: button(second, "approve").data["generation"] ?? 0 }]) {
      assert.doesNotMatch(await said(teams.press(amir, second.id, "approve", given)), /you approved/u);
    }
    assert.equal((await of("approval.decided")).length, 0);
    assert.equal((await refusals()).filter((line) => line.startsWith("Amir decide")).length, 4);
    assert.match(await press(amir, second, "approve"), /you approved/u);
  });

  it("a forwarded card, another member, and a stranger: refused, and recorded", async () => {
    const card = await approval();
    const { data: given } = button(card, "approve");
    const elsewhere = (who: TeamsPerson, more: object) => teams.post(who, { type: "invoke", name: "adaptiveCard/action", replyToId: card.id, value: { action: { type: "Action.Execute", verb: "approve", data: given }, trigger: "manual" }, ...more });
    const chats = [{ id: "19:other@thread.v2", isGroup: true, conversationType: "groupChat", tenantId }, { id: `${groupChat};messageid=1x`.replace("drills", "drill"), isGroup: true, conversationType: "channel", tenantId }, { id: "a:amir-and-the-bot", conversationType: "personal", tenantId }, { id: groupChat.toUpperCase(), isGroup: true, tenantId }];
    for (const conversation of chats) assert.match((await elsewhere(amir, { conversation })).body, /only on the card/u, conversation.id);
    for (const replyToId of [undefined, "", "sent-0", `${card.id} `]) assert.match((await elsewhere(amir, { replyToId })).body, /only on the card/u, String(replyToId));
    assert.match((await elsewhere(mallory, {})).body, /not an approver/u);
    assert.match((await elsewhere(olivia, {})).body, /launched this drill/u);
    assert.equal((await of("approval.decided")).length, 0);
    const recorded = await refusals();
    assert.equal(recorded.length, chats.length + 4 + 2, recorded.join("\n"));
  });

  it("somebody else's card in person is nobody else's to press or to look at", async () => {
    const own = await untilShown(connector, "Bea's own card", (m) => m.conversation === "a:bea-and-the-bot" && withButton("approve")(m));
    const { data: given } = button(own, "approve");
    assert.match(await said(teams.press(amir, own.id, "approve", given, "personal")), /only on the card/u);
    for (const verb of ["refresh", "page"]) assert.doesNotMatch(await said(teams.press(mallory, own.id, verb, given, "personal")), /"approve"/u, verb);
    assert.equal((await of("approval.decided")).length, 0);
  });

  it("presses out of order and on what is over are refused, and recorded", async () => {
    const card = await approval();
    const { data: given } = button(card, "approve");
    for (const step of ["look-at-it", "look-once-more"]) {
      for (const verb of ["done", "failed", "skipped", "retry", "continue"]) {
        ahead += 1_000;
        assert.doesNotMatch(await said(teams.press(olivia, "any", verb, { drill, step, round: 1, reason: "early" })), /recorded/iu, `${verb} ${step}`);
      }
    }
    assert.equal((await refusals()).length, 10);
    await approved();
    const look = await stepCard("Look at it");
    assert.match(await press(olivia, look, "done"), /recorded|done/iu);
    ahead += hour;
    assert.doesNotMatch(await press(olivia, look, "failed", { reason: "no, it was not" }), /recorded as/iu);
    assert.doesNotMatch(await said(teams.press(amir, card.id, "reject", { ...given, reason: "on second thoughts" })), /you rejected/iu);
    assert.equal((await refusals()).length, 12);
    assert.deepEqual([(await of("step.answered")).length, (await of("approval.decided")).length], [1, 2]);
  });
});
