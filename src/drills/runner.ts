import { asDrillbookError } from "../errors.ts";
import { cleaned } from "./cleaned.ts";
import type { Command, MachineCommand, PersonCommand } from "./commands.ts";
import { decide, recordRefusal } from "./decide.ts";
import { dueTimes, effectsOf } from "./due.ts";
import type { Effect } from "./effects.ts";
import type { DrillEvent } from "./events.ts";
import { evolveAll, fold } from "./evolve.ts";
import { shelf, type Held } from "./held.ts";
import { drillIdOf, firstEvents, refuseLauncher, type Launch } from "./launch.ts";
import { perform, type CrashPoint } from "./perform.ts";
import type { Refusal } from "./refusal.ts";
import { nobodyWatches, type Action, type Check, type Clock, type DrillStore, type Wakeups, type Watch } from "./ports.ts";
import { heldBy, scopeNow, scopeOf } from "./scope.ts";
import type { DrillState } from "./state.ts";

export type RunnerParts = {
  readonly store: DrillStore;
  readonly wakeups: Wakeups;
  readonly actions: ReadonlyMap<string, Action>;
  readonly checks: ReadonlyMap<string, Check>;
  readonly clock: Clock;
  /** Told of every command and effect. Absent: nobody is. */
  readonly watch?: Watch;
  /** Asked for every command of a person, before it is decided: whether they still stand where they stood at launch. */
  readonly standing?: (state: DrillState, command: PersonCommand) => Promise<Refusal | null>;
  /** Strikes what looks like a secret out of whatever people and machines say. Absent: nothing is. */
  readonly clean?: (text: string) => string;
  readonly newId: () => string;
  /** Calls back once after so many milliseconds; the answer cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly sendWithinMs?: number;
  readonly crashPoint?: (name: CrashPoint) => void;
  /** A fault of Drillbook itself, never a drill's: goes to the log. */
  readonly onFault: (drill: string, fault: unknown) => void;
};

export type { Launch } from "./launch.ts";

export type Outcome = { readonly state: DrillState; readonly refused: Refusal | null };

/** Drills as every door sees them. */
export type Runner = {
  /** Throws `conflict` when another drill holds the same recovery plan; `bad-input` for roles that cannot work. */
  launch(launch: Launch): Promise<DrillState>;
  /** Carries out a person's command, or says why not. Throws `not-found` for an unknown drill. */
  /** `blobs`: bytes that the command names by SHA-256, stored with what it records and not at all when it is refused. */
  command(drill: string, command: PersonCommand, blobs?: readonly Uint8Array[]): Promise<Outcome>;
  /** Records that a door refused this command before it came here: who tried what is part of the history. */
  refuse(drill: string, command: PersonCommand, refusal: Refusal): Promise<void>;
  /** Records what another machine part reports. Throws `not-found` for an unknown drill. */
  report(drill: string, report: MachineCommand): Promise<Outcome>;
  state(drill: string): Promise<DrillState>;
  /** Called after every change, in order, with the state that it left. */
  onChange(listener: (state: DrillState) => void): void;
  /** Takes up whatever is due, then keeps going until `stop`. */
  start(): Promise<void>;
  /** Starts nothing new, stops waiting, and gives what is being sent a moment to be recorded. */
  stop(): Promise<void>;
};

/** How long a stop waits for requests that are on their way, in milliseconds. */
const drainMs = 15_000;

/** A drill that is due within this time stays in memory, and its early wake-up in the store. */
const soonMs = 60_000;

/** Timers of Node overflow after 24 days, and a clock that was set back and forth must be noticed soon. */
const longestTimerMs = 15_000;

/** How often a decision is made anew because another replica was quicker. */
const mostTries = 50;

const elsewhere: Refusal = { code: "not-now", message: "Another replica has this drill.", suggestion: "It goes on there." };


