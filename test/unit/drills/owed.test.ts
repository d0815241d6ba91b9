import assert from "node:assert/strict";
import { openDebts } from "../../../src/drills/debts.ts";
import { world, type World } from "../../fakes/drill-world.ts";
import { failed, succeeded } from "../../fakes/outside-world.ts";
import { action, amir, bea, check, manual, olivia, ravi } from "../../fakes/runbooks.ts";

const done = (step: string, round = 1) => ({ type: "answer", step, round, answer: "done", reason: "", ticks: [] }) as const;
const server = (name: string, outcome: "succeeded" | "failed") => ({ name, outcome, detail: "", testServer: { name: `${name}-test`, id: `/vm/${name}` } }) as const;
const nineOfTen = { ...succeeded, state: "failed", summary: "1 of 2 servers", servers: [server("web-01", "succeeded"), server("web-02", "failed")] } as const;

async function codeOf(w: World, drill: string, step: string, round: number) {
  const state = await w.state(drill);
  return (await w.give(drill, olivia, { type: "retry", step, round, reason: "again" })).refused ?? state.id;
}

describe("what people did is owed back", () => {
  const steps = [manual("dns", { undo: { text: "Set the record back." } }), manual("mail", { undo: { text: "Switch the mail back." } }), manual("read", { undo: { none: "only looked" } }), manual("last")];

  it("registers the undo of a people's step when it is done, and walks them in reverse, each with its own outcome", async () => {
    const w = world(steps);
    const drill = await w.launch();
    for (const step of ["dns", "mail", "read"]) await w.give(drill, olivia, done(step));
    assert.deepEqual(openDebts(await w.state(drill)).map((d) => d.text), ["Set the record back.", "Switch the mail back."]);
    await w.give(drill, olivia, { type: "abort", reason: "enough" });
    assert.equal((await w.state(drill)).status, "cleaning-up");
    const undo = (operation: string, answer: "done" | "failed", reason = "") => w.give(drill, olivia, { type: "answer-undo", operation, answer, reason });
    assert.equal((await undo("dns#1", "done")).refused?.code, "not-now", "the last one first");
    assert.equal((await w.give(drill, ravi, { type: "answer-undo", operation: "mail#1", answer: "done", reason: "" })).refused?.code, "not-allowed");
    assert.equal((await undo("mail#1", "failed")).refused?.code, "bad-input", "a failure needs a reason");
    await undo("mail#1", "failed", "no rights");
    await w.give(drill, olivia, { type: "retry-undo", operation: "mail#1", reason: "rights given" });
    await undo("mail#1", "done");
    await undo("dns#1", "done");
    const end = await w.state(drill);
    assert.deepEqual(end.debts.map((d) => [d.status, d.attempts]), [["undone", 1], ["undone", 2]]);
    assert.equal(end.result, "aborted");
  });

  it("keeps the order of actions and people, and a drill with debt cannot end clean", async () => {
    const w = world([action("fail-over"), manual("dns", { undo: { text: "Set the record back." } }), manual("last")]);
    const drill = await w.launch();
    await w.give(drill, olivia, done("dns"));
    await w.give(drill, olivia, { type: "abort", reason: "enough" });
    assert.equal(w.cleanup.starts.length, 0, "the people's undo comes first");
    await w.clock.advance(3_600_000);
    assert.equal((await w.state(drill)).status, "cleaning-up");
    await w.give(drill, olivia, { type: "accept-debt", operation: "dns#1", reason: "stays until Monday" });
    assert.equal(w.cleanup.starts.length, 1);
    const end = await w.state(drill);
    assert.equal(end.status, "ended");
    assert.match(end.findings[0]?.text ?? "", /Set the record back. stays until Monday/);
    assert.equal(end.result, "aborted");
  });

  it("leaves what people changed when the drill comes to its end, and takes back what actions started", async () => {
    const w = world([action("fail-over"), manual("patch", { undo: { text: "Uninstall the update." } })]);
    const drill = await w.launch();
    await w.give(drill, olivia, done("patch"));
    const end = await w.state(drill);
    assert.equal(w.cleanup.starts.length, 1);
    assert.deepEqual(end.debts.map((d) => d.status), ["undone", "kept"]);
    assert.equal(end.status, "signing-off");
    assert.equal(end.proposed, "passed");
  });
});

