import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DrillEvent } from "../../../src/drills/events.ts";
import { fold } from "../../../src/drills/evolve.ts";
import type { DrillStore } from "../../../src/drills/ports.ts";
import type { DrillState } from "../../../src/drills/state.ts";
import type { Outside } from "./outside.ts";
import type { Order } from "./plan.ts";

export const full = process.env["TEST_FULL"] === "1";

/** Everything that is drawn by lot follows from it: the same seed is the same run, as far as the machine is the same. */
export const seed = Number(process.env["TEST_SEED"] ?? (Date.now() % 1_000_000));

export type DrillProcess = { readonly child: ChildProcess; readonly ended: Promise<string>; readonly ready: Promise<void>; readonly said: () => string };

export function runDrills(order: Order, limits?: { readonly fileKb: number }): DrillProcess {
  const script = fileURLToPath(new URL("./drill-process.ts", import.meta.url));
  const command = [process.execPath, script, JSON.stringify(order)] as const;
  const child = limits === undefined
    ? spawn(command[0], command.slice(1), { stdio: ["ignore", "pipe", "pipe"] })
    : spawn("/bin/bash", ["-c", `ulimit -f ${limits.fileKb}; exec "$@"`, "bash", ...command], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, "exit").then(([code, signal]) => String(signal ?? code));
  const ready = Promise.race([once(child.stdout, "data").then(() => undefined), ended.then(() => undefined)]);
  return { child, ended, ready, said: () => said };
}

/** Runs until the process ends by itself. Throws with what it said when that takes too long. */
export async function finish(process: DrillProcess, ms = 60_000): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => (timer = setTimeout(() => resolve("late"), ms)));
  const how = await Promise.race([process.ended, late]);
  clearTimeout(timer);
  if (how === "late") {
    process.child.kill("SIGKILL");
    throw new Error(`the drills did not end: ${process.said().slice(-2_000)}`);
  }
  return how;
}

export type Verdict = { readonly drill: string; readonly result: string; readonly asked: boolean };

/** What must be true of every drill after every fault. Throws with the first that is not, having kept the history. */
export async function judge(store: DrillStore, outside: Outside, label: string): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { id } of await store.list()) {
    // Reading verifies the chain: a gap or a change throws.
    const events = (await store.read(id)).map((s) => s.event);
    try {
      verdicts.push(judged(fold(events), events, outside));
    } catch (thrown) {
      const kept = join("test-failures", `${label.replaceAll(/[^\w-]+/g, "-")}-${id}.json`);
      mkdirSync("test-failures", { recursive: true });
      writeFileSync(kept, JSON.stringify({ seed, label, starts: outside.starts, events }, null, 1));
      throw new Error(`${label}, ${id} (seed ${seed}, history in ${kept}): ${thrown instanceof Error ? thrown.message : String(thrown)}`, { cause: thrown });
    }
  }
  return verdicts;
}

function judged(state: DrillState, events: readonly DrillEvent[], outside: Outside): Verdict {
  const intents = events.filter((e) => e.type === "operation.intended");
  for (const intent of intents) {
    const sent = outside.starts.filter((s) => s.tag === intent.tag);
    assert.ok(sent.length <= 1, `${intent.operation} was sent ${sent.length} times`);
    assert.equal(intents.filter((i) => i.operation === intent.operation).length, 1, `${intent.operation} was intended twice`);
    if (intent.undoOf === null) requireApproval(state, events, intent);
  }
  const byKey = new Map<string, number>();
  for (const { key } of outside.starts.filter((s) => intents.some((i) => i.tag === s.tag))) byKey.set(key, (byKey.get(key) ?? 0) + 1);
  const asked = events.some((e) => e.type === "operation.unknown");
  // Whoever said that it did not start told the truth, so even a second attempt reached the world once.
  for (const [key, times] of byKey) assert.equal(times, 1, `${key} took effect ${times} times`);
  assert.ok(state.status === "ended", `${state.id} is ${state.status} and silent`);
  assert.ok(state.debts.every((d) => d.status === "undone" || d.status === "accepted"), "a debt was left");
  assert.deepEqual(events.map((e) => e.seq), events.map((_, i) => i + 1));
  return { drill: state.id, result: state.result ?? "", asked };
}

/** Nothing is written without the newest approval before it having been granted, by as many as it needs. */
function requireApproval(state: DrillState, events: readonly DrillEvent[], intent: Extract<DrillEvent, { type: "operation.intended" }>): void {
  const at = state.steps.findIndex((s) => s.step.id === intent.step);
  const releasing = state.steps.slice(0, at).findLast((s) => s.step.kind === "approval")?.step;
  if (releasing?.kind !== "approval") return assert.fail(`${intent.step} has no approval before it`);
  const before = events.slice(0, intent.seq - 1);
  const asked = before.findLast((e) => e.type === "approval.asked" && e.step === releasing.id);
  if (asked?.type !== "approval.asked") return assert.fail(`${intent.step} was never asked for`);
  const yes = new Set(before.flatMap((e) => (e.type === "approval.decided" && e.step === releasing.id && e.round === asked.round && e.decision === "approve" && e.digest === asked.digest ? [e.by?.id] : [])));
  assert.ok(yes.size >= releasing.quorum, `${intent.step} was sent with ${yes.size} of ${releasing.quorum} approvals`);
}

/** Of the runs in which nobody had to be asked, this share passed. */
export function passedShare(verdicts: readonly Verdict[]): { readonly share: number; readonly asked: number; readonly runs: number } {
  const certain = verdicts.filter((v) => !v.asked);
  const passed = certain.filter((v) => v.result.startsWith("passed"));
  return { share: certain.length === 0 ? 1 : passed.length / certain.length, asked: verdicts.length - certain.length, runs: verdicts.length };
}
