import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../../src/drills/digest.ts";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { fold } from "../../../src/drills/evolve.ts";
import type { DrillStore } from "../../../src/drills/ports.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import { isRecord } from "../../../src/runbooks/json.ts";
import type { Outside, Started } from "./outside.ts";
import { seed } from "./run.ts";

export type Verdict = { readonly drill: string; readonly result: string; readonly asked: boolean };

type Of<T extends DrillEvent["type"]> = Extract<DrillEvent, { readonly type: T }>;

/** What must be true of every drill after every fault. Throws with the first that is not, having kept the history. */
export async function judge(store: DrillStore, outside: Outside, label: string): Promise<readonly Verdict[]> {
  const sent = Map.groupBy(outside.starts, (s) => s.tag);
  const intended = new Set<string>();
  const verdicts: Verdict[] = [];
  for (const { id } of await store.list()) {
    // Reading verifies the chain: a gap or a change throws.
    const events = (await store.read(id)).map((s) => s.event);
    try {
      verdicts.push(judged(fold(events), events, sent));
      for (const { tag } of intentsOf(events)) intended.add(tag);
    } catch (thrown) {
      const kept = join("test-failures", `${label.replaceAll(/[^\w-]+/g, "-")}-${id}.json`);
      mkdirSync("test-failures", { recursive: true });
      writeFileSync(kept, JSON.stringify({ seed, label, starts: outside.starts, events }, null, 1));
      throw new Error(`${label}, ${id} (seed ${seed}, history in ${kept}): ${thrown instanceof Error ? thrown.message : String(thrown)}`, { cause: thrown });
    }
  }
  const unrecorded = [...sent.keys()].filter((tag) => !intended.has(tag));
  assert.deepEqual(unrecorded, [], `${label} (seed ${seed}): something was sent that no history knows of`);
  return verdicts;
}

function judged(state: DrillState, events: readonly DrillEvent[], sent: ReadonlyMap<string, readonly Started[]>): Verdict {
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
  return { drill: state.id, result: state.result ?? "", asked: events.some((e) => e.type === "operation.unknown") };
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

function requireOneDecisionEach(events: readonly DrillEvent[]): void {
  const decisions = events.filter((e) => e.type === "approval.decided").map((e) => `${e.step}#${e.round} by ${e.by?.id ?? "nobody"}`);
  assert.equal(new Set(decisions).size, decisions.length, "somebody decided twice");
}

export type Share = { readonly share: number; readonly asked: number; readonly runs: number };

/** Of the runs in which nobody had to be asked, this share passed. */
export function passedShare(verdicts: readonly Verdict[]): Share {
  const certain = verdicts.filter((v) => !v.asked);
  const passed = certain.filter((v) => v.result.startsWith("passed"));
  return { share: certain.length === 0 ? 1 : passed.length / certain.length, asked: verdicts.length - certain.length, runs: verdicts.length };
}

/** Says the figures of a run, with `more` before them, and holds every run to the same share. */
export function tell(verdicts: readonly Verdict[], more = ""): Share {
  const figures = passedShare(verdicts);
  process.stderr.write(`      ${figures.runs} drills, ${more}${figures.asked} asked a person, ${(figures.share * 100).toFixed(1)} % of the others passed\n`);
  assert.ok(figures.share >= 0.95, `only ${figures.share} passed`);
  return figures;
}
