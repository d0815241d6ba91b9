import fc from "fast-check";
import type { Command, PersonCommand } from "../../src/drills/commands.ts";
import { begin, decide } from "../../src/drills/decide.ts";
import { effects, type Effect } from "../../src/drills/effects.ts";
import type { DrillEvent, Observation } from "../../src/drills/events.ts";
import { evolveAll, fold } from "../../src/drills/evolve.ts";
import { nextAnswer, placeholderEvidence } from "../../src/drills/unattended.ts";
import { sha256 } from "../../src/evidence/hash.ts";
import { quorumsOf } from "../../src/drills/quorum.ts";
import { peopleOf } from "../../src/drills/values.ts";
import { releasingApproval, type DrillState } from "../../src/drills/state.ts";
import type { Mode, Purpose, Runbook, Step } from "../../src/runbooks/runbook.ts";
import { action, announcement, approval, ask, bea, check, checklist, decision, manual, olivia, roles, runbookOf, wait } from "./runbooks.ts";

const deputies = { ...roles, deputy: [{ id: "dora", name: "Dora Diaz" }] };

/** One draw of luck: a number from 0 to 1, taken apart again and again. */
type Luck = (choices: number) => number;

const common = fc.record(
  {
    guard: fc.boolean(),
    onFail: fc.constantFrom("ask", "stop", "continue", "retry", "rollback"),
    retry: fc.record({ attempts: fc.integer({ min: 1, max: 3 }), afterMs: fc.constant(1_000) }),
    only: fc.constantFrom<readonly Mode[]>(["rehearsal"], ["test", "live"]),
    undo: fc.constantFrom({ text: "Put it back." }, { none: "nothing to do" }),
    evidence: fc.constant(["a picture"]),
    role: fc.constantFrom("operator", "approver"),
  },
  { requiredKeys: [] },
);
const timed = fc.record({ timeoutMs: fc.constant(60_000), onTimeout: fc.constantFrom("fail" as const, "continue" as const), escalate: fc.constantFrom("owner", "deputy") }, { requiredKeys: [] });

/** Runbooks with every kind of step and every rule about failing, in one line or in tracks. */
const anyRunbook: fc.Arbitrary<Runbook> = fc
  .tuple(fc.array(fc.tuple(fc.nat(8), common, timed, fc.array(fc.nat(20), { maxLength: 2 }), fc.boolean()), { minLength: 1, maxLength: 7 }), fc.constantFrom<Purpose>("exercise", "exercise", "incident"))
  .map(([drawn, purpose]) => {
    const steps = drawn.map(([kind, { role, ...rest }, late, needs, tracks], i): Step => {
      const more = { ...rest, ...(tracks && i > 0 ? { needs: [...new Set(needs.map((n) => `s${n % i}`))] } : {}) } as object;
      const people = { ...more, ...late, ...(role === undefined ? {} : { role }) };
      const id = `s${i}`;
      const until = { type: "fake-check", input: {}, times: 2, everyMs: 1_000, limitMs: 5_000 };
      return [
        () => manual(id, people),
        () => checklist(id, ["one", "two"], people),
        () => check(id, more),
        () => action(id, more),
        () => approval(id, { ...more, quorum: 1 + (i % 2), escalate: i % 3 === 0 ? "deputy" : null, ...(i % 4 === 0 ? { also: [{ role: "deputy", quorum: 1 }] } : {}), guard: false }),
        () => ask(id, [{ name: `a${i}`, type: "text", label: "?", choices: [], default: i % 2 === 0 ? null : "x" }], people),
        () => decision(id, `d${i}`, people),
        () => wait(id, i % 2 === 0 ? more : { ...more, forMs: null, until }),
        () => announcement(id, people),
      ][kind]!();
    });
    const incident = { standingAuthority: [{ role: "deputy", steps: steps.map((s) => s.id), agreed: "May" }], declaration: { role: "operator", criteria: ["Fire"], decideByMs: 60_000 } };
    return runbookOf(steps, { purpose, ...(purpose === "incident" ? incident : {}) });
  });

const [fileDrawn, cardDrawn] = [Buffer.from("a file"), Buffer.from("a card")];
/** What the events name by SHA-256. */
export const blobsDrawn: readonly Uint8Array[] = [fileDrawn, cardDrawn, placeholderEvidence];
const preview = { action: "fake-action", targets: [], planDigest: "", recoveryPointRule: null, undo: "", facts: [] };
const servers = (bad: boolean) => [{ name: "web-01", outcome: bad ? ("failed" as const) : ("succeeded" as const), detail: "", testServer: { name: "web-01-test", id: "/vm/1" } }];

