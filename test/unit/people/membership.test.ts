import assert from "node:assert/strict";
import { createMembership, type DirectoryPerson } from "../../../src/people/membership.ts";
import { createStanding } from "../../../src/people/standing.ts";
import { codeOfStep, world } from "../../fakes/drill-world.ts";
import { amir, approval, bea, manual, olivia, ravi, roles } from "../../fakes/runbooks.ts";

const minute = 60_000;

function directory(members: readonly DirectoryPerson[]) {
  const state = { members, down: false, asked: 0, at: new Date("2026-11-20T21:00:00Z") };
  const membership = createMembership(
    async () => {
      state.asked += 1;
      if (state.down) throw new Error("no answer");
      return state.members;
    },
    () => state.at,
    new Set(["listed-guest"]),
  );
  return { state, membership, later: (ms: number) => void (state.at = new Date(state.at.getTime() + ms)) };
}

const person = (id: string, guest = false): DirectoryPerson => ({ id, name: id, guest });

describe("membership of a directory group", () => {
  it("is remembered for ten minutes, and asked anew for a high risk", async () => {
    const { state, membership, later } = directory([person("amir")]);
    await membership("g", "ordinary");
    later(9 * minute);
    await membership("g", "ordinary");
    assert.equal(state.asked, 1);
    await membership("g", "high");
    assert.equal(state.asked, 2);
    later(11 * minute);
    await membership("g", "ordinary");
    assert.equal(state.asked, 3);
  });

  it("is denied when the directory is away and what is known is too old", async () => {
    const { state, membership, later } = directory([person("amir")]);
    state.down = true;
    await assert.rejects(membership("g", "ordinary"), { code: "not-allowed" });
    state.down = false;
    later(minute);
    await membership("g", "ordinary");
    state.down = true;
    later(30_000);
    assert.deepEqual((await membership("g", "high")).map((p) => p.id), ["amir"], "half a minute old is good enough");
    later(minute);
    await assert.rejects(membership("g", "high"), { code: "not-allowed" });
    assert.deepEqual((await membership("g", "ordinary")).map((p) => p.id), ["amir"]);
    later(10 * minute);
    await assert.rejects(membership("g", "ordinary"), { code: "not-allowed" });
  });

  it("leaves a directory alone for a moment that has just failed, and asks once for many at a time", async () => {
    const { state, membership, later } = directory([]);
    state.down = true;
    await assert.rejects(membership("g", "high"));
    await assert.rejects(membership("g", "high"));
    assert.equal(state.asked, 1);
    state.down = false;
    later(6_000);
    await Promise.all([membership("g", "high"), membership("g", "high"), membership("g", "high")]);
    assert.equal(state.asked, 2);
  });

  it("leaves guests out unless they are listed", async () => {
    const { membership } = directory([person("amir"), person("a-guest", true), person("listed-guest", true)]);
    assert.deepEqual((await membership("g", "high")).map((p) => p.id), ["amir", "listed-guest"]);
  });
});

