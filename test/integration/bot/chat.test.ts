import assert from "node:assert/strict";
import type { CardJson } from "../../../src/dialogs/card.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { approvalRunbook } from "./approval-runbook.ts";
import type { FakeConnector } from "./fake-connector.ts";
import { button, buttonsOf, cardOf, shownIn, untilShown, withButton, type Shown } from "./shown-in-teams.ts";
import { chatIdOf, startTeams, type StartedTeams, type TeamsChat } from "./started-teams.ts";
import { teamsPerson, type TeamsPerson } from "./tenant.ts";

/** An approval of one, and a checklist. */
const approveIt = approvalRunbook({ after: ["Payroll staff can work\n\n- [ ] Sign in\n- [ ] Open the last run\n"] });

/** More to read than one card holds, and something to fill in. */
const longForm = `---
id: long-form
mode: test
roles: { operator: dr-operators, approver: service-owners }
parameters:
  site: { type: choice, label: Site, choices: [east, west] }
  window: { type: text, label: Window }
---
# A long form

${Array.from({ length: 60 }, (_, n) => `Paragraph ${n} of what has to be known before anybody starts this. ${"It is long. ".repeat(45)}`).join("\n\n")}

## Work

### Say that \${window} is over

Tell the people of \${site}.
`;

describe("a drill in the chats of Teams, over HTTP", () => {
  const [olivia, amir, bea, eve] = ["Olivia", "Amir", "Bea", "Eve"].map(teamsPerson) as [TeamsPerson, TeamsPerson, TeamsPerson, TeamsPerson];
  /** Nobody is asked to write more slowly: the drill's clock goes on by as much as that takes. */
  let ahead = 0;
  let teams: StartedTeams;
  let connector: FakeConnector;
  before(async () => {
    teams = await startTeams({ operators: [olivia], approvers: [amir, bea], members: [olivia, amir, bea, eve], runbook: approveIt, others: { "long-form.md": longForm }, more: { clock: () => new Date(Date.now() + ahead) } });
    ({ connector } = teams);
  });
  after(() => teams?.close());

  const asks = (who: TeamsPerson, text: string, wanted: RegExp, chat?: TeamsChat, more?: object): Promise<Shown> => {
    ahead += 6_000;
    return teams.says(who, text, wanted, chat, more);
  };
  const cardIn = (chat: TeamsChat, verb: string, about: RegExp): Promise<Shown> => untilShown(connector, `${verb} on ${about}`, (m) => m.conversation === chatIdOf(chat, olivia) && withButton(verb)(m) && about.test(m.text));
  const presses = async (who: TeamsPerson, on: Shown, verb: string, more: object = {}, chat: TeamsChat = "group") => (await teams.press(who, on.id, verb, { ...button(on, verb).data, ...more } as Json, chat)).value;

  it("takes commands with the bot mentioned or not, however they are written, in every kind of chat", async () => {
    const mention = { entities: [{ type: "mention", text: "<at>Drillbook</at>", mentioned: { id: "28:11111111-2222-4333-8444-555555555555", name: "Drillbook" } }] };
    for (const chat of ["personal", "group", "thread 1"] as const) {
      for (const [text, wanted, more] of [["<at>Drillbook</at> “RUNBOOKS”!", /start approve-it/u, mention], ["Please, runbooks", /start approve-it/u, {}], ["runboks.", /start approve-it/u, {}], ["«help»", /What you can type/u, {}]] as const) {
        await asks(olivia, text, wanted, chat, more);
      }
    }
    await asks(olivia, "aprove 1 AAAA", /Did you mean "approve"\? Nothing was done/u);
  });

  it("brings a form back with what is wrong, and with everything that was filled in or typed", async () => {
    const bad = await asks(olivia, "start long-form Site=nowhere window=“20:00 to 21:00” now", /corrections needed/u);
    assert.match(bad.text, /Page 1 of \d/u, "nothing was started");
    let page = bad.card ?? {};
    for (let n = 2; ; n += 1) {
      const next = buttonsOf(page).find(({ title }) => title.startsWith(`Page ${n} of`));
      if (next === undefined) break;
      page = cardOf(await teams.press(olivia, bad.id, "page", next.data as Json));
    }
    const inputs = (page["body"] as readonly CardJson[]).filter(({ type }) => String(type).startsWith("Input."));
    assert.deepEqual(inputs.map(({ id, value }) => [id, value]), [["p_site", "nowhere"], ["p_window", "20:00 to 21:00"]]);
    assert.match(JSON.stringify(page), /Site: [^"]*east/u);
  });

  it("turns a form's pages by button, each once, and what is filled in on the last leads on", async () => {
    const form = await asks(olivia, "runbooks", /Start A long form/u);
    const read = new Set<string>();
    let page = cardOf(await teams.press(olivia, form.id, "form", (buttonsOf(form.card).find(({ title }) => title === "Start A long form")?.data ?? {}) as Json));
    const pages: CardJson[] = [page];
    for (let n = 2; ; n += 1) {
      for (const [, paragraph = ""] of JSON.stringify(page).matchAll(/Paragraph (\d+) of/gu)) read.add(paragraph);
      const next = buttonsOf(page).find(({ title }) => title.startsWith(`Page ${n} of`));
      if (next === undefined) break;
      assert.ok(!JSON.stringify(page).includes('"Input.'), `page ${n - 1} has nothing to fill in`);
      page = cardOf(await teams.press(olivia, form.id, "page", next.data as Json));
      pages.push(page);
    }
    assert.ok(pages.length > 1);
    assert.equal(read.size, 60);
    const back = buttonsOf(page).find(({ verb }) => verb === "page");
    assert.deepEqual(cardOf(await teams.press(olivia, form.id, "page", back?.data as Json)), pages.at(-2), "the page before, as it was");
    const preview = buttonsOf(page).find(({ verb }) => verb === "preview");
    const shown = JSON.stringify((await teams.press(olivia, form.id, "preview", { ...preview?.data, p_site: "east", p_window: "20:00 to 21:00" })).value);
    assert.match(shown, /Start A long form\?/u);
    assert.match(shown, /"params":\{"site":"east","window":"20:00 to 21:00"\}/u);
    await asks(olivia, "drills", /No drill has been run yet/u);
  });

  let drill: string;
  it("gives a drill of a channel its thread: cards, questions and answers stay there, and another one begins elsewhere", async () => {
    await asks(olivia, "start approve-it now", /started as APP-0001/u, "thread 7");
    const approval = await cardIn("thread 7", "approve", /Approve the drill/u);
    drill = String(button(approval, "approve").data["drill"]);
    assert.equal(drill, "APP-0001");
    await asks(olivia, "start approve-it now", /This thread belongs to APP-0001/u, "thread 7");
    await asks(eve, "status", /APP-0001 · started/u, "thread 7");
    assert.ok(shownIn(connector).every((m) => !/APP-0001/u.test(m.text) || m.conversation === chatIdOf("thread 7", olivia) || m.conversation.startsWith("a:")), "nowhere else in the open");
  });

  it("is approved in words by the step and the code of what is asked now alone, and what is tried with others is on record", async () => {
    const told = await asks(amir, `${drill} approve`, /What would be approved at "Approve the drill"/u, "personal");
    const [, first = ""] = /type: approve 1 ([A-Z0-9]{4})\./u.exec(told.text) ?? [];
    assert.notEqual(first, "");
    for (const bare of [`${drill} approve ${first}`, `${drill} approved!`]) await asks(amir, bare, /If you agree, type: approve 1/u, "personal");
    await asks(amir, `${drill} approve 1 QQQQ`, /The code does not belong to what is being asked now/u, "personal");
    await asks(bea, `${drill} reject 1 ${first.toLowerCase()} because “not tonight”`, /you rejected it/u, "personal");
    await asks(olivia, "retry", /Recorded/u, "thread 7");
    const again = await untilShown(connector, "the second asking", (m) => m.conversation === chatIdOf("thread 7", olivia) && withButton("approve")(m) && !m.text.includes(`approve 1 ${first}`));
    const code = String(/type "approve 1 ([A-Z0-9]{4})"/u.exec(again.text)?.[1]);
    await asks(amir, `${drill} approve 1 ${first}`, /The code does not belong to what is being asked now/u, "personal");
    await asks(olivia, `approve 1 ${code}`, /launched this drill/u, "thread 7");
    const events = await teams.events(drill);
    assert.equal(events.filter((e) => e.type === "command.refused" && /code does not belong/u.test(e.message)).length, 2);
    const rejected = events.find((e) => e.type === "approval.decided");
    assert.ok(rejected?.type === "approval.decided" && rejected.decision === "reject");
    await asks(amir, `${drill}: approve step 1 “${code}”`, /you approved/u, "personal");
  });

  it("shows whoever looks on the items of a checklist in words, and whoever performs it what to tick", async () => {
    const posted = await cardIn("thread 7", "done", /Payroll staff can work/u);
    const view = async (who: TeamsPerson): Promise<CardJson> => cardOf(await teams.press(who, posted.id, "refresh", { ...button(posted, "done").data } as Json, "thread 7"));
    const eyes = JSON.stringify(await view(eve));
    assert.ok(!eyes.includes("Input.") && !eyes.includes('"verb":"done"'));
    for (const item of ["Sign in", "Open the last run"]) assert.ok(eyes.includes(`"text":"${item}"`), item);
    assert.equal((await view(olivia))["body"] instanceof Array && JSON.stringify(await view(olivia)).match(/Input\.Toggle/gu)?.length, 2);
    assert.match(String(await presses(eve, posted, "done", { tick0: "true", tick1: "true" }, "thread 7")), /Eve may not perform this step/u);
    assert.match(String(await presses(olivia, posted, "done", { tick0: "true" }, "thread 7")), /^Not every item is ticked/u);
  });

  it("keeps notes as they are written, and files that are sent in person, by their hash", async () => {
    await asks(olivia, "note she said “wait for Bea's call”", /Noted/u, "thread 7");
    const notes = (await teams.events(drill)).flatMap((e) => (e.type === "note.added" ? [e.text] : []));
    assert.deepEqual(notes, ["she said “wait for Bea's call”"]);
    const file = { attachments: [{ contentType: "image/png", contentUrl: `${connector.origin}/emea/v3/attachments/1/views/original`, name: "run.png" }] };
    connector.behave = ({ url }) => (url?.includes("/attachments/1/") === true ? (_, response) => void response.end(Buffer.from("89504e470d0a1a0a00", "hex")) : null);
    await asks(olivia, drill, /run\.png.* is kept as evidence at "Payroll staff can work" of APP-0001/u, "personal", file);
    await asks(olivia, "see the picture", /I do not know what "see the picture" means/u, "thread 7", file);
    assert.equal((await teams.events(drill)).filter((e) => e.type === "attachment.added").length, 1);
  });

  it("says times as the reader's own clock does, and lists what waits for somebody in every drill", async () => {
    const reader = { locale: "de-DE", localTimezone: "Asia/Tokyo", entities: [{ type: "clientInfo", locale: "de-DE", timezone: "Asia/Tokyo" }] };
    await asks(olivia, `${drill} status`, /started \d\d:\d\d (?:GMT\+9|JST|MGZ\+9)/u, "personal", reader);
    await asks(olivia, "start approve-it now", /started as APP-0002/u);
    await untilShown(connector, "the other approval", (m) => m.conversation === chatIdOf("personal", amir) && m.text.includes("APP-0002") && withButton("approve")(m));
    await asks(amir, "waiting for me?", /APP-0002, Approve the drill\. Type: APP-0002 approve/u, "personal");
    await asks(olivia, "waiting", /APP-0001, Payroll staff can work/u, "personal");
  });

  it("lists for an approver every drill that waits for them, in any chat, and no longer what they decided", async () => {
    await asks(olivia, "start approve-it now", /started as APP-0003/u, "thread 9");
    await untilShown(connector, "the third approval", (m) => m.conversation === chatIdOf("personal", amir) && m.text.includes("APP-0003") && withButton("approve")(m));
    const listed = async (who: TeamsPerson, text: string, chat: TeamsChat): Promise<readonly string[]> =>
      [...(await asks(who, text, /wait for you|waits for you/u, chat)).text.matchAll(/^- (APP-\d+, [^.]+)\./gmu)].map(([, line = ""]) => line);
    const both = ["APP-0002, Approve the drill", "APP-0003, Approve the drill"];
    for (const [text, chat] of [["waiting for me", "personal"], ["“Waiting for me”?", "group"], ["waiting", "thread 7"]] as const) {
      assert.deepEqual((await listed(amir, text, chat)).toSorted(), both, `${text} in ${chat}`);
    }
    assert.deepEqual(await listed(eve, "waiting for me", "personal"), []);
    const told = await asks(amir, "APP-0003 approve", /What would be approved/u, "personal");
    await asks(amir, `APP-0003 ${/type: (approve 1 [A-Z0-9]{4})/u.exec(told.text)?.[1] ?? ""}`, /you approved/u, "personal");
    for (const who of [amir, bea]) assert.deepEqual(await listed(who, "waiting for me", "personal"), both.slice(0, 1), who.name);
  });

  it("posts the form for an abort as a message that no edit of the live card touches, and leaves nobody with it", async () => {
    const live = await untilShown(connector, "the live card", (m) => m.text.includes("APP-0002") && withButton("ask-abort")(m));
    assert.match(String(await presses(eve, live, "ask-abort")), /Eve/u, "refused");
    assert.match(String(await presses(olivia, live, "ask-abort")), /^Nothing is aborted yet/u);
    const form = await untilShown(connector, "the form", withButton("abort"));
    assert.deepEqual([form.conversation, form.id === live.id], [live.conversation, false]);
    await asks(olivia, "APP-0002 note seen by all", /Noted/u);
    await untilShown(connector, "the live card edited", (m) => m.id === live.id && m.text !== live.text);
    assert.deepEqual(shownIn(connector).find(({ id }) => id === form.id), form, "and the form as it was");

    assert.match(JSON.stringify(await presses(olivia, form, "abort", { reason: "the window is over" })), /Aborted by Olivia: the window is over/u);
    const closed = await untilShown(connector, "the form closed for everybody", (m) => m.id === form.id && !withButton("abort")(m));
    assert.match(closed.text, /Aborted by Olivia: the window is over/u);
    assert.deepEqual((await teams.events("APP-0002")).flatMap((e) => (e.type === "drill.ended" ? [e.result] : [])), ["aborted"]);
  });
});
