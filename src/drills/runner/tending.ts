import type { MachineCommand } from "../commands.ts";
import { effectsOf } from "../due.ts";
import type { Effect } from "../effects.ts";
import type { Held } from "../held.ts";
import { perform } from "../perform.ts";
import { nobodyWatches } from "../ports.ts";
import type { Deciding } from "./deciding.ts";
import type { Shared } from "./parts.ts";

/** Keeps what should be under way under way, and lets go of drills at rest. */
export type Tending = {
  /** Starts what should be under way and is not, and sees to it that somebody looks again when the rest is due. */
  tend(drill: Held): void;
  /** Whether a drill may leave memory: nothing is under way for it, and nothing will be soon. */
  isAtRest(drill: Held): boolean;
  letGo(drill: Held): void;
  stop(): Promise<void>;
};

/** How long a stop waits for requests that are on their way, in milliseconds. */
const drainMs = 15_000;

/** A drill that is due within this time stays in memory, and its early wake-up in the store. */
const soonMs = 60_000;

/** Timers of Node overflow after 24 days, and a clock that was set back and forth must be noticed soon. */
const longestTimerMs = 15_000;

/** Does the effects of the drills that this process has, each once at a time, and records what comes of them. */
export function tending({ parts, drills, due }: Shared, { command }: Pick<Deciding, "command">): Tending {
  const { store, clock, wakeups, watch = nobodyWatches } = parts;
  const givenUp = new AbortController();
  let stopping = false;

  function tend(drill: Held): void {
    drill.cancelWake();
    if (stopping) return;
    if (drill.state.status === "ended" && drill.underWay.size === 0) return leave(drill);
    if (!wakeups.has(drill.id)) return drills.rest(drill);
    const now = clock().getTime();
    let next = Infinity;
    for (const effect of effectsOf(drill.state)) {
      if (drill.underWay.has(effect.key) || isStillSent(drill, effect)) continue;
      const at = due.at(effect, drill.state, drill.notBefore).getTime();
      if (at <= now) drill.underWay.set(effect.key, run(drill, effect));
      else next = Math.min(next, at);
    }
    if (next !== Infinity) drill.cancelWake = parts.after(Math.min(next - now, longestTimerMs), () => tend(drill));
    if (drill.underWay.size === 0) drills.rest(drill);
  }

  /** What became of a write is told by whoever sends it, as long as it is this process: a look meanwhile could find nothing yet. */
  function isStillSent(drill: Held, effect: Effect): boolean {
    return effect.type === "recover" && drill.underWay.has(`act ${effect.operation}`);
  }

  function leave(drill: Held): void {
    drills.forget(drill);
    wakeups.rest(drill.id, drill.state.seq, null);
  }

  function isAtRest(drill: Held): boolean {
    const next = due.next(drill.state, drill.notBefore);
    return drill.users === 0 && drill.underWay.size === 0 && (next === null || !wakeups.has(drill.id) || next.getTime() - clock().getTime() > soonMs);
  }

  function letGo(drill: Held): void {
    const next = due.next(drill.state, drill.notBefore);
    if (wakeups.has(drill.id)) void keepWakeUp(drill).finally(() => wakeups.rest(drill.id, drill.state.seq, next));
  }

  async function run(drill: Held, effect: Effect): Promise<void> {
    try {
      const { id, seq } = drill.state;
      await watch.span(`effect ${effect.type}`, { drill: id, seq, step: "step" in effect ? effect.step : null, operation: "operation" in effect ? effect.operation : null }, () => perform(effect, {
        ...parts,
        uptime: parts.uptime ?? (() => clock().getTime()),
        sendWithinMs: parts.sendWithinMs ?? 30_000,
        crashPoint: parts.crashPoint ?? (() => undefined),
        signal: givenUp.signal,
        state: () => drill.state,
        commit: async (report: MachineCommand, blobs?: readonly Uint8Array[]) => (await command(drill, report, blobs)).refused === null,
        lookAgainAfter: (again, ms) => {
          drill.notBefore.set(again.key, new Date(clock().getTime() + ms));
        },
      }));
    } catch (fault) {
      if (!givenUp.signal.aborted) parts.onFault(drill.state.id, fault);
      // Without a pause a fault that stays would be met again at once, for ever.
      drill.notBefore.set(effect.key, new Date(clock().getTime() + 5_000));
    } finally {
      drill.underWay.delete(effect.key);
      await keepWakeUp(drill);
      tend(drill);
    }
  }

  /** Too early a wake-up in the store costs a look after a restart, too late a one would be missed: only that is written. */
  async function keepWakeUp(drill: Held): Promise<void> {
    // Whoever has it now knows better.
    if (!wakeups.has(drill.id)) return;
    const next = due.next(drill.state, drill.notBefore);
    const [stored, wanted] = [drill.wakeAt?.getTime() ?? Infinity, next?.getTime() ?? Infinity];
    if (stored === wanted || (stored < wanted && (wanted === Infinity ? drill.state.status === "ended" : wanted - clock().getTime() < soonMs))) return;
    drill.wakeAt = next;
    await store.setWakeUp(drill.id, next).catch((fault: unknown) => parts.onFault(drill.id, fault));
  }

  async function stop(): Promise<void> {
    stopping = true;
    for (const drill of drills.all()) drill.cancelWake();
    const all = drills.all().flatMap((d) => [...d.underWay.values(), d.queue]);
    let cancel = (): void => undefined;
    const enough = new Promise<void>((resolve) => {
      cancel = parts.after(drainMs, resolve);
    });
    await Promise.race([Promise.allSettled(all), enough]);
    cancel();
    // Only now: aborting a write that is on its way would turn a known outcome into an unknown one.
    givenUp.abort();
  }

  return { tend, isAtRest, letGo, stop };
}
