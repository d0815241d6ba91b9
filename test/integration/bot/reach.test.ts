import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { answers, chatOfAccount, startConnector, type FakeConnector } from "./fake-connector.ts";
import { startIssuer, type Issuer } from "./local-issuer.ts";
import { startTeams, teamsPerson, tenantId, type StartedTeams } from "./started-teams.ts";

const runbook = `---
mode: test
roles: { operator: dr-operators, approver: service-owners }
---
# Approve it

## Before

### Approve the drill

\`\`\`approval
quorum: 1
expires: 4h
\`\`\`

### Look at it

Look.
`;

describe("reaching approvers in Teams, over HTTP", function () {
  this.timeout(60_000);
  const olivia = teamsPerson("Olivia");
  const amir = teamsPerson("Amir");
  const bea = teamsPerson("Bea");
  const stranger = teamsPerson("Mallory");
  let connector: FakeConnector;
  let issuer: Issuer;
  let data: string;
  let teams: StartedTeams;
  const quiet = { error: console.error, warn: console.warn };

  const begin = (): Promise<StartedTeams> => startTeams({ connector, issuer, data, operators: [olivia], approvers: [amir, bea], runbook });
  beforeEach(async () => {
    // The SDK prints to the console what it does not like.
    Object.assign(console, { error: () => undefined, warn: () => undefined });
    connector = await startConnector();
    connector.members.push(...[olivia, amir, bea, stranger].map(({ id, account }) => ({ id: account, aadObjectId: id, tenantId })));
    issuer = await startIssuer(connector.origin);
    data = mkdtempSync(join(tmpdir(), "drillbook-reach-"));
    teams = await begin();
  });
  afterEach(async () => {
    await teams.stop();
    await issuer.close();
    await connector.close();
    rmSync(data, { recursive: true, force: true });
    Object.assign(console, quiet);
  });

  const start = () => teams.arrive(olivia, { type: "message", text: "start approve-it now" });
  const opened = () => connector.received.filter(({ method, path }) => method === "POST" && path.endsWith("/v3/conversations")).map(({ body }) => (body as { members: readonly { id: string }[] }).members[0]?.id);
  /** What was said in a chat, in words. */
  const saidIn = (chat: string): readonly string[] =>
    connector.received
      .filter(({ method, path }) => method === "POST" && decodeURIComponent(path).endsWith(`/v3/conversations/${chat}/activities`))
      .map(({ body }) => String((body as { text?: string; summary?: string }).text ?? (body as { summary?: string }).summary ?? ""));
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    for (const end = Date.now() + 20_000; !isSo(); await pause(20)) assert.ok(Date.now() < end, `never: ${what}\n${connector.received.map(({ method, path }) => `${method} ${path}`).join("\n")}\n${saidIn(group).join("\n")}`);
  };
  const chat = (person: { readonly account: string }) => chatOfAccount(person.account);
  const group = "19:drills@thread.v2";

  it("opens the chats of those who are asked and never wrote, once, and of nobody else; after a restart the address is known", async () => {
    assert.equal(await start(), 200);
    await until("cards in person", () => saidIn(chat(amir)).length > 0 && saidIn(chat(bea)).length > 0);
    assert.match(saidIn(chat(bea))[0] ?? "", /Approve the drill[^]*approval code/u);
    assert.deepEqual(opened().toSorted(), [amir.account, bea.account], "not the operator, not the stranger who is listed too");
    assert.ok(!saidIn(group).some((text) => text.includes("could not be reached")));
    await teams.stop();
    connector.received.length = 0;
    teams = await begin();
    assert.equal(await start(), 200);
    await until("a card of the second drill", () => saidIn(chat(bea)).length > 0);
    assert.deepEqual(opened(), []);
  });

  it("tells the drill's chat once of all who do not have the app; whoever installs it gets the card, also after a restart", async () => {
    for (const { account } of [amir, bea]) connector.withoutApp.add(account);
    await start();
    await until("word of it", () => saidIn(group).some((text) => text.includes("could not be reached")));
    await pause(500);
    const told = saidIn(group).filter((text) => text.includes("could not be reached"));
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /^Approve the drill: Amir and Bea could not be reached in person/u);
    assert.equal(opened().length, 2);

    connector.withoutApp.delete(amir.account);
    assert.equal(await teams.arrive(amir, { type: "installationUpdate", action: "add" }, "personal"), 200);
    await until("Amir's card", () => saidIn(chat(amir)).some((text) => text.includes("approval code")));

    await teams.stop();
    teams = await begin();
    connector.withoutApp.delete(bea.account);
    await teams.arrive(bea, { type: "message", text: "hello" }, "personal");
    await until("Bea's card", () => saidIn(chat(bea)).some((text) => text.includes("approval code")));
    assert.equal(saidIn(chat(amir)).filter((text) => text.includes("approval code")).length, 1);
  });

  it("asks once where nobody knows whether the chat was opened, says so, and holds up nobody else", async () => {
    // Whatever comes first, an answer that is lost goes to the opening of a chat.
    const lost = answers(502);
    let left = 1;
    connector.behave = ({ method, url }) => (method === "POST" && url?.endsWith("/v3/conversations") === true && left-- > 0 ? lost : null);
    await start();
    await until("one of them is reached", () => saidIn(chat(amir)).length + saidIn(chat(bea)).length > 0);
    await until("word of the other", () => saidIn(group).some((text) => text.includes("could not be reached")));
    await pause(500);
    assert.equal(opened().length, 2, "one POST each, the lost one too");
    assert.equal(saidIn(chat(amir)).length + saidIn(chat(bea)).length, 1);
  });
});