/** Something that the world could answer to an effect, chosen by luck; `luck(1)` of nothing but zeros lets everything succeed. */
export function reportOf(state: DrillState, effect: Effect, luck: Luck): Command {
  const observation: Observation = { verdict: luck(3) === 2 ? "failed" : "passed", summary: "", diagnosis: [], result: {} };
  const problem = { code: "not-now", message: "no", causes: "", action: "", server: null };
  switch (effect.type) {
    case "observe":
      return { type: "observed", by: null, step: effect.step, round: effect.round, observation, requests: [] };
    case "look":
      return { type: "looked", by: null, step: effect.step, round: effect.round, observation, requests: [] };
    case "ask":
      if (luck(6) === 5) return { type: "blocked", by: null, step: effect.step, round: effect.round, problem, requests: [] };
      return { type: "asked", by: null, step: effect.step, round: effect.round, digest: `digest-${effect.step}-${effect.round}`, code: "KTPW", subject: {}, previews: [preview], approvers: approversOf(state, effect.step), expiresAt: new Date(Date.parse(state.launchedAt) + 86_400_000).toISOString(), requests: [] };
    case "expire":
      return luck(2) === 0 ? { type: "shown", by: null, step: effect.step, round: effect.round, card: sha256(cardDrawn) } : { type: "expired", by: null, step: effect.step, round: effect.round };
    case "waited":
    case "try-again":
    case "hold-over":
    case "overdue":
      return { by: null, ...effect } as Command;
    case "time-out":
      return { type: "timed-out", by: null, step: effect.step, round: effect.round, reason: effect.reason };
    case "act":
      return acted(state, effect, luck, problem);
    case "release":
      return { type: "intend-release", by: null, operation: effect.operation, pause: effect.pause, tag: "tag", sendBy: state.launchedAt };
    case "recover":
      if (luck(4) === 3) return { type: "unknown", by: null, operation: effect.operation, why: "no trace", requests: [] };
      if (luck(6) === 5) return { type: "ended", by: null, operation: effect.operation, outcome: "refused", summary: "", tasks: [], servers: [], problems: [], requests: [] };
      if (luck(6) === 5) return { type: "progressed", by: null, operation: effect.operation, summary: "no answer came", tasks: [], servers: [], requests: [] };
      return { type: "started", by: null, operation: effect.operation, handle: "job", adopted: luck(2) === 1, requests: [] };
    case "follow": {
      const bad = luck(3) === 2;
      const told = state.operations.find(({ key, pause: at }) => key === effect.operation && at?.answer?.sendBy != null);
      if (told?.pause != null && luck(2) === 1) return { type: "released", by: null, operation: effect.operation, pause: told.pause.id, problem: luck(2) === 0 ? null : problem, requests: [] };
      const pause = luck(3) === 1 ? { pause: { id: `pause-${luck(2)}`, name: "Stop", text: "Do it." } } : {};
      if (luck(3) === 1) return { type: "progressed", by: null, operation: effect.operation, summary: "half", tasks: [], servers: servers(bad), ...pause, requests: [] };
      return { type: "ended", by: null, operation: effect.operation, outcome: bad ? "failed" : "succeeded", summary: "", tasks: [], servers: servers(bad), problems: [], requests: [] };
    }
  }
}

function approversOf(state: DrillState, id: string): DrillState["performers"] {
  const step = state.steps.find((s) => s.step.id === id)?.step;
  return step?.kind === "approval" ? quorumsOf(step).flatMap((q) => state.roles[q.role] ?? []) : [];
}

function acted(state: DrillState, effect: Extract<Effect, { type: "act" }>, luck: Luck, problem: Extract<Command, { type: "blocked" }>["problem"]): Command {
  const { step, round, operation, action: type, input, undoOf } = effect;
  if (undoOf !== null && luck(4) === 3) return { type: "undo-blocked", by: null, operation: undoOf, problem, requests: [] };
  if (undoOf !== null && luck(4) === 3) return { type: "undo-not-needed", by: null, operation: undoOf, why: "gone", requests: [] };
  if (undoOf === null && luck(8) === 7) return { type: "blocked", by: null, step, round, problem, requests: [] };
  const granted = state.steps.findLast((s) => s.approval?.status === "granted");
  if (undoOf === null && granted !== undefined && luck(4) === 3) return { type: "voided", by: null, step: granted.step.id, round: granted.round, now: "", differences: ["other"], requests: [] };
  const releasing = undoOf === null ? releasingApproval(state, step) : undefined;
  if (releasing !== undefined && releasing.approval?.status !== "granted") return { type: "blocked", by: null, step, round, problem, requests: [] };
  const undo = undoOf === null && luck(4) !== 3 ? { action: "fake-cleanup", input: {} } : null;
  const more = undoOf === null ? { ...(luck(4) === 3 ? { obligations: [{ id: "re-protect", text: "Protect." }] } : {}), ...(luck(6) === 5 ? { pointOfNoReturn: true as const } : {}) } : {};
  return { type: "intend", by: null, step, round, operation, action: type, input, tag: operation, sendBy: state.launchedAt, undoOf, undo, ...more, requests: [] };
}