describe("per-server outcomes", () => {
  it("goes on without the ones that failed, and the finding names them", async () => {
    const w = world([action("fail-over"), manual("last")]);
    w.failover.follow_ = () => nineOfTen;
    const drill = await w.launch();
    await w.give(drill, olivia, { type: "continue", step: "fail-over", round: 1, reason: "not needed" });
    assert.match((await w.state(drill)).findings[0]?.text ?? "", /went on without web-02: not needed/);
  });

  it("takes back what the first attempt left before the next one begins", async () => {
    const w = world([action("fail-over"), manual("last")]);
    w.failover.follow_ = () => (w.failover.starts.length === 1 ? nineOfTen : succeeded);
    const drill = await w.launch();
    assert.equal(await codeOf(w, drill, "fail-over", 1), drill);
    assert.equal(w.cleanup.starts.length, 1);
    assert.equal(w.failover.starts.length, 2);
    const types = await w.types(drill);
    assert.ok(types.lastIndexOf("operation.intended") > types.indexOf("operation.ended", types.indexOf("step.retried")), "the second attempt began after the undo had ended");
    assert.deepEqual((await w.state(drill)).debts.map((d) => d.status), ["undone", "owed"]);
    assert.deepEqual((await w.state(drill)).open, ["last"]);
  });

  it("waits with the next attempt for a decision when that undo fails", async () => {
    const w = world([action("fail-over"), manual("last")]);
    w.failover.follow_ = () => (w.failover.starts.length === 1 ? nineOfTen : succeeded);
    w.cleanup.follow_ = () => ({ ...succeeded, state: "failed", summary: "locked" });
    const drill = await w.launch();
    await codeOf(w, drill, "fail-over", 1);
    await w.clock.advance(600_000);
    assert.equal(w.failover.starts.length, 1);
    await w.give(drill, olivia, { type: "accept-debt", operation: "fail-over#1", reason: "deleted by hand" });
    assert.equal(w.failover.starts.length, 2);
  });

  it("does not make room by itself in live", async () => {
    const w = world([action("fail-over", { retry: { attempts: 3, afterMs: 1_000 }, onFail: "retry" })]);
    w.failover.follow_ = () => nineOfTen;
    const drill = await w.launch("live");
    await w.clock.advance(60_000);
    assert.equal(w.failover.starts.length, 1);
    assert.equal((await w.give(drill, olivia, { type: "retry", step: "fail-over", round: 1, reason: "again" })).refused?.code, "not-now");
    assert.equal(w.cleanup.starts.length, 0);
  });
});

