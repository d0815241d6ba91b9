import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../../src/drills/digest.ts";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { fold } from "../../../src/drills/evolve.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import { isRecord } from "../../../src/runbooks/json.ts";
import type { SurfaceRow } from "../../../src/bot/surface-store.ts";
import type { Store } from "../../../src/storage/store.ts";
import { judgeLog } from "./log.ts";
import type { Outside, Posted, Started } from "./outside.ts";
import { seed } from "./run.ts";

/** `good`: it came to the end that its people wanted. `reposts`: cards that were posted under a new number. */
export type Verdict = { readonly drill: string; readonly result: string; readonly good: boolean; readonly asked: boolean; readonly reposts: number };

type Of<T extends DrillEvent["type"]> = Extract<DrillEvent, { readonly type: T }>;

/** What must be true of every drill after every fault. Throws with the first that is not, having kept the history. */
export async function judge(store: Pick<Store, "list" | "read" | "surfaces" | "due" | "log">, outside: Outside, label: string, log: { readonly data: string; readonly waitMs: number }): Promise<readonly Verdict[]> {
  const sent = Map.groupBy(outside.starts, (s) => s.tag);
  const posted = Map.groupBy(outside.posts, (p) => p.drill);
  const heads = new Map<string, readonly string[]>();
  const intended = new Set<string>();
  const verdicts: Verdict[] = [];
  for (const { id } of await store.list()) {
    // Reading verifies the chain: a gap or a change throws.
    const stored = await store.read(id);
    const events = stored.map((s) => s.event);
    heads.set(id, stored.map((s) => s.head));
    try {
      const reposts = repostsOf(await store.surfaces(id), posted.get(id) ?? []);
      verdicts.push({ ...judged(fold(events), events, sent), reposts });
      for (const { tag } of intentsOf(events)) intended.add(tag);
    } catch (thrown) {
      const kept = join("test-failures", `${label.replaceAll(/[^\w-]+/g, "-")}-${id}.json`);
      mkdirSync("test-failures", { recursive: true });
      writeFileSync(kept, JSON.stringify({ seed, label, starts: outside.starts, posts: posted.get(id), surfaces: await store.surfaces(id), events }, null, 1));
      throw new Error(`${label}, ${id} (seed ${seed}, history in ${kept}): ${thrown instanceof Error ? thrown.message : String(thrown)}`, { cause: thrown });
    }
  }
  const unrecorded = [...sent.keys()].filter((tag) => !intended.has(tag));
  assert.deepEqual(unrecorded, [], `${label} (seed ${seed}): something was sent that no history knows of`);
  // A date that no wake-up can lie behind.
  assert.deepEqual((await store.due(new Date(8.64e15))).drills, [], `${label} (seed ${seed}): drills that have ended are still to be woken up`);
  await judgeLog(store, log.data, heads, log.waitMs);
  return verdicts;
}

function judged(state: DrillState, events: readonly DrillEvent[], sent: ReadonlyMap<string, readonly Started[]>): Omit<Verdict, "reposts"> {
  const intents = intentsOf(events);
  for (const intent of intents) {
    const starts = sent.get(intent.tag) ?? [];
    assert.ok(starts.length <= 1, `${intent.operation} was sent ${starts.length} times`);
    assert.equal(intents.filter((i) => i.operation === intent.operation).length, 1, `${intent.operation} was intended twice`);
    requireToldTrue(events, intent.operation, starts.length === 1);
    if (intent.undoOf === null) requireApproval(state, events, intent, starts[0]);
  }
  // Whoever said that it did not start told the truth, so even a second attempt reached the world once.
  for (const [key, times] of Map.groupBy(intents.flatMap(({ tag }) => sent.get(tag) ?? []), (s) => s.key)) assert.equal(times.length, 1, `${key} took effect ${times.length} times`);
  requireOneDecisionEach(events);
  assert.ok(state.status === "ended", `${state.id} is ${state.status} and silent`);
  assert.match(state.result ?? "", /^(passed|passed-with-findings|failed|aborted)$/);
  assert.deepEqual(state.operations.filter((o) => o.phase !== "ended").map((o) => o.key), [], "the drill ended before something that it had begun");
  assert.ok(state.debts.every((d) => d.status === "undone" || d.status === "accepted"), "a debt was left");
  assert.deepEqual(events.map((e) => e.seq), events.map((_, i) => i + 1));
  const aborted = events.some((e) => e.type === "cleanup.began" && e.why === "aborted");
  if (aborted) requireTakenBack(state, intents);
  assert.equal(state.result === "aborted", aborted, `it ended ${state.result}`);
  const good = aborted || (state.result ?? "").startsWith("passed");
  return { drill: state.id, result: state.result ?? "", good, asked: events.some((e) => e.type === "operation.unknown") };
}

function intentsOf(events: readonly DrillEvent[]): readonly Of<"operation.intended">[] {
  return events.filter((e) => e.type === "operation.intended");
}

/** What the history says became of a write is what became of it; and nobody is asked about what could have been found. */
function requireToldTrue(events: readonly DrillEvent[], operation: string, wasSent: boolean): void {
  const has = (type: DrillEvent["type"]): boolean => events.some((e) => e.type === type && "operation" in e && e.operation === operation);
  assert.equal(has("operation.started"), wasSent, `${operation} was ${wasSent ? "" : "not "}sent, and the history says otherwise`);
  assert.ok(!(wasSent && has("operation.unknown")), `somebody was asked about ${operation}, which could have been found`);
}

