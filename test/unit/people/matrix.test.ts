import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { createChat } from "../../../src/bot/commands/chat.ts";
import type { Launching } from "../../../src/bot/commands/launching.ts";
import type { Answer, Inbound } from "../../../src/bot/message.ts";
import type { SurfaceStore } from "../../../src/bot/surface-store.ts";
import type { PersonCommand } from "../../../src/drills/commands.ts";
import type { Person } from "../../../src/drills/events.ts";
import { debtToOrder, debtToSignFor, openDebts, undoForPeople } from "../../../src/drills/debts.ts";
import { stepOf, type DrillState } from "../../../src/drills/state.ts";
import { DrillbookError } from "../../../src/errors.ts";
import type { Json, Mode, Step } from "../../../src/runbooks/runbook.ts";
import { universal } from "../../../src/texts/reader.ts";
import { approveBoth, codeOfStep, world, type World } from "../../fakes/drill-world.ts";
import { failed, running, succeeded } from "../../fakes/outside-world.ts";
import { action, amir, approval, bea, check, manual, olivia, ravi, roles } from "../../fakes/runbooks.ts";
import { expected } from "./matrix-table.ts";

const dana = { id: "dana", name: "Dana Weiss" };
const stranger = { id: "mallory", name: "Mallory" };
const people = { operator: olivia, approver: amir, "other approver": bea, reviewer: ravi, deputy: dana, stranger };

type Bodies = { readonly [T in PersonCommand["type"]]: (state: DrillState) => Omit<Extract<PersonCommand, { type: T }>, "by" | "type"> };

const at = (state: DrillState): { readonly step: string; readonly round: number } => ({ step: state.current ?? state.steps[0]?.step.id ?? "", round: stepOf(state, state.current ?? "")?.round ?? 1 });
const reason = "a reason";

/** One command of every type there is, as good as it can be made in that state; a new type does not compile without its line. */
const bodies: Bodies = {
  answer: (state) => ({ ...at(state), answer: "done", reason, ticks: [] }),
  retry: (state) => ({ ...at(state), reason }),
  continue: (state) => ({ ...at(state), reason }),
  decide: (state) => ({ ...at(state), decision: "approve", code: stepOf(state, state.current ?? "")?.approval?.code ?? "", reason }),
  abort: () => ({ reason }),
  "give-up": () => ({ reason }),
  "hand-over": (state) => ({ ...at(state), to: "Ravi Menon", reason }),
  "hand-over-role": () => ({ role: "approver", to: "Dana Weiss", reason }),
  "propose-approver": () => ({ role: "approver", to: "Dana Weiss", reason }),
  "admit-approver": (state) => ({ proposal: state.proposals[0]?.id ?? "" }),
  "answer-undo": (state) => ({ operation: undoForPeople(state)?.operation ?? "", answer: "done", reason }),
  hold: (state) => ({ operation: openDebts(state)[0]?.operation ?? "", server: "", until: new Date(Date.parse(state.launchedAt) + 86_400_000).toISOString(), reason }),
  release: (state) => ({ operation: state.holds[0]?.operation ?? "", server: state.holds[0]?.server ?? "", reason }),
  settle: (state) => ({ obligation: openDebts(state).find((d) => d.kind === "obligation")?.operation ?? "", reason }),
  "record-finding": (state) => ({ step: state.current, text: "seen", owner: "", due: "" }),
  "answer-pause": (state) => ({ operation: state.operations[0]?.key ?? "", pause: state.operations[0]?.pause?.id ?? "", reason }),
  "order-undo": (state) => ({ operation: debtToOrder(state)?.operation ?? "", reason }),
  pause: () => ({ reason }),
  resume: () => ({ reason }),
  note: () => ({ step: null, text: "seen" }),
  attach: () => ({ step: null, name: "a.txt", mediaType: "text/plain", size: 1, sha256: "0".repeat(64) }),
  resolve: (state) => ({ operation: state.operations.find((o) => o.phase === "unknown")?.key ?? "", as: "look-again", reason }),
  "retry-undo": (state) => ({ operation: state.debts.find((d) => d.status === "failed")?.operation ?? "", reason }),
  "accept-debt": (state) => ({ operation: (state.debts.find((d) => d.status === "failed") ?? debtToOrder(state) ?? undoForPeople(state) ?? debtToSignFor(state) ?? openDebts(state)[0])?.operation ?? "", reason }),
  sign: () => ({ as: "owner", statement: "" }),
};

type Reach = () => Promise<readonly [World, string]>;

function reach(steps: readonly Step[], then: (w: World, drill: string) => Promise<unknown> = async () => undefined, mode: Mode = "test"): Reach {
  return async () => {
    const w = world(steps);
    const drill = await w.launch(mode, { roles: { ...roles, deputy: [dana] } });
    await then(w, drill);
    return [w, drill];
  };
}

