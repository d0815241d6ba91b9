import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { approvalRunbook } from "./approval-runbook.ts";
import { answers, chatOfAccount } from "./fake-connector.ts";
import { groupChat, startTeams, type StartedTeams } from "./started-teams.ts";
import { teamsPerson } from "./tenant.ts";

describe("reaching approvers in Teams, over HTTP", () => {
  const olivia = teamsPerson("Olivia");
  const amir = teamsPerson("Amir");
  const bea = teamsPerson("Bea");
  const stranger = teamsPerson("Mallory");
  let teams: StartedTeams;
  beforeEach(async () => {
    teams = await startTeams({ operators: [olivia], approvers: [amir, bea], members: [olivia, amir, bea, stranger], runbook: approvalRunbook({ after: ["Look at it"] }) });
  });
  afterEach(() => teams?.close());

  const start = () => teams.arrive(olivia, { type: "message", text: "start approve-it now" });
  const opened = () => teams.connector.received.filter(({ method, path }) => method === "POST" && path.endsWith("/v3/conversations")).map(({ body }) => (body as { members: readonly { id: string }[] }).members[0]?.id);
  /** What was said in a chat, in words. */
  const saidIn = (chat: string): readonly string[] =>
    teams.connector.received
      .filter(({ method, path }) => method === "POST" && decodeURIComponent(path).endsWith(`/v3/conversations/${chat}/activities`))
      .map(({ body }) => String((body as { text?: string; summary?: string }).text ?? (body as { summary?: string }).summary ?? ""));
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    for (const end = Date.now() + 60_000; !isSo(); await pause(20)) assert.ok(Date.now() < end, `never: ${what}\n${teams.connector.received.map(({ method, path }) => `${method} ${path}`).join("\n")}\n${saidIn(groupChat).join("\n")}`);
  };
  const chat = (person: { readonly account: string }) => chatOfAccount(person.account);

  it("opens the chats of those who are asked and never wrote, once, and of nobody else; after a restart the address is known", async () => {
    assert.equal(await start(), 200);
    await until("cards in person", () => saidIn(chat(amir)).length > 0 && saidIn(chat(bea)).length > 0);
    assert.match(saidIn(chat(bea))[0] ?? "", /Approve the drill[^]*approval code/u);
    assert.deepEqual(opened().toSorted(), [amir.account, bea.account], "not the operator, not the stranger who is listed too");
    assert.ok(!saidIn(groupChat).some((text) => text.includes("could not be reached")));
    const [chats, cards] = [opened().length, saidIn(chat(bea)).length];
    await teams.restart();
    assert.equal(await start(), 200);
    await until("a card of the second drill", () => saidIn(chat(bea)).length > cards);
    assert.equal(opened().length, chats);
  });

  it("tells the drill's chat once of all who do not have the app; whoever installs it gets the card, also after a restart", async () => {
    for (const { account } of [amir, bea]) teams.connector.withoutApp.add(account);
    await start();
    await until("word of it", () => saidIn(groupChat).some((text) => text.includes("could not be reached")));
    await pause(500);
    const told = saidIn(groupChat).filter((text) => text.includes("could not be reached"));
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /^Approve the drill: Amir and Bea could not be reached in person/u);
    assert.equal(opened().length, 2);

    teams.connector.withoutApp.delete(amir.account);
    assert.equal(await teams.arrive(amir, { type: "installationUpdate", action: "add" }, "personal"), 200);
    await until("Amir's card", () => saidIn(chat(amir)).some((text) => text.includes("approval code")));

    await teams.restart();
    teams.connector.withoutApp.delete(bea.account);
    await teams.arrive(bea, { type: "message", text: "hello" }, "personal");
    await until("Bea's card", () => saidIn(chat(bea)).some((text) => text.includes("approval code")));
    assert.equal(saidIn(chat(amir)).filter((text) => text.includes("approval code")).length, 1);
  });

  it("asks once where nobody knows whether the chat was opened, says so, and holds up nobody else", async () => {
    // Whatever comes first, an answer that is lost goes to the opening of a chat.
    const lost = answers(502);
    let left = 1;
    teams.connector.behave = ({ method, url }) => (method === "POST" && url?.endsWith("/v3/conversations") === true && left-- > 0 ? lost : null);
    await start();
    await until("one of them is reached", () => saidIn(chat(amir)).length + saidIn(chat(bea)).length > 0);
    await until("word of the other", () => saidIn(groupChat).some((text) => text.includes("could not be reached")));
    await pause(500);
    assert.equal(opened().length, 2, "one POST each, the lost one too");
    assert.equal(saidIn(chat(amir)).length + saidIn(chat(bea)).length, 1);
  });
});