describe("holds", () => {
  const hold = { type: "hold", operation: "fail-over#1", server: "web-02", reason: "its log" } as const;
  const until = (w: World, ms: number): string => new Date(w.clock.now().getTime() + ms).toISOString();

  async function heldDrill(): Promise<readonly [World, string]> {
    const w = world([action("fail-over")]);
    w.failover.follow_ = () => nineOfTen;
    const drill = await w.launch();
    assert.equal((await w.give(drill, olivia, { ...hold, until: until(w, 7_200_000) })).refused, null);
    await w.give(drill, olivia, { type: "give-up", reason: "not today" });
    return [w, drill];
  }

  it("keeps what is held, keeps the debt, and goes on when the time is over", async () => {
    const [w, drill] = await heldDrill();
    await w.clock.advance(3_600_000);
    assert.equal(w.cleanup.starts.length, 0);
    const state = await w.state(drill);
    assert.deepEqual([state.status, openDebts(state).length, state.holds[0]?.owner.id], ["cleaning-up", 1, "olivia"]);
    await w.runner.stop();
    w.restart();
    await w.runner.start();
    await w.clock.advance(3_600_001);
    assert.equal(w.cleanup.starts.length, 1);
    assert.equal((await w.state(drill)).status, "signing-off");
  });

  it("goes on at once when it is released", async () => {
    const [w, drill] = await heldDrill();
    await w.give(drill, olivia, { type: "release", operation: "fail-over#1", server: "web-02", reason: "found it" });
    assert.equal(w.cleanup.starts.length, 1);
  });

  it("refuses a server that is not there, a time in the past or far away, and a hold without a reason", async () => {
    const w = world([action("fail-over")]);
    w.failover.follow_ = () => nineOfTen;
    const drill = await w.launch();
    const code = async (more: object): Promise<string | undefined> => (await w.give(drill, olivia, { ...hold, until: until(w, 60_000), ...more })).refused?.code;
    assert.equal(await code({ server: "web-09" }), "bad-input");
    assert.equal(await code({ until: until(w, -1) }), "bad-input");
    assert.equal(await code({ until: "soon" }), "bad-input");
    assert.equal(await code({ until: until(w, 31 * 86_400_000) }), "bad-input");
    assert.equal(await code({ reason: "" }), "bad-input");
    assert.equal(await code({ operation: "other#1" }), "not-now");
    assert.equal((await w.give(drill, bea, { ...hold, until: until(w, 60_000) })).refused?.code, "not-allowed");
  });
});

describe("obligations and points of no return", () => {
  const obliging = (w: World, more: object): void => void Object.assign(w.failover, { facts: { ...w.failover.facts, ...more } });

  it("owes what an action says it leaves, until somebody says that it is done", async () => {
    const w = world([action("fail-over")]);
    obliging(w, { obligations: [{ id: "re-protect", text: "Protect the servers in the other direction." }] });
    const drill = await w.launch();
    assert.equal(w.cleanup.starts.length, 1);
    assert.equal((await w.state(drill)).status, "cleaning-up");
    assert.equal((await w.give(drill, olivia, { type: "settle", obligation: "fail-over#1/re-protect", reason: "" })).refused?.code, "bad-input");
    await w.give(drill, olivia, { type: "settle", obligation: "fail-over#1/re-protect", reason: "protected at 21:40" });
    assert.equal((await w.state(drill)).status, "signing-off");
    assert.ok((await w.types(drill)).includes("obligation.registered"));
  });

  it("owes nothing for what Azure refused to start", async () => {
    const w = world([action("fail-over", { onFail: "stop" })]);
    obliging(w, { obligations: [{ id: "re-protect", text: "Protect." }], pointOfNoReturn: true });
    const { DrillbookError } = await import("../../../src/errors.ts");
    w.failover.start_ = async () => Promise.reject(new DrillbookError("azure-refused", "No.", ""));
    const drill = await w.launch();
    const state = await w.state(drill);
    assert.deepEqual([state.debts.length, state.noReturn], [0, null]);
  });

  it("takes nothing back behind a point of no return: only an order forward or a signature is left", async () => {
    const w = world([action("first"), action("commit", { type: "fake-commit" }), check("look", { onFail: "stop" })]);
    w.health.observe_ = () => failed;
    Object.assign(w.commit, { facts: { ...w.commit.facts, pointOfNoReturn: true } });
    const drill = await w.launch();
    const state = await w.state(drill);
    assert.equal(state.noReturn, "commit#1");
    assert.equal(state.status, "cleaning-up");
    assert.equal(w.cleanup.starts.length, 0);
    assert.equal((await w.give(drill, amir, { type: "order-undo", operation: "first#1", reason: "back" })).refused?.code, "not-allowed");
    await w.give(drill, olivia, { type: "accept-debt", operation: "first#1", reason: "it runs there now" });
    assert.equal((await w.state(drill)).status, "signing-off");
    assert.equal(w.cleanup.starts.length, 0);
  });
});