describe("whoever left a group after a drill began", () => {
  async function drill(people: () => readonly DirectoryPerson[]) {
    const w = world([manual("look"), approval("approve", { quorum: 1 })]);
    const id = await w.launch();
    await w.give(id, olivia, { type: "answer", step: "look", round: 1, answer: "done", reason: "", ticks: [] });
    const standing = createStanding({ directory: { "service-owners": "g" } }, async () => {
      const found = people();
      if (found.length === 0) throw new Error("away");
      return found;
    });
    const code = await codeOfStep(w, id, "approve");
    const decide = (by: typeof amir) => ({ type: "decide", by, step: "approve", round: 1, decision: "approve", code, reason: "" }) as const;
    return { state: await w.state(id), standing, decide };
  }

  it("approves nothing any more; the others do", async () => {
    const { state, standing, decide } = await drill(() => [person(bea.id)]);
    const refused = await standing(state, decide(amir));
    assert.equal(refused?.code, "not-allowed");
    assert.match(refused.message, /Amir Haddad .* no longer in its group/u);
    assert.equal(await standing(state, decide(bea)), null);
  });

  it("approves nothing while the directory is away", async () => {
    const { state, standing, decide } = await drill(() => []);
    assert.equal((await standing(state, decide(amir)))?.code, "not-allowed");
  });

  it("does not matter for roles that a people file fills", async () => {
    const { state, standing } = await drill(() => []);
    assert.equal(await standing(state, { type: "note", by: olivia, step: null, text: "x" }), null);
  });

  it("speaks for none of the roles that an approval asks for, nor for one that was told because nobody answered", async () => {
    const w = world([approval("approve", { quorum: 1, also: [{ role: "security", quorum: 1 }] }), manual("look", { timeoutMs: 60_000, escalate: "security" })]);
    const id = await w.launch("rehearsal", { roles: { ...roles, security: [ravi] } });
    const approve = async (by: typeof amir) => ({ type: "decide", by, step: "approve", round: 1, decision: "approve", code: await codeOfStep(w, id, "approve"), reason: "" }) as const;
    let members = [person(ravi.id)];
    const standing = createStanding({ directory: { "security-officers": "g" } }, async () => members);
    const now = async () => {
      const state = await w.state(id);
      return { ...state, runbook: { ...state.runbook, roles: { ...state.runbook.roles, security: "security-officers" } } };
    };
    assert.equal(await standing(await now(), await approve(ravi)), null);
    members = [];
    assert.match((await standing(await now(), await approve(ravi)))?.message ?? "", /no longer in its group/u);
    for (const by of [amir, ravi]) await w.runner.command(id, await approve(by));
    await w.clock.advance(120_000);
    const answer = { type: "answer", by: ravi, step: "look", round: 1, answer: "done", reason: "", ticks: [] } as const;
    assert.equal((await now()).escalations[0]?.role, "security");
    assert.match((await standing(await now(), answer))?.message ?? "", /no longer in its group/u);
    members = [person(ravi.id)];
    assert.equal(await standing(await now(), answer), null);
  });

  it("was admitted as an approver only for as long as the role they came from is theirs", async () => {
    const w = world([approval("approve", { quorum: 1 })]);
    const id = await w.launch("rehearsal", { roles: { ...roles, security: [ravi] } });
    await w.give(id, amir, { type: "propose-approver", role: "approver", to: ravi.name, reason: "Bea is ill" });
    await w.give(id, bea, { type: "admit-approver", proposal: "A1" });
    const state = await w.state(id);
    const approve = { type: "decide", by: ravi, step: "approve", round: 1, decision: "approve", code: await codeOfStep(w, id, "approve"), reason: "" } as const;
    const standing = (officers: readonly DirectoryPerson[]) => createStanding({ directory: { "service-owners": "owners", "security-officers": "officers" } }, async (group) => (group === "owners" ? [person(amir.id), person(bea.id)] : officers));
    const named = { ...state, runbook: { ...state.runbook, roles: { ...state.runbook.roles, security: "security-officers" } } };
    assert.equal(await standing([person(ravi.id)])(named, approve), null);
    assert.match((await standing([])(named, approve))?.message ?? "", /no longer in its group/u);
  });

  it("is looked up anew for whatever cannot be taken back by a word, and may be remembered for the rest", async () => {
    const { state } = await drill(() => [person(amir.id)]);
    const asked: string[] = [];
    const standing = createStanding({ directory: { "service-owners": "g" } }, async (_, risk) => {
      asked.push(risk);
      return [person(amir.id)];
    });
    const decided = { type: "decide", by: amir, step: "approve", round: 1, decision: "approve", code: "", reason: "" } as const;
    await standing(state, decided);
    await standing(state, { type: "order-undo", by: amir, operation: "", reason: "" });
    await standing(state, { type: "accept-debt", by: amir, operation: "", reason: "" });
    await standing(state, { type: "resolve", by: amir, operation: "", as: "not-started", reason: "" });
    await standing(state, { type: "sign", by: amir, as: "owner", statement: "" });
    await standing(state, { type: "note", by: amir, step: null, text: "x" });
    assert.deepEqual(asked, ["high", "high", "high", "high", "high", "ordinary"]);
  });
});
