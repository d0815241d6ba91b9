import assert from "node:assert/strict";
import type { PersonCommand } from "../../../src/drills/commands.ts";
import { debtToOrder, openDebts, stepOf, undoForPeople, type DrillState } from "../../../src/drills/state.ts";
import type { Mode, Step } from "../../../src/runbooks/runbook.ts";
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
  "accept-debt": (state) => ({ operation: (state.debts.find((d) => d.status === "failed") ?? debtToOrder(state))?.operation ?? "", reason }),
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
  "signatures are waited for": reach([manual("look")], done),
  "the drill has ended": reach([manual("look")], async (w, drill) => { await done(w, drill); await w.give(drill, olivia, { type: "sign", as: "owner", statement: "" }); await w.give(drill, ravi, { type: "sign", as: "reviewer", statement: "" }); }),
};

describe("every role, every command, every state", () => {
  for (const [name, make] of Object.entries(states)) {
    it(`${name}: all ${Object.keys(people).length * Object.keys(bodies).length} cells`, async () => {
      const found: Record<string, string> = {};
      for (const [role, by] of Object.entries(people)) {
        const accepted: string[] = [];
        for (const type of Object.keys(bodies) as (keyof Bodies)[]) {
          const [w, drill] = await make();
          const before = await w.state(drill);
          const { refused } = await w.runner.command(drill, { type, by, ...bodies[type](before) } as PersonCommand);
          if (refused === null) accepted.push(type);
        }
        found[role] = accepted.join(" ");
      }
      assert.deepEqual(found, expected[name as keyof typeof expected]);
    }).timeout(30_000);
  }
});
