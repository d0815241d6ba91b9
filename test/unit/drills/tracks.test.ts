import assert from "node:assert/strict";
import { commandOfWords } from "../../../src/bot/commands/drill-words.ts";
import { parse } from "../../../src/bot/commands/parse.ts";
import { stepOfFile } from "../../../src/dialogs/meant-step.ts";
import type { PersonCommand } from "../../../src/drills/commands.ts";
import { mayNow } from "../../../src/people/may-now.ts";
import { world, type World } from "../../fakes/drill-world.ts";
import { failed, running } from "../../fakes/outside-world.ts";
import { action, amir, approval, bea, check, manual, olivia, wait } from "../../fakes/runbooks.ts";

const done = (step: string, round = 1) => ({ type: "answer", step, round, answer: "done", reason: "", ticks: [] }) as const;

/** Two tracks that part after the first step and meet in the last. */
const parted = [
  manual("begin"),
  manual("web", { needs: ["begin"], track: "web" }),
  manual("web-2", { needs: ["web"], track: "web" }),
  manual("data", { needs: ["begin"], track: "data" }),
  manual("meet", { needs: ["web-2", "data"] }),
];

async function words(w: World, drill: string, by: PersonCommand["by"], typed: string): Promise<string | null> {
  const state = await w.state(drill);
  const { refused } = await w.runner.command(drill, commandOfWords(state, by, parse(typed) as Parameters<typeof commandOfWords>[2]));
  await w.settle();
  return refused?.message ?? null;
}

describe("runner: parallel tracks", () => {
  it("opens several steps at once, each when what it needs is over, and goes on where they meet", async () => {
    const w = world(parted);
    const drill = await w.launch();
    assert.deepEqual((await w.state(drill)).open, ["begin"]);
    await w.give(drill, olivia, done("begin"));
    assert.deepEqual((await w.state(drill)).open, ["web", "data"]);
    await w.give(drill, olivia, done("data"));
    assert.deepEqual((await w.state(drill)).open, ["web"]);
    await w.give(drill, olivia, done("web"));
    await w.give(drill, olivia, done("web-2"));
    assert.deepEqual((await w.state(drill)).open, ["meet"]);
    w.restart();
    await w.give(drill, olivia, done("meet"));
    assert.equal((await w.state(drill)).status, "signing-off");
    assert.deepEqual(w.faults, []);
  });

  it("goes on in one track while the other has failed, and waits where they meet", async () => {
    const w = world(parted);
    const drill = await w.launch();
    await w.give(drill, olivia, done("begin"));
    await w.give(drill, olivia, { ...done("data"), answer: "failed", reason: "disk full" });
    await w.give(drill, olivia, done("web"));
    await w.give(drill, olivia, done("web-2"));
    assert.deepEqual((await w.state(drill)).open, ["data"]);
    await w.give(drill, olivia, { type: "continue", step: "data", round: 1, reason: "not needed today" });
    assert.deepEqual((await w.state(drill)).open, ["meet"]);
  });

  it("lets an approval release only its own track, and looks again only at the guards before an action", async () => {
    const w = world([
      check("shared", { guard: true }),
      approval("approve-web", { needs: ["shared"], quorum: 1 }),
      action("web", { needs: ["approve-web"] }),
      approval("approve-data", { needs: ["shared"], quorum: 1 }),
      check("data-guard", { needs: ["approve-data"], guard: true }),
      action("data", { needs: ["data-guard"] }),
    ]);
    const drill = await w.launch();
    assert.deepEqual((await w.state(drill)).open, ["approve-web", "approve-data"]);
    const codeOf = async (step: string): Promise<string> => (await w.state(drill)).steps.find((s) => s.step.id === step)?.approval?.code ?? "";
    w.failover.follow_ = () => running;
    assert.equal(await words(w, drill, amir, `approve approve-web ${await codeOf("approve-web")}`), null);
    assert.equal(w.failover.starts.length, 1);
    assert.equal(w.health.looks, 2, "the shared guard alone");
    assert.equal(await words(w, drill, bea, `approve approve-data ${await codeOf("approve-data")}`), null);
    assert.equal(w.failover.starts.length, 2, "both actions are under way at once");
    assert.equal(w.health.looks, 5);
  });

  it("stops every track when one says to stop, and takes back nothing while another is still moving", async () => {
    const w = world([action("fail-over", { needs: [] }), wait("settle", { needs: [] }), check("look", { needs: ["settle"], onFail: "stop" }), manual("last", { needs: ["look", "fail-over"] })]);
    w.health.observe_ = () => failed;
    w.failover.follow_ = () => running;
    const drill = await w.launch();
    await w.clock.advance(600_001);
    assert.equal((await w.state(drill)).status, "cleaning-up");
    assert.deepEqual((await w.state(drill)).open, []);
    assert.equal(w.cleanup.starts.length, 0);
    w.failover.follow_ = () => ({ ...running, state: "succeeded" });
    await w.clock.advance(60_000);
    assert.equal(w.cleanup.starts.length, 1);
  });

  it("ends rather than wait for a step that can never be over", async () => {
    const w = world([manual("first"), manual("orphan", { needs: ["nowhere"] })]);
    const drill = await w.launch();
    await w.give(drill, olivia, done("first"));
    assert.equal((await w.state(drill)).status, "signing-off");
    assert.match((await w.state(drill)).cleanup?.reason ?? "", /can never be over/);
  });

  it("counts two people who think at the same time as waiting once", async () => {
    const w = world([approval("one", { needs: [], expiresMs: 3_600_000 }), approval("two", { needs: [], expiresMs: 3_600_000 })]);
    const drill = await w.launch();
    await w.clock.advance(600_000);
    const state = await w.state(drill);
    const waited = w.clock.now().getTime() - Date.parse(state.waiting.since ?? "");
    assert.ok(waited >= 600_000 && waited < 601_000);
    assert.equal(state.waiting.ms, 0);
  });
});