/** Something that somebody could ask for, sensible or not. */
function wishOf(state: DrillState, luck: Luck): PersonCommand {
  const pick = <T>(list: readonly T[]): T | undefined => list[luck(Math.max(1, list.length))];
  const by = (luck(2) === 0 ? pick(state.roles["operator"] ?? []) : pick([...peopleOf(state), { id: "mallory", name: "Mallory" }])) ?? olivia;
  const found = luck(4) === 3 ? pick(state.steps) : pick(state.steps.filter((s) => state.open.includes(s.step.id)));
  const step = found?.step.id ?? "s0";
  const round = luck(8) === 7 ? 9 : (found?.round ?? 1);
  const at = { step, round };
  const reason = luck(6) === 5 ? "" : "because";
  const owed = state.debts.filter((d) => d.status === "owed" || d.status === "failed");
  const operation = (luck(2) === 0 ? pick(owed)?.operation : undefined) ?? pick([...state.debts.map((d) => d.operation), ...state.operations.map((o) => o.key)]) ?? "";
  const names = (found?.step.kind === "ask" ? found.step.answers : []).map((a) => [a.name, "x"] as const);
  const values = { ...Object.fromEntries(names), ...(found?.step.kind === "decide" ? { [found.step.name]: "east" } : {}) };
  const wishes: (() => PersonCommand)[] = [
    () => ({ type: "answer", by, ...at, answer: pick(["done", "done", "failed", "skipped"] as const) ?? "done", reason, ticks: [true, true], values }),
    () => ({ type: "answer", by: olivia, ...at, answer: "done", reason, ticks: [true, true], values }),
    () => ({ type: "retry", by, ...at, reason }),
    () => ({ type: "continue", by, ...at, reason }),
    () => ({ type: "decide", by, ...at, decision: luck(4) === 3 ? "reject" : "approve", code: "KTPW", reason }),
    () => ({ type: "decide", by: luck(2) === 0 ? bea : by, ...at, decision: "approve", code: "KTPW", reason }),
    () => ({ type: "hand-over", by, ...at, to: pick(peopleOf(state))?.name ?? "", reason }),
    () => ({ type: "hand-over-role", by, role: pick(["operator", "owner", "approver", "reviewer"]) ?? "", to: pick(peopleOf(state))?.name ?? "", reason }),
    () => ({ type: "propose-approver", by, role: pick(["approver", "deputy"]) ?? "", to: pick(peopleOf(state))?.name ?? "", reason }),
    () => ({ type: "admit-approver", by: bea, proposal: pick(state.proposals.filter((p) => !p.added))?.id ?? "A1" }),
    () => ({ type: "admit-approver", by, proposal: pick(state.proposals)?.id ?? "A1" }),
    () => ({ type: "resolve", by, operation: state.operations.find((o) => o.phase === "unknown")?.key ?? operation, as: luck(2) === 0 ? "not-started" : "look-again", reason }),
    () => ({ type: "answer-pause", by, operation: state.operations.find((o) => o.pause !== null)?.key ?? operation, pause: state.operations.find((o) => o.pause !== null)?.pause?.id ?? "", reason }),
    () => ({ type: "order-undo", by, operation, reason }),
    () => ({ type: "answer-undo", by, operation, answer: luck(3) === 2 ? "failed" : "done", reason }),
    () => ({ type: "retry-undo", by, operation, reason }),
    () => ({ type: "accept-debt", by, operation, reason }),
    () => ({ type: "settle", by, obligation: operation, reason }),
    () => ({ type: "hold", by, operation, server: luck(2) === 0 ? "" : "web-01", until: new Date(Date.parse(state.launchedAt) + 172_800_000).toISOString(), reason }),
    () => ({ type: "release", by: olivia, operation: pick(state.holds)?.operation ?? operation, server: "", reason: "found" }),
    () => ({ type: "release", by, operation: pick(state.holds)?.operation ?? operation, server: "", reason }),
    () => ({ type: "attach", by, step: luck(2) === 0 ? step : null, name: "f", mediaType: "text/plain", size: 1, sha256: sha256(fileDrawn) }),
    () => ({ type: "note", by, step: luck(2) === 0 ? step : null, text: reason }),
    () => ({ type: "record-finding", by, step: null, text: reason, owner: "", due: "" }),
    () => ({ type: "sign", by, as: luck(2) === 0 ? "owner" : "reviewer", statement: "" }),
    () => ({ type: "pause", by, reason }),
    () => ({ type: "pause", by: olivia, reason: "lunch" }),
    () => ({ type: "resume", by, reason }),
    () => ({ type: "resume", by, reason }),
    ...(luck(3) === 2 ? [(): PersonCommand => ({ type: luck(2) === 0 ? "abort" : "give-up", by, reason })] : []),
  ];
  return (pick(wishes) ?? wishes[0]!)();
}