const done = (w: World, drill: string) => w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "done", reason: "", ticks: [] });
async function withServers(w: World, drill: string): Promise<void> {
  w.failover.follow_ = () => ({ ...succeeded, servers: [{ name: "web-01", outcome: "succeeded", detail: "", testServer: { name: "web-01-test", id: "/t/1" } }] });
  await approveBoth(w, drill);
}

const lost = async (): Promise<never> => { throw new DrillbookError("outcome-unknown", "reset", ""); };
const leaves = (w: World, facts: object): void => void Object.assign(w.failover.facts, facts);

const acting = [approval("approve"), action("failover"), manual("look")];

const states: Readonly<Record<keyof typeof expected, Reach>> = {
  "a step waits": reach([manual("look")]),
  "a step has failed": reach([manual("look")], (w, drill) => w.give(drill, olivia, { type: "answer", step: "look", round: 1, answer: "failed", reason, ticks: [] })),
  "a step was handed over": reach([manual("look")], (w, drill) => w.give(drill, olivia, { type: "hand-over", step: "look", round: 1, to: "Ravi Menon", reason })),
  "a check has failed": async () => {
    const w = world([check("healthy"), manual("look")]);
    w.health.observe_ = () => failed;
    return [w, await w.launch("test", { roles: { ...roles, deputy: [dana] } })];
  },
  "an approval is asked": reach(acting),
  "one of two has approved": reach(acting, async (w, drill) => w.give(drill, amir, { type: "decide", step: "approve", round: 1, decision: "approve", code: await codeOfStep(w, drill, "approve"), reason: "" })),
  "an approval has expired": reach([approval("approve", { escalate: "deputy" }), action("failover")], (w) => w.clock.advance(31 * 60_000)),
  "an approver is proposed": reach(acting, (w, drill) => w.give(drill, olivia, { type: "propose-approver", role: "approver", to: "Dana Weiss", reason })),
  "an action is under way": reach(acting, async (w, drill) => { w.failover.follow_ = () => running; await approveBoth(w, drill); }),
  "an action waits for people in Azure": reach(acting, async (w, drill) => { w.failover.follow_ = () => ({ ...running, pause: { id: "stop", name: "Stop", text: "Do it." } }); await approveBoth(w, drill); }),
  "test servers are running": reach(acting, withServers),
  "a server is kept": reach(acting, async (w, drill) => {
    await withServers(w, drill);
    const operation = openDebts(await w.state(drill))[0]?.operation ?? "";
    await w.give(drill, olivia, { type: "hold", operation, server: "", until: new Date(w.clock.now().getTime() + 86_400_000).toISOString(), reason });
  }),
  "the drill is paused": reach([manual("look")], (w, drill) => w.give(drill, olivia, { type: "pause", reason })),
  "an undo has failed": reach([approval("approve"), action("failover")], async (w, drill) => { w.cleanup.follow_ = () => ({ ...succeeded, state: "failed", summary: "locked" }); await approveBoth(w, drill); }),
  "an undo waits to be ordered in live": reach([approval("approve"), action("failover")], approveBoth, "live"),
  "nobody knows whether an action started": reach(acting, async (w, drill) => { w.failover.start_ = lost; await approveBoth(w, drill); await w.clock.advance(20_000); }),
  "nobody knows whether an undo started": reach([approval("approve"), action("failover")], async (w, drill) => { w.cleanup.start_ = lost; await approveBoth(w, drill); await w.clock.advance(20_000); }),
  "people take a step back": reach([manual("look", { undo: { text: "Set the record back." } }), manual("last")], async (w, drill) => { await done(w, drill); await w.give(drill, olivia, { type: "abort", reason }); }),
  "a reviewer's step is taken back": reach([manual("look", { role: "reviewer", undo: { text: "Set the record back." } }), manual("last")], async (w, drill) => { await done(w, drill); await w.give(drill, olivia, { type: "abort", reason }); }),
  "an obligation is owed": reach([approval("approve"), action("failover")], async (w, drill) => { leaves(w, { undo: null, obligations: [{ id: "re-protect", text: "Protect the servers." }] }); await approveBoth(w, drill); }),
  "a point of no return was passed": reach([approval("approve"), action("failover"), action("commit", { type: "fake-commit" })], async (w, drill) => { Object.assign(w.commit.facts, { pointOfNoReturn: true }); await approveBoth(w, drill); }),
  "signatures are waited for": reach([manual("look")], done),
  "the drill has ended": reach([manual("look")], async (w, drill) => { await done(w, drill); await w.give(drill, olivia, { type: "sign", as: "owner", statement: "" }); await w.give(drill, ravi, { type: "sign", as: "reviewer", statement: "" }); }),
};

type Body = Readonly<Record<string, unknown>>;