/** The only part that does anything: it keeps each drill's effects under way and records what comes of them. */
export function createRunner(parts: RunnerParts): Runner {
  const { store, clock, wakeups, watch = nobodyWatches } = parts;
  const due = dueTimes(parts.actions, clock);
  const drills = shelf(store, isAtRest, letGo);
  const listeners: ((state: DrillState) => void)[] = [];
  const givenUp = new AbortController();
  let stopping = false;

  function inTurn<T>(drill: Held, work: () => Promise<T>): Promise<T> {
    const turn = drill.queue.then(work);
    drill.queue = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  async function append(drill: Held, events: readonly DrillEvent[], blobs: readonly Uint8Array[] = []): Promise<void> {
    if (events.length === 0) return;
    const next = evolveAll(drill.state, events);
    const holds = newScope(drill.state, next);
    const wakeAt = due.next(next, drill.notBefore);
    await store.append({ drill: next.id, expectedSeq: drill.state.seq, events, wakeAt, blobs, ...(holds === null ? {} : { holds }) });
    drill.state = next;
    drill.wakeAt = wakeAt;
    announce(drill);
  }

  /** Only whoever has a drill shows it: two would each post its cards. */
  function announce(drill: Held): void {
    if (wakeups.has(drill.id)) for (const listener of listeners) listener(drill.state);
  }

  function command(drill: Held, given: Command, blobs: readonly Uint8Array[] = []): Promise<Outcome> {
    const said = parts.clean === undefined ? given : cleaned(given, parts.clean);
    return inTurn(drill, () => onNewest(drill, () => decideOn(drill, said, blobs)));
  }

  async function decideOn(drill: Held, given: Command, blobs: readonly Uint8Array[]): Promise<Outcome> {
    if (given.type === "intend" && !wakeups.has(drill.id)) return { state: drill.state, refused: elsewhere };
    const decision = decide(drill.state, given, clock());
    const refused = "refused" in decision ? decision.refused : await takenByOthers(drill, decision.events);
    if ("refused" in decision || refused !== null) {
      if (given.by !== null && refused !== null) await append(drill, recordRefusal(drill.state, given, refused, clock()));
      // A person's refusal is recorded, and so was made on the newest state; a report's may be for what is no more.
      else if (wakeups.shared && (await drills.refresh(drill))) return decideOn(drill, given, blobs);
      return { state: drill.state, refused };
    }
    await append(drill, decision.events, blobs);
    if ("requests" in given) noteRequests(drill.state, given);
    return { state: drill.state, refused: null };
  }

  /** Another replica may have written since: then what it wrote is read, and it is decided again. */
  async function onNewest<T>(drill: Held, decideOnce: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await decideOnce();
      } catch (thrown) {
        if (!wakeups.shared || tries > mostTries || asDrillbookError(thrown).code !== "conflict") throw thrown;
        await drills.refresh(drill);
      }
    }
  }

  /** What the drill holds from now on, when that changes: an answer named something more, or the drill had to stand aside. */
  function newScope(state: DrillState, next: DrillState): readonly string[] | null {
    if (next.status === "ended" || (next.answers === state.answers && next.stoodAside === state.stoodAside)) return null;
    const scope = scopeNow(next, parts.actions);
    return scope.join("\n") === scopeNow(state, parts.actions).join("\n") ? null : scope;
  }

  /** An answer can name what another drill works on: then it is refused like any other that does not fit. */
  async function takenByOthers(drill: Held, events: readonly DrillEvent[]): Promise<Refusal | null> {
    const scope = newScope(drill.state, evolveAll(drill.state, events));
    const other = scope === null ? undefined : (await store.holders(scope)).find((id) => id !== drill.state.id);
    return other === undefined ? null : heldBy(await stateOf(other), clock());
  }

  async function commanded(drill: Held, given: PersonCommand, blobs: readonly Uint8Array[] | undefined): Promise<Outcome> {
    // Outside the drill's turn: a directory that is slow to answer must not hold up the drill.
    const fallen = (await parts.standing?.(drill.state, given)) ?? null;
    if (fallen !== null) {
      await recordRefused(drill, given, fallen);
      return { state: drill.state, refused: fallen };
    }
    const outcome = await command(drill, given, blobs);
    tend(drill);
    return outcome;
  }

  async function recordRefused(drill: Held, given: PersonCommand, refusal: Refusal): Promise<void> {
    await inTurn(drill, () => onNewest(drill, () => append(drill, recordRefusal(drill.state, given, refusal, clock()))));
  }

  /** The requests that a report brings, as parts of the effect that made them. */
  function noteRequests({ id, seq }: DrillState, given: Extract<MachineCommand, { readonly requests: unknown }>): void {
    for (const { at, method, path, status, clientRequestId, correlationId, durationMs } of given.requests) {
      const about = { drill: id, seq, step: "step" in given ? given.step : null, operation: "operation" in given ? given.operation : null, method, path, status, clientRequestId, correlationId };
      watch.past("azure request", about, new Date(at), durationMs, status === null || status >= 400);
    }
  }

  /** Starts what should be under way and is not, and sees to it that somebody looks again when the rest is due. */
  function tend(drill: Held): void {
    drill.cancelWake();
    if (stopping) return;
    if (drill.state.status === "ended" && drill.underWay.size === 0) return leave(drill);
    if (!wakeups.has(drill.id)) return drills.rest(drill);
    const now = clock().getTime();
    let next = Infinity;
    for (const effect of effectsOf(drill.state)) {
      if (drill.underWay.has(effect.key)) continue;
      const at = due.at(effect, drill.state, drill.notBefore).getTime();
      if (at <= now) drill.underWay.set(effect.key, run(drill, effect));
      else next = Math.min(next, at);
    }
    if (next !== Infinity) drill.cancelWake = parts.after(Math.min(next - now, longestTimerMs), () => tend(drill));
    if (drill.underWay.size === 0) drills.rest(drill);
  }

  function leave(drill: Held): void {
    drills.forget(drill);
    wakeups.rest(drill.id, drill.state.seq, null);
  }

  /** Whether a drill may leave memory: nothing is under way for it, and nothing will be soon. */
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
    const next = due.next(drill.state, drill.notBefore);
    const [stored, wanted] = [drill.wakeAt?.getTime() ?? Infinity, next?.getTime() ?? Infinity];
    if (stored === wanted || (stored < wanted && (wanted === Infinity ? drill.state.status === "ended" : wanted - clock().getTime() < soonMs))) return;
    drill.wakeAt = next;
    await store.setWakeUp(drill.id, next).catch((fault: unknown) => parts.onFault(drill.id, fault));
  }

  /** Somebody says that this drill is to be looked at here, now. */
  function look(id: string): Promise<void> {
    return drills.use(id, async (drill) => {
      if (wakeups.shared) await inTurn(drill, () => drills.refresh(drill));
      announce(drill);
      tend(drill);
    });
  }

  async function newest(drill: Held): Promise<DrillState> {
    if (wakeups.shared) await inTurn(drill, () => drills.refresh(drill));
    return drill.state;
  }

  function stateOf(id: string): Promise<DrillState> {
    return drills.use(id, newest);
  }

  async function launch(given: Launch): Promise<DrillState> {
    refuseLauncher(given);
    const at = clock();
    const holds = scopeOf(given.runbook, given.mode, given.params, parts.actions);
    // Made before anybody has to stand aside for it: a declaration that is refused must not stop an exercise.
    firstEvents(given, "", at, []);
    const instead = await clearTheWay(given, holds);
    const id = drillIdOf(given.runbook, await store.nextNumber());
    const events = firstEvents(given, id, at, instead);
    await orHolder(holds, id, () => store.append({ drill: id, expectedSeq: 0, events, wakeAt: due.next(fold(events), new Map()), blobs: [given.source], holds }));
    return drills.use(id, async (drill) => {
      announce(drill);
      tend(drill);
      return drill.state;
    });
  }

  /** One drill at a time a protected scope. A real incident stops the exercises on it; nothing stops an incident. Throws `conflict`. */
  async function clearTheWay(given: Launch, scope: readonly string[]): Promise<readonly string[]> {
    const holders = await Promise.all((await store.holders(scope)).map(stateOf));
    const inTheWay = holders.find((state) => given.runbook.purpose !== "incident" || state.purpose === "incident");
    if (inTheWay !== undefined) throw heldBy(inTheWay, clock());
    for (const { id } of holders) await report(id, { type: "stand-aside", by: null, reason: `A real incident was declared on what it works on: ${given.runbook.title}.` });
    return holders.map(({ id }) => id);
  }

  /** The store has the last word on who holds what; who it is and since when is said here. */
  async function orHolder(scope: readonly string[], own: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const other = asDrillbookError(thrown).code === "conflict" ? (await store.holders(scope)).find((id) => id !== own) : undefined;
      throw other === undefined ? thrown : heldBy(await stateOf(other), clock());
    }
  }

  function report(id: string, given: MachineCommand): Promise<Outcome> {
    return drills.use(id, async (drill) => {
      const outcome = await command(drill, given);
      tend(drill);
      return outcome;
    });
  }

  return {
    launch,
    command: (id, given, blobs) =>
      watch.span(`command ${given.type}`, { drill: id, step: "step" in given ? given.step : null }, async (more) => {
        const outcome = await drills.use(id, (drill) => commanded(drill, given, blobs));
        more({ seq: outcome.state.seq, refused: outcome.refused?.code ?? null });
        return outcome;
      }),
    refuse: (id, given, refusal) => drills.use(id, (drill) => recordRefused(drill, given, refusal)),
    report,
    state: stateOf,
    onChange: (listener) => void listeners.push(listener),
    start: () => wakeups.start(look),
    async stop() {
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
      await wakeups.stop();
    },
  };
}
