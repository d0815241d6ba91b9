import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { approvalRunbook } from "./approval-runbook.ts";
import { answers, resets, type FakeConnector } from "./fake-connector.ts";
import { quickClock, type QuickClock } from "./quick-clock.ts";
import { button, shownIn, untilShown, withButton, type Shown } from "./shown-in-teams.ts";
import { groupChat, startTeams, type StartedTeams } from "./started-teams.ts";
import { teamsPerson, type TeamsPerson } from "./tenant.ts";

const steps = ["one", "two", "three", "four", "five"];
const runbook = approvalRunbook({ expires: "20h", after: steps.map((name) => `Step ${name}`) });

describe("an hour without Teams, through the whole bot, over HTTP", () => {
  const [olivia, amir] = ["Olivia", "Amir"].map(teamsPerson) as [TeamsPerson, TeamsPerson];
  let teams: StartedTeams;
  let connector: FakeConnector;
  let clock: QuickClock;
  beforeEach(async () => {
    clock = quickClock();
    teams = await startTeams({ operators: [olivia], approvers: [amir], runbook, more: { ...clock.timing, editEveryMs: 2_000 } });
    ({ connector } = teams);
  });
  afterEach(() => teams?.close());

  const say = (text: string) => teams.arrive(olivia, { type: "message", text });
  const inGroup = (message: Shown): boolean => message.conversation === groupChat;
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
      const start = clock.now();
      const reply = await teams.press(amir, asked.id, "approve", approve);
      assert.match(String(reply.value), /you approved/u, "a press is still answered in its own reply");
      // An hour passes in six seconds.
      clock.goAt(600);
      // Every quarter of an hour somebody goes on, by words.
      for (const [n, step] of steps.slice(0, 4).entries()) {
        while (clock.now() < start + (n + 0.5) * 15 * 60_000) await pause(20);
        await say(`${drill} ${n === 1 ? "failed because no" : "done"}`);
        if (n === 1) await say(`${drill} retry`);
        if (n === 1) await say(`${drill} done`);
        assert.equal((await answered(drill)).at(-1), `before.step-${step}`, "recorded at once");
      }
      while (clock.now() < start + 3_600_000) await pause(20);
      assert.deepEqual(await answered(drill), ["one", "two", "two", "three", "four"].map((step) => `before.step-${step}`));

      const posts = refused.map((i) => connector.received[i]).filter((r) => r?.method === "POST" && decodeURIComponent(r.path).includes(groupChat)).length;
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