describe("words when several steps wait", () => {
  it("asks which one is meant, and takes a title or an id", async () => {
    const w = world(parted);
    const drill = await w.launch();
    await w.give(drill, olivia, done("begin"));
    await assert.rejects(words(w, drill, olivia, "done"), { code: "bad-input", message: /Do web; Do data/ });
    await assert.rejects(words(w, drill, olivia, "done the dishes"), { code: "bad-input" });
    assert.equal(await words(w, drill, olivia, "done Do data"), null);
    assert.deepEqual((await w.state(drill)).open, ["web"]);
    assert.equal(await words(w, drill, olivia, "failed because it is broken"), null);
    assert.equal(await words(w, drill, olivia, "retry web because mended"), null);
  });

  it("means the one that is theirs, or that was handed to them", async () => {
    const w = world([manual("ours", { needs: [] }), manual("theirs", { needs: [], role: "approver" })]);
    const drill = await w.launch();
    assert.equal(await words(w, drill, amir, "done"), null);
    assert.deepEqual((await w.state(drill)).open, ["ours"]);
    assert.deepEqual(mayNow(await w.state(drill), olivia, w.clock.now()).slice(0, 2), ["done", "failed"]);
  });

  it("hands a named step over, and whoever has it keeps it when it is tried again", async () => {
    const w = world(parted);
    const drill = await w.launch();
    await w.give(drill, olivia, done("begin"));
    assert.equal(await words(w, drill, olivia, "hand over Do data to Bea Lind because she knows it"), null);
    await w.give(drill, bea, { ...done("data"), answer: "failed", reason: "no" });
    await w.give(drill, bea, { type: "retry", step: "data", round: 1, reason: "again" });
    const data = (await w.state(drill)).steps.find((s) => s.step.id === "data");
    assert.deepEqual([data?.assignee?.id, data?.round, data?.status], ["bea", 2, "open"]);
  });
});

describe("a file, when several steps are open", () => {
  it("belongs to the step that is named, else to the one that waits for evidence, else to the drill", async () => {
    const w = world([manual("look", { needs: [] }), manual("photo", { needs: [], evidence: ["a picture"] }), manual("call", { needs: [] })]);
    const drill = await w.launch();
    const of = async (words: string): Promise<string | undefined> => stepOfFile(await w.state(drill), olivia, words)?.step.id;
    assert.equal(await of("here it is"), "photo");
    assert.equal(await of("for Do call"), "call");
    await w.give(drill, olivia, { type: "attach", step: "photo", name: "a.png", mediaType: "image/png", size: 1, sha256: "0".repeat(64) });
    assert.equal(await of("one more"), undefined);
  });
});

describe("notes and findings, when several steps are open", () => {
  it("are about the step they name, open or not, else about the drill", async () => {
    const w = world(parted);
    const drill = await w.launch();
    assert.equal(await words(w, drill, olivia, "note all is quiet"), null);
    await w.give(drill, olivia, done("begin"));
    assert.equal(await words(w, drill, olivia, "note on Do begin: it took an hour"), null);
    assert.equal(await words(w, drill, olivia, "note both go well"), null);
    assert.equal(await words(w, drill, olivia, "finding on Do data: the disk is small for Bea Lind by 2027-01-31"), null);
    const state = await w.state(drill);
    assert.deepEqual(state.notes.map((n) => [n.step, n.text]), [["begin", "all is quiet"], ["begin", "it took an hour"], [null, "both go well"]]);
    assert.deepEqual(state.findings.map((f) => [f.step, f.text, f.owner.id, f.due]), [["data", "the disk is small", "bea", "2027-01-31"]]);
  });
});
