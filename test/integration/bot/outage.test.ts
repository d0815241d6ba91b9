import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { answers, resets, startConnector, type FakeConnector } from "./fake-connector.ts";
import { startIssuer, type Issuer } from "./local-issuer.ts";
import { button, shownIn, untilShown, withButton, type Shown } from "./shown-in-teams.ts";
import { startTeams, teamsPerson, tenantId, type StartedTeams, type TeamsPerson } from "./started-teams.ts";

const steps = ["one", "two", "three", "four", "five"];
const runbook = `---
mode: test
roles: { operator: dr-operators, approver: service-owners }
---
# Approve it

## Before

### Approve the drill

\`\`\`approval
quorum: 1
expires: 20h
\`\`\`

${steps.map((name) => `### Step ${name}\n\nDo it.\n`).join("\n")}`;

const group = "19:drills@thread.v2";
/** So many times as fast as on the wall: an hour of Teams' silence passes in six seconds, with every pause and limit in it. */
const pace = 600;

describe("an hour without Teams, through the whole bot, over HTTP", function () {
  this.timeout(120_000);
  const [olivia, amir] = ["Olivia", "Amir"].map(teamsPerson) as [TeamsPerson, TeamsPerson];
  let connector: FakeConnector;
  let issuer: Issuer;
  let data: string;
  let teams: StartedTeams;
  const began = Date.now();
  const now = (): number => began + (Date.now() - began) * pace;
  const quick = {
    clock: () => new Date(now()),
    after: (ms: number, callback: () => void) => { const timer = setTimeout(callback, ms / pace); return () => clearTimeout(timer); },
    sendTiming: { wait: (ms: number) => pause(ms / pace), now: () => performance.now() * pace },
    editEveryMs: 2_000,
  };
  beforeEach(async () => {
    connector = await startConnector();
    connector.members.push(...[olivia, amir].map(({ id, account }) => ({ id: account, aadObjectId: id, tenantId })));
    issuer = await startIssuer(connector.origin);
    data = mkdtempSync(join(tmpdir(), "drillbook-outage-"));
    teams = await startTeams({ connector, issuer, data, operators: [olivia], approvers: [amir], runbook, more: quick });
  });
  afterEach(async () => {
    await teams.stop();
    await issuer.close();
    await connector.close();
    rmSync(data, { recursive: true, force: true });
  });

  const say = (text: string) => teams.arrive(olivia, { type: "message", text });
  const inGroup = (message: Shown): boolean => message.conversation === group;
  const answered = async (drill: string) => (await teams.events(drill)).flatMap((event) => (event.type === "step.answered" ? [event.step] : []));

  for (const [what, taken, method] of [["every request, and nothing arrives", false, /./u], ["every request, but everything is taken and shown all the same", true, /./u], ["every new message, which is taken and shown all the same", true, /POST/u]] as const) {
    it(`with a 5xx or a reset for ${what}: nothing is lost, the last state is shown, and of every step one card works`, async () => {
      await say("start approve-it now");
      const asked = await untilShown(connector, "the approval", (m) => inGroup(m) && withButton("approve")(m));
      const { data: approve } = button(asked, "approve");
      const drill = String(approve["drill"]);

      const refused: number[] = [];
      const bad = [answers(500), answers(502), answers(503), answers(504), resets];
      connector.behave = (request) => (method.test(request.method ?? "") ? (bad[refused.push(connector.received.length - 1) % bad.length] ?? null) : null);
      const shown = (): readonly Shown[] => shownIn(connector, (request) => taken || !refused.includes(request)).filter(inGroup);
      const start = now();
      const reply = await teams.press(amir, asked.id, "approve", approve);
      assert.match(String(reply.value), /you approved/u, "a press is still answered in its own reply");
      // Every quarter of an hour somebody goes on, by words.
      for (const [n, step] of steps.slice(0, 4).entries()) {
        while (now() < start + (n + 0.5) * 15 * 60_000) await pause(20);
        await say(`${drill} ${n === 1 ? "failed because no" : "done"}`);
        if (n === 1) await say(`${drill} retry`);
        if (n === 1) await say(`${drill} done`);
        assert.equal((await answered(drill)).at(-1), `before.step-${step}`, "recorded at once");
      }
      while (now() < start + 3_600_000) await pause(20);
      assert.deepEqual(await answered(drill), ["one", "two", "two", "three", "four"].map((step) => `before.step-${step}`));

      const posts = refused.map((i) => connector.received[i]).filter((r) => r?.method === "POST" && decodeURIComponent(r.path).includes(group)).length;
      const back = connector.received.length;
      connector.behave = () => null;
      const isBack = ({ id }: Shown): boolean => Number(id.replace("sent-", "")) > back;
      const last = await untilShown(connector, "the last step", (m) => inGroup(m) && withButton("done")(m) && m.text.includes("Step five") && isBack(m));
      assert.ok(posts <= 60, `${posts} posts in an hour: each may have left a card that is worth nothing`);
      // The answer to a press, to words or to a page may come in between; of the cards the older come first, and each says how its step ended.
      const cards = shown().filter((m) => isBack(m) && m.card !== null);
      assert.deepEqual(cards.map(({ text }) => /Step \w+/u.exec(text)?.[0]), steps.map((name) => `Step ${name}`));
      for (const { text } of cards.slice(0, -1)) assert.match(text, /^✓[^]*done by Olivia/u);
      assert.match(shown().find(({ id }) => id === asked.id)?.text ?? "", /^✓ Approve the drill[^]*1 of 1: Amir/u, "edited where it stood");
      const works: string[] = [];
      for (const message of shown().filter(withButton("done"))) {
        const told = String((await teams.press(olivia, message.id, "done", { ...button(message, "done").data, reason: `on ${message.id}` })).value);
        if (/Recorded/u.test(told)) works.push(message.id);
      }
      assert.deepEqual(works, [last.id]);
    });
  }
});
