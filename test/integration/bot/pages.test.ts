import assert from "node:assert/strict";
import { mostActions, mostCardUnits } from "../../../src/bot/pages.ts";
import type { CardJson } from "../../../src/dialogs/card.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import type { FakeConnector } from "./fake-connector.ts";
import { movePayments, servers } from "./long-approval.ts";
import { buttonsOf, cardOf, shownIn, untilShown, type Button, type Shown } from "./shown-in-teams.ts";
import { startTeams, type StartedTeams } from "./started-teams.ts";
import { teamsPerson, type TeamsPerson } from "./tenant.ts";

const verbs = (card: CardJson | null): readonly string[] => buttonsOf(card).map(({ verb }) => verb);
const named = (card: CardJson | null, title: string): Button => {
  const found = buttonsOf(card).find((button) => button.title === title);
  assert.ok(found, `${title}: ${buttonsOf(card).map((b) => b.title).join()}`);
  return found;
};

describe("a card of several pages in Teams, over HTTP", () => {
  const [olivia, amir, bea, eve] = ["Olivia", "Amir", "Bea", "Eve"].map(teamsPerson) as [TeamsPerson, TeamsPerson, TeamsPerson, TeamsPerson];
  let teams: StartedTeams;
  let connector: FakeConnector;
  before(async () => {
    teams = await startTeams({ operators: [olivia], approvers: [amir, bea], members: [olivia, amir, bea, eve], runbook: movePayments });
    ({ connector } = teams);
  });
  after(() => teams?.close());

  const shown = () => shownIn(connector);
  const isApproval = (chat: string) => ({ card, text, conversation }: Shown): boolean => card !== null && conversation.startsWith(chat) && /Approve the move/u.test(text) && buttonsOf(card).some(({ data }) => /^(?:personal:[^:]+:)?step:/u.test(String(data["surface"])));
  const turn = async (who: TeamsPerson, on: Shown, card: CardJson | null, title: string): Promise<CardJson> => {
    const { verb, data } = named(card, title);
    return cardOf(await teams.press(who, on.id, verb, data, on.conversation.startsWith("a:") ? "personal" : "group"));
  };
  let posted: Shown;
  const edits = () => connector.received.filter(({ method, path }) => method === "PUT" && path.endsWith(`/${posted.id}`));

  it("is posted as its first page, which says how many there are and lets nobody decide", async () => {
    await teams.arrive(olivia, { type: "message", text: "start move-payments now" });
    posted = await untilShown(connector, "the approval", isApproval("19:"));
    assert.match(posted.text, /Page 1 of \d/u);
    assert.match(posted.text, /To read on, type card 1$/mu);
    assert.deepEqual(verbs(posted.card), ["page"]);
    assert.ok(!JSON.stringify(posted.card).includes("Input."));
  });

  it("is turned page by page by each reader for themselves, every server on one of them, and approved on the last", async () => {
    const read = new Set<string>();
    let page = posted.card;
    for (let n = 1; ; n += 1) {
      assert.ok(page !== null && JSON.stringify(page).length <= mostCardUnits && verbs(page).length <= mostActions);
      for (const name of servers) if (JSON.stringify(page).includes(`"${name}"`)) read.add(name);
      const next = buttonsOf(page).find(({ title }) => title.startsWith(`Page ${n + 1} of`));
      if (next === undefined) break;
      assert.ok(!verbs(page).includes("approve"), `page ${n}`);
      page = await turn(amir, posted, page, next.title);
      assert.match(JSON.stringify(page), /Approve the move of 100 servers/u, "the head is on each");
    }
    assert.deepEqual([...read].toSorted(), servers);
    assert.deepEqual(verbs(page), ["approve", "reject", "page"]);
    assert.deepEqual(edits(), [], "a page turned is shown to nobody else");
    assert.match(JSON.stringify(await turn(amir, posted, page, "Back")), /Page \*\*\d of \d\*\*\. What decides stands on the last/u);

    const { verb, data } = named(page, "Approve");
    assert.match(String((await teams.press(amir, posted.id, verb, data)).value), /you approved/u);
    assert.match(String((await teams.press(amir, "forwarded", verb, { ...data, reason: "again" })).value), /only on the card that Drillbook itself posted/u);
  });

  it("shows who does not decide no button that decides, on no page", async () => {
    let page = posted.card;
    for (let n = 2; ; n += 1) {
      const next = buttonsOf(page).find(({ title }) => title.startsWith(`Page ${n} of`));
      if (next === undefined) break;
      page = await turn(eve, posted, page, next.title);
    }
    assert.deepEqual(verbs(page), ["page"]);
    assert.match(JSON.stringify(page), /Nothing here waits for you/u);
  });

  it("is edited when it says something else, on whatever page, and stays a first page then", async () => {
    const [first] = posted.card?.["refresh"] === undefined ? [null] : [posted.card["refresh"] as { readonly userIds: readonly string[] }];
    assert.ok(first !== null);
    const now = await untilShown(connector, "an edit of it", ({ id }) => id === posted.id && edits().length > 0);
    assert.deepEqual(verbs(now.card), ["page"]);
    const refreshed = cardOf(await teams.press(bea, posted.id, "refresh", { ...named(posted.card, buttonsOf(posted.card)[0]?.title ?? "").data, page: 1 }));
    assert.match(JSON.stringify(refreshed), /Page \*\*1 of/u);
  });

  it("can be read whole in words by whoever gets no view of their own, with what to type", async () => {
    const seen = shown().length;
    // What decides is said last.
    await teams.says(bea, "card 1", /Approve: type "approve 1/u);
    const said = shown().slice(seen);
    assert.ok(said.length > 1 && said.every(({ card, text }) => card === null && text.length <= 12_000));
    const whole = said.map(({ text }) => text).join("");
    for (const name of servers) assert.ok(whole.includes(name), name);
    assert.match(whole, /Approve: type "approve 1 [A-Z0-9]{4}"/u);
  });

  it("is not moved by a hostile page, and a page turned is in no record", async () => {
    const { data } = buttonsOf(posted.card)[0] ?? { data: {} };
    for (const page of [-1, 0, 1e9, 1.5, "2", null, { a: 1 }, [[]]]) cardOf(await teams.press(eve, posted.id, "page", { ...data, page } as Json));
    const refused: readonly (readonly [object, RegExp])[] = [
      [{ ...data, generation: 99 }, /replaced by a newer one/u],
      [{ ...data, surface: "step:nothing" }, /replaced by a newer one/u],
      [{ ...data, surface: "personal:x:live" }, /replaced by a newer one/u],
      [{ ...data, drill: "OLD-9999" }, /no such drill|There is no/iu],
      [{}, /not one of ours/u],
      [{ asked: "approve 1 AAAA" }, /not one of ours/u],
      [{ asked: "start move-payments now" }, /not one of ours/u],
      [{ asked: "incident move-payments declare because x" }, /not one of ours/u],
      [{ asked: "abort because x" }, /not one of ours/u],
      [{ pressed: "launch", given: { runbook: "move-payments" } }, /not one of ours/u],
      [{ pressed: "declare", given: {} }, /not one of ours/u],
    ];
    for (const [hostile, why] of refused) assert.match(String((await teams.press(olivia, posted.id, "page", hostile as Json)).value), why, JSON.stringify(hostile));
    assert.equal((await teams.says(olivia, "drills", /MOV-/u)).text.match(/MOV-\d{4}/gu)?.length, 1, "no drill was started");
  });

  it("is turned in somebody's own chat as well, and by nobody else", async () => {
    const own = await untilShown(connector, "Bea's own card", isApproval("a:bea"));
    const [next] = buttonsOf(own.card);
    assert.ok(next !== undefined && verbs(own.card).join() === "page");
    assert.match(JSON.stringify(await turn(bea, own, own.card, next.title)), /Page \*\*2 of \d\*\*/u);
    assert.match(String((await teams.press(amir, own.id, "page", next.data, "personal")).value), /replaced by a newer one/u);
  });

  it("is gone on with: the second approval, from the last page, opens the next step", async () => {
    let page: CardJson | null = shown().find(({ id }) => id === posted.id)?.card ?? null;
    for (let n = 2; !verbs(page).includes("approve"); n += 1) page = await turn(bea, posted, page, buttonsOf(page).find(({ title }) => title.startsWith(`Page ${n} of`))?.title ?? "no further page");
    const { verb, data } = named(page, "Approve");
    assert.match(String((await teams.press(bea, posted.id, verb, data)).value), /you approved/u);
    await untilShown(connector, "the next step", ({ text }) => /Say that it has moved/u.test(text));
  });

});