/** What an operator does who leaves nothing alone: again, pause, keep, leave. */
function boldWish(state: DrillState, luck: Luck): PersonCommand | null {
  const reason = "to see what happens";
  const failing = state.steps.find((s) => s.status === "failing");
  const owed = state.debts.findLast((d) => d.status === "owed");
  const failed = state.debts.findLast((d) => d.status === "failed");
  const until = new Date(Date.parse(state.launchedAt) + 172_800_000).toISOString();
  const wishes: (PersonCommand | null)[] = [
    failing === undefined ? null : { type: "retry", by: olivia, step: failing.step.id, round: failing.round, reason },
    state.paused === null ? { type: "pause", by: olivia, reason } : { type: "resume", by: olivia, reason },
    owed === undefined ? null : { type: "hold", by: olivia, operation: owed.operation, server: "", until, reason },
    failed === undefined ? null : { type: luck(2) === 0 ? "retry-undo" : "accept-debt", by: olivia, operation: failed.operation, reason },
  ];
  return wishes[luck(wishes.length)] ?? null;
}

/** Something that happens next: the world answers, somebody wishes, or an incident takes the way. */
function anything(state: DrillState, earlier: DrillState, luck: Luck): Command {
  const possible = effects(earlier);
  const effect = possible[luck(Math.max(1, possible.length))];
  if (effect !== undefined && luck(2) === 0) return reportOf(state, effect, luck);
  const bold = luck(4) === 0 ? boldWish(state, luck) : null;
  if (bold !== null) return bold;
  const sensible = luck(3) === 0 ? nextAnswer(state, {}) : null;
  if (sensible !== null) return sensible;
  if (luck(60) === 59) return { type: "stand-aside", by: null, reason: "an incident" };
  if (luck(60) === 58) return { type: "kept", by: null, step: "s0", name: "script.txt", mediaType: "text/plain", size: 1, sha256: sha256(fileDrawn) };
  if (effect?.type === "act" && luck(3) === 0) return { type: "guard-observed", by: null, step: effect.step, before: effect.operation, observation: { verdict: "passed", summary: "", diagnosis: [], result: {} }, requests: [] };
  return wishOf(state, luck);
}

function launchOf(runbook: Runbook, mode: Mode, at: Date): DrillEvent {
  return { v: 1, drill: "PAY-0001", seq: 1, at: at.toISOString(), by: olivia, type: "drill.launched", runbook, params: { plan: "/plan/1" }, mode, purpose: runbook.purpose, roles: deputies, conversation: null };
}

export const began = Date.parse("2026-11-20T21:00:00Z");

type Taken = { readonly before: DrillState; readonly command: Command; readonly accepted: boolean };
export type Walk = { readonly events: readonly DrillEvent[]; readonly state: DrillState; readonly steps: readonly Taken[] };

/** Draws from a seed of its own, so that a walk can be as long as it likes. */
function luckFrom(start: number): Luck {
  let state = start | 0;
  return (choices) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % choices;
  };
}

/** A drill through which luck leads: what happened, and what was refused. */
export function walk(runbook: Runbook, mode: Mode, start: number, length: number): Walk {
  const luck = luckFrom(start);
  const declared = { type: "incident.declared", criterion: "Fire", decideBy: new Date(began + 60_000).toISOString(), disruptedAt: null, detectedAt: null, instead: [] } as const;
  const events: DrillEvent[] = [...begin(launchOf(runbook, mode, new Date(began)), runbook.purpose === "incident" ? declared : null)];
  let state = fold(events);
  const steps: Taken[] = [];
  let earlier = state;
  for (let i = 1; i <= length; i += 1) {
    // What is reported now may have begun before somebody paused the drill, or gave it up.
    if (luck(3) === 0 && state.paused === null) earlier = state;
    const command = anything(state, state.paused !== null || luck(4) === 0 ? earlier : state, luck);
    const decision = decide(state, command, new Date(began + i * 1_000));
    steps.push({ before: state, command, accepted: "events" in decision });
    if ("refused" in decision) continue;
    events.push(...decision.events);
    state = evolveAll(state, decision.events);
  }
  return { events, state, steps };
}

export const walks = fc.tuple(anyRunbook, fc.constantFrom<Mode>("rehearsal", "test", "live"), fc.integer(), fc.integer({ min: 1, max: 120 }));