/** What to type for each command; a new type does not compile without its line. Null: it is sent as a file. */
const typed: Readonly<Record<keyof Bodies, ((state: DrillState, body: Body) => string) | null>> = {
  answer: () => "done",
  retry: () => "retry",
  continue: () => "continue because a reason",
  decide: (state, { code }) => `approve ${state.steps.findIndex((s) => s.step.id === state.current) + 1} ${String(code) || "XXXX"}`,
  abort: () => "abort because a reason",
  "give-up": () => "clean up because a reason",
  "hand-over": () => "hand over to Ravi Menon because a reason",
  "hand-over-role": () => "hand over role approver to Dana Weiss because a reason",
  "propose-approver": () => "add approver Dana Weiss because a reason",
  "admit-approver": () => "admit Dana Weiss",
  "answer-undo": () => "undo done",
  hold: (_, { until }) => `keep all until ${String(until)} because a reason`,
  release: () => "release all because a reason",
  settle: () => "settle because a reason",
  "record-finding": () => "finding seen",
  "answer-pause": () => "azure may go on because a reason",
  "order-undo": () => "undo now",
  pause: () => "pause because a reason",
  resume: () => "resume",
  note: () => "note seen",
  attach: null,
  resolve: () => "look again because a reason",
  "retry-undo": () => "undo again",
  "accept-debt": () => "leave it because a reason",
  sign: () => "sign as owner",
};

/** The button of each command that has one. */
const pressed: Partial<Record<keyof Bodies, string>> = {
  answer: "done", retry: "retry", continue: "continue", decide: "approve", abort: "abort", "give-up": "give-up", "answer-undo": "undo-done", hold: "hold", release: "release",
  settle: "settle", "answer-pause": "answer-pause", "order-undo": "order-undo", pause: "pause", resume: "resume", resolve: "look-again", "retry-undo": "retry-undo", "accept-debt": "accept-debt", sign: "sign",
};

const nowhere = { id: "19:chat", reference: null };
const posted = { drill: "", surface: "step", generation: 1, conversation: nowhere, messageId: "m1", state: "shown", shownHash: null, shownSeq: 0 } as const;

/** The chat as Teams and the console use it, both: they differ in how a person is known, and in nothing after that. */
function chatOf(w: World): (inbound: Inbound) => Promise<Answer> {
  const surfaces = { surface: async () => posted } as unknown as SurfaceStore;
  return createChat({ runner: w.runner, drills: () => w.store.list(), launching: {} as Launching, surfaces, coverage: async () => [], personOf: () => null, clock: w.clock.now, transcriptUrl: () => null });
}

type Door = (w: World, drill: string, type: keyof Bodies, by: Person, state: DrillState, body: Body) => Promise<boolean>;

const doors: Readonly<Record<string, Door>> = {
  "the drill itself": async (w, drill, type, by, _, body) => (await w.runner.command(drill, { type, by, ...body } as PersonCommand)).refused === null,
  "words in the chat": async (w, drill, type, by, state, body) => {
    const from = { person: by, conversation: nowhere, account: by.id, reader: universal };
    const words = typed[type];
    const answer = await chatOf(w)(words === null ? { ...from, kind: "files", text: drill, files: [{ name: "a.txt", read: async () => Buffer.from("a") }] } : { ...from, kind: "text", text: `${drill} ${words(state, body)}` });
    return answer.settled === true && !/was not kept/.test(answer.messages[0]?.text ?? "");
  },
  "a button of a card": async (w, drill, type, by, state, body) => {
    const verb = pressed[type];
    if (verb === undefined) return doors["the drill itself"]!(w, drill, type, by, state, body);
    const data = { drill, ...body, surface: posted.surface, generation: posted.generation } as Json;
    return (await chatOf(w)({ kind: "click", person: by, conversation: nowhere, account: by.id, reader: universal, verb, data, shownIn: posted.messageId })).settled === true;
  },
};

describe("every role, every command, every state", () => {
  for (const [name, make] of Object.entries(states)) {
    for (const [door, give] of Object.entries(doors)) {
      it(`${name}, by ${door}: all ${Object.keys(people).length * Object.keys(bodies).length} cells`, async () => {
        const found: Record<string, string> = {};
        for (const [role, by] of Object.entries(people)) {
          const accepted: string[] = [];
          for (const type of Object.keys(bodies) as (keyof Bodies)[]) {
            const [w, drill] = await make();
            const before = await w.state(drill);
            if (await give(w, drill, type, by, before, bodies[type](before))) accepted.push(type);
          }
          found[role] = accepted.join(" ");
        }
        assert.deepEqual(found, expected[name as keyof typeof expected]);
      });
    }
  }
});

describe("the doors", () => {
  it("are those of the matrix: nothing else in the program gives a drill a person's command", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts") && !file.startsWith(`drills${sep}`));
    const giving = files.filter((file) => /\brunner\.(?:command|refuse)\(/.test(readFileSync(join("src", file), "utf8"))).map((file) => file.replaceAll("\\", "/"));
    // A rehearsal from the command line has no people but those that it plays; every command of it passes the same rule.
    assert.deepEqual(giving.toSorted(), ["bot/commands/chat.ts", "bot/commands/giving.ts", "bot/commands/received-files.ts", "rehearsal.ts"]);
  });
});