/**
 * Nothing is written without the newest approval before it having been granted, by as many as it needs, for exactly this:
 * the input that is sent, and the targets as they were when somebody last looked before sending.
 */
function requireApproval(state: DrillState, events: readonly DrillEvent[], intent: Of<"operation.intended">, start: Started | undefined): void {
  const at = state.steps.findIndex((s) => s.step.id === intent.step);
  const releasing = state.steps.slice(0, at).findLast((s) => s.step.kind === "approval")?.step;
  if (releasing?.kind !== "approval") return assert.fail(`${intent.step} has no approval before it`);
  const before = events.slice(0, intent.seq - 1);
  const asked = before.findLast((e) => e.type === "approval.asked" && e.step === releasing.id);
  if (asked?.type !== "approval.asked") return assert.fail(`${intent.step} was never asked for`);
  const since = before.slice(asked.seq);
  const gone = since.find((e) => (e.type === "approval.voided" || e.type === "approval.expired") && e.step === releasing.id);
  assert.equal(gone, undefined, `${intent.step} was sent under an approval that was ${gone?.type}`);
  const yes = new Set(since.flatMap((e) => (e.type === "approval.decided" && e.step === releasing.id && e.round === asked.round && e.decision === "approve" && e.digest === asked.digest ? [e.by?.id] : [])));
  assert.ok(yes.size >= releasing.quorum, `${intent.step} was sent with ${yes.size} of ${releasing.quorum} approvals`);
  assert.equal(digestOf(asked.subject), asked.digest, `the approval of ${intent.step} is not of what it says`);
  const approved = isRecord(asked.subject) && Array.isArray(asked.subject["actions"]) ? asked.subject["actions"].filter(isRecord).find((a) => a["step"] === intent.step) : undefined;
  assert.deepEqual(approved?.["input"], intent.input, `${intent.step} was sent with another input than was approved`);
  if (start !== undefined) assert.equal(start.plan, approved?.["plan"], `${intent.step} was sent to other targets than were approved`);
  return undefined;
}

/**
 * At most one message of a surface works: every posting has a number of its own, and buttons of an older number than the row's
 * are refused. Returns how many were posted under a new number, because nobody knew what became of the one before.
 */
function repostsOf(rows: readonly SurfaceRow[], posts: readonly Posted[]): number {
  for (const { surface, generation, numbers } of posts) {
    const row = rows.find((r) => r.surface === surface);
    assert.ok(row !== undefined && row.generation >= generation, `${surface} was posted as ${generation}, and its row says ${row?.generation}`);
    assert.equal(posts.filter((p) => p.surface === surface && p.generation === generation).length, 1, `${surface} was posted twice as ${generation}`);
    assert.ok(numbers.every((n) => n === generation), `${surface} was posted as ${generation}, and its buttons say ${numbers.join()}`);
  }
  for (const { surface, generation, state, messageId } of rows) {
    const current = posts.find((p) => p.surface === surface && p.generation === generation);
    if (state === "shown") assert.equal(current?.messageId, messageId, `${surface} is said to be shown in another message than it is`);
  }
  return posts.filter((p) => p.generation > 1).length;
}

/** Whatever had begun was taken back, once each, the last one first. */
function requireTakenBack(state: DrillState, intents: readonly Of<"operation.intended">[]): void {
  const begun = state.operations.filter((o) => o.undoOf === null && state.debts.some((d) => d.operation === o.key)).map((o) => o.key);
  assert.deepEqual(state.debts.filter((d) => d.status !== "undone").map((d) => d.operation), [], "something was not taken back");
  const back = intents.flatMap(({ undoOf }) => (undoOf === null ? [] : [undoOf]));
  const firsts = back.filter((operation, at) => back.indexOf(operation) === at);
  assert.deepEqual(firsts, begun.toReversed(), "it was not taken back in the reverse order");
}

function requireOneDecisionEach(events: readonly DrillEvent[]): void {
  const decisions = events.filter((e) => e.type === "approval.decided").map((e) => `${e.step}#${e.round} by ${e.by?.id ?? "nobody"}`);
  assert.equal(new Set(decisions).size, decisions.length, "somebody decided twice");
}

export type Share = { readonly share: number; readonly asked: number; readonly runs: number };

/** Of the runs in which nobody had to be asked, this share passed. */
function passedShare(verdicts: readonly Verdict[]): Share {
  const certain = verdicts.filter((v) => !v.asked);
  const passed = certain.filter((v) => v.good);
  return { share: certain.length === 0 ? 1 : passed.length / certain.length, asked: verdicts.length - certain.length, runs: verdicts.length };
}

/** Says the figures of a run, with `more` before them, and holds every run to the same share. */
export function tell(verdicts: readonly Verdict[], more = ""): Share {
  const figures = passedShare(verdicts);
  const reposts = verdicts.reduce((sum, v) => sum + v.reposts, 0);
  process.stderr.write(`      ${figures.runs} drills, ${more}${reposts} cards posted anew, ${figures.asked} asked a person, ${(figures.share * 100).toFixed(1)} % of the others ended well\n`);
  assert.ok(figures.share >= 0.95, `only ${figures.share} passed`);
  return figures;
}
