import assert from "node:assert/strict";
import { scheduledWork } from "../../../src/bot/scheduled.ts";
import { universal } from "../../../src/texts/reader.ts";
import type { DrillSummary } from "../../../src/drills/ports.ts";
import { DrillbookError } from "../../../src/errors.ts";
import type { DueWork } from "../../../src/wakeups/due-drills.ts";
import { compileText } from "../runbooks/example-catalogue.ts";

const olivia = { id: "olivia", name: "Olivia Okafor" };
const amir = { id: "amir", name: "Amir Aziz" };
const due = new Date("2026-04-01T09:00:00Z");
const work = (kind: DueWork["kind"]): DueWork => ({ kind, runbook: "weekly", due, when: "2026-04-01 at 11:00 Europe/Vienna", key: `weekly#${kind}` });

type World = { readonly refused?: Error; readonly deaf?: readonly string[] };

function world(text: string, drills: readonly Partial<DrillSummary>[] = [], reached: readonly string[] = ["olivia", "amir"], { refused, deaf = [] }: World = {}) {
  const { runbook } = compileText(text);
  assert.ok(runbook);
  const sent: string[] = [];
  const launched: string[] = [];
  const faults: string[] = [];
  const act = scheduledWork({
    launching: { launch: async (id, _given, _version, inbound) => (launched.push(`${id} by ${inbound.person.name}`), refused === undefined ? ({} as never) : Promise.reject(refused)) },
    runbook: async () => ({ runbook }),
    roles: async () => ({ operator: [olivia], approver: [amir] }),
    drills: async () => drills.map((one) => ({ id: "W-1", runbook: "weekly", title: "", mode: "test", startedAt: "2026-04-01T09:00:05Z", endedAt: null, result: null, events: 1, ...one })),
    transport: { send: async (conversation, message) => deaf.includes(conversation.id) ? Promise.reject(new Error(`${conversation.id} is gone`)) : (sent.push(`${conversation.id}: ${message.text}`), { messageId: "1" }) },
    addresses: { personal: (id) => (reached.includes(id) ? { id: `chat-${id}`, kind: "personal", reference: null } : null), reader: () => universal, account: () => null, refresh: async () => undefined },
    onFault: (_work, fault) => void faults.push(String(fault)),
  });
  return { act, sent, launched, faults };
}

const plain = "---\nid: weekly\nowner: dr-team@contoso.example\n---\n# Weekly look\n\n## Look\n\n- [ ] It is there\n";
const asking = "---\nid: weekly\nparameters: { site: { type: text, label: Which site } }\n---\n# Weekly look\n\n## Look\n\n```check example\nvalue: ${site}\n```\n";

describe("what a schedule does", () => {
  it("tells everybody ahead who is needed and when", async () => {
    const { act, sent } = world(plain);
    await act(work("announce"));
    assert.equal(sent.length, 2);
    assert.match(sent[0] ?? "", /^chat-olivia: Weekly look is due on 2026-04-01 at 11:00 Europe\/Vienna\. It needs operator \(Olivia Okafor\) and approver \(Amir Aziz\)\./);
  });

  it("launches as the first operator who can be reached, and not again after a crash", async () => {
    const first = world(plain);
    await first.act(work("launch"));
    assert.deepEqual(first.launched, ["weekly by Olivia Okafor"]);
    const again = world(plain, [{}]);
    await again.act(work("launch"));
    assert.deepEqual(again.launched, []);
  });

  it("asks for what it cannot know instead of launching", async () => {
    const { act, sent, launched } = world(asking);
    await act(work("launch"));
    assert.deepEqual(launched, []);
    assert.match(sent.join(), /needs to know: Which site/);
  });

  it("fails, and so is tried again, when no operator can be reached", async () => {
    await assert.rejects(world(plain, [], []).act(work("launch")), /none of its people can be reached/);
  });

  it("tells of a drill that was not run to a good end, and keeps silent about one that was", async () => {
    for (const [drills, tells] of [[[], 2], [[{ result: "failed" }], 2], [[{ result: "passed" }], 0], [[{ result: "passed", startedAt: "2026-03-01T00:00:00Z" }], 2]] as const) {
      const { act, sent } = world(plain, drills);
      await act(work("overdue"));
      assert.equal(sent.length, tells, JSON.stringify(drills));
    }
  });

  it("tells its operators why it did not start, and leaves the rest to them", async () => {
    const { act, sent } = world(plain, [], ["olivia", "amir"], { refused: new DrillbookError("conflict", "OTH-0001 holds the plan.", "Wait for it.") });
    await act(work("launch"));
    assert.deepEqual(sent, ["chat-olivia: Weekly look is due now and did not start. OTH-0001 holds the plan. Wait for it. Then: start weekly"]);
    await assert.rejects(world(plain, [], ["olivia"], { refused: new TypeError("a bug") }).act(work("launch")), /a bug/);
  });

  it("tells nobody twice because somebody else could not be told, and is tried again when nobody was", async () => {
    const one = world(plain, [], ["olivia", "amir"], { deaf: ["chat-olivia"] });
    await one.act(work("announce"));
    assert.deepEqual([one.sent.length, one.faults], [1, ["Error: chat-olivia is gone"]]);
    await assert.rejects(world(plain, [], ["olivia"], { deaf: ["chat-olivia"] }).act(work("announce")), /chat-olivia is gone/);
    await assert.rejects(world(plain, [], []).act(work("announce")), /none of its people can be reached/);
  });

  it("names a drill that is still under way when it is overdue", async () => {
    const { act, sent } = world(plain, [{ id: "W-7", result: null }]);
    await act(work("overdue"));
    assert.match(sent[0] ?? "", /was not run to a good end\. .*W-7 is under way and waits for somebody/);
  });
});
