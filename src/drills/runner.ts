import { asDrillbookError } from "../errors.ts";
import type { Command, MachineCommand, PersonCommand } from "./commands.ts";
import { decide, recordRefusal } from "./decide.ts";
import { effects, type Effect } from "./effects.ts";
import type { DrillEvent } from "./events.ts";
import { evolveAll, fold } from "./evolve.ts";
import { drillIdOf, firstEvents, refuseLauncher, type Launch } from "./launch.ts";
import { perform, type CrashPoint } from "./perform.ts";
import type { Refusal } from "./refusal.ts";
import { nobodyWatches, type Action, type Check, type Clock, type DrillStore, type Watch } from "./ports.ts";
import { heldBy, scopeNow, scopeOf } from "./scope.ts";
import type { DrillState } from "./state.ts";
import { lift } from "./upcast/upcast.ts";

export type RunnerParts = {
  readonly store: DrillStore;
  readonly actions: ReadonlyMap<string, Action>;
  readonly checks: ReadonlyMap<string, Check>;
  readonly clock: Clock;
  /** Told of every command and effect. Absent: nobody is. */
  readonly watch?: Watch;
  /** Asked for every command of a person, before it is decided: whether they still stand where they stood at launch. */
  readonly standing?: (state: DrillState, command: PersonCommand) => Promise<Refusal | null>;
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

type Held = {
  state: DrillState;
  /** One change at a time: what comes in waits here. */
  queue: Promise<void>;
  readonly underWay: Map<string, Promise<void>>;
  readonly notBefore: Map<string, Date>;
};

/** How long a stop waits for requests that are on their way, in milliseconds. */
const drainMs = 20_000;

/** The only part that does anything: it keeps each drill's effects under way and records what comes of them. */
export function createRunner(parts: RunnerParts): Runner {
  const { store, clock, watch = nobodyWatches } = parts;
  const held = new Map<string, Held>();
  const listeners: ((state: DrillState) => void)[] = [];
  const givenUp = new AbortController();
  let stopping = false;
  let wake: { readonly at: Date; readonly cancel: () => void } | null = null;
  let launching: Promise<unknown> = Promise.resolve();

  async function hold(drill: string): Promise<Held> {
    const known = held.get(drill);
    if (known !== undefined) return known;
    const state = fold((await store.read(drill)).map((s) => lift(s.event)));
    // Another reader may have folded it meanwhile: two copies of one drill would each do its effects.
    const meanwhile = held.get(drill);
    if (meanwhile !== undefined) return meanwhile;
    const fresh: Held = { state, queue: Promise.resolve(), underWay: new Map(), notBefore: new Map() };
    held.set(drill, fresh);
    return fresh;
  }

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
    await store.append({ drill: next.id, expectedSeq: drill.state.seq, events, wakeAt: wakeAtOf(next, drill), blobs, ...(holds === null ? {} : { holds }) });
    drill.state = next;
    for (const listener of listeners) listener(next);
    if (next.status === "ended" && drill.underWay.size === 0) held.delete(next.id);
  }

  async function command(drill: Held, given: Command, blobs: readonly Uint8Array[] = []): Promise<Outcome> {
    return inTurn(drill, async () => {
      const decision = decide(drill.state, given, clock());
      const refused = "refused" in decision ? decision.refused : await takenByOthers(drill, decision.events);
      if ("refused" in decision || refused !== null) {
        if (given.by !== null && refused !== null) await append(drill, recordRefusal(drill.state, given, refused, clock()));
        return { state: drill.state, refused };
      }
      await append(drill, decision.events, blobs);
      if ("requests" in given) noteRequests(drill.state, given);
      return { state: drill.state, refused: null };
    });
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
    return other === undefined ? null : heldBy((await hold(other)).state, clock());
  }

  async function commanded(drill: Held, given: PersonCommand, blobs: readonly Uint8Array[] | undefined): Promise<Outcome> {
    // Outside the drill's turn: a directory that is slow to answer must not hold up the drill.
    const fallen = (await parts.standing?.(drill.state, given)) ?? null;
    if (fallen !== null) {
      await inTurn(drill, () => append(drill, recordRefusal(drill.state, given, fallen, clock())));
      return { state: drill.state, refused: fallen };
    }
    const outcome = await command(drill, given, blobs);
    tend(drill);
    return outcome;
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
    if (stopping) return;
    for (const effect of effects(drill.state)) {
      if (drill.underWay.has(effect.key) || dueAt(effect, drill.state, drill).getTime() > clock().getTime()) continue;
      drill.underWay.set(effect.key, run(drill, effect));
    }
    const at = wakeAtOf(drill.state, drill);
    if (at !== null) wakeNoLaterThan(at);
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
        commit: async (report: MachineCommand) => (await command(drill, report)).refused === null,
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
      await store.setWakeUp(drill.state.id, wakeAtOf(drill.state, drill)).catch((fault: unknown) => parts.onFault(drill.state.id, fault));
      tend(drill);
    }
  }

  function dueAt(effect: Effect, state: DrillState, drill: Held): Date {
    const held = drill.notBefore.get(effect.key);
    if (held !== undefined) return held;
    if ("at" in effect) return effect.at;
    if (effect.type === "recover") return new Date(effect.sentBy.getTime() + settlingOf(effect, state));
    return new Date(0);
  }

  function settlingOf(effect: Extract<Effect, { type: "recover" }>, state: DrillState): number {
    const operation = state.operations.find((o) => o.key === effect.operation);
    return parts.actions.get(operation?.action ?? "")?.facts.settlingMs ?? 60_000;
  }

  function wakeAtOf(state: DrillState, drill: Held): Date | null {
    const times = effects(state).map((e) => Math.max(dueAt(e, state, drill).getTime(), clock().getTime()));
    return times.length === 0 ? null : new Date(Math.min(...times));
  }

  function wakeNoLaterThan(at: Date): void {
    if (stopping || (wake !== null && wake.at <= at)) return;
    wake?.cancel();
    const ms = Math.max(at.getTime() - clock().getTime(), 1);
    wake = { at, cancel: parts.after(ms, () => void takeUpDue().catch((fault: unknown) => parts.onFault("", fault))) };
  }

  async function takeUpDue(): Promise<void> {
    wake = null;
    const { drills, next } = await store.due(clock());
    for (const id of drills) tendSafely(await hold(id));
    if (next !== null) wakeNoLaterThan(next);
  }

  /** A drill that is due but only waits for what is already under way must not wake us in a tight circle. */
  function tendSafely(drill: Held): void {
    const idle = effects(drill.state).every((e) => drill.underWay.has(e.key));
    if (!idle) tend(drill);
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
    await orHolder(holds, id, () => store.append({ drill: id, expectedSeq: 0, events, wakeAt: clock(), blobs: [given.source], holds }));
    const drill = await hold(id);
    for (const listener of listeners) listener(drill.state);
    tend(drill);
    return drill.state;
  }

  /** One drill at a time a protected scope. A real incident stops the exercises on it; nothing stops an incident. Throws `conflict`. */
  async function clearTheWay(given: Launch, scope: readonly string[]): Promise<readonly string[]> {
    const holders = await Promise.all((await store.holders(scope)).map(hold));
    const inTheWay = holders.find(({ state }) => given.runbook.purpose !== "incident" || state.purpose === "incident");
    if (inTheWay !== undefined) throw heldBy(inTheWay.state, clock());
    for (const holder of holders) {
      await command(holder, { type: "stand-aside", by: null, reason: `A real incident was declared on what it works on: ${given.runbook.title}.` });
      tend(holder);
    }
    return holders.map(({ state }) => state.id);
  }

  /** The store has the last word on who holds what; who it is and since when is said here. */
  async function orHolder(scope: readonly string[], own: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const other = asDrillbookError(thrown).code === "conflict" ? (await store.holders(scope)).find((id) => id !== own) : undefined;
      throw other === undefined ? thrown : heldBy((await hold(other)).state, clock());
    }
  }

  return {
    // In turn: two launches at the same moment must not both find the plan free.
    launch: (given) => {
      const turn = launching.then(() => launch(given));
      launching = turn.catch(() => undefined);
      return turn;
    },
    command: (id, given, blobs) =>
      watch.span(`command ${given.type}`, { drill: id, step: "step" in given ? given.step : null }, async (more) => {
        const outcome = await commanded(await hold(id), given, blobs);
        more({ seq: outcome.state.seq, refused: outcome.refused?.code ?? null });
        return outcome;
      }),
    async refuse(id, given, refusal) {
      const drill = await hold(id);
      await inTurn(drill, () => append(drill, recordRefusal(drill.state, given, refusal, clock())));
    },
    report: async (id, report) => command(await hold(id), report),
    state: async (id) => (await hold(id)).state,
    onChange: (listener) => void listeners.push(listener),
    start: takeUpDue,
    async stop() {
      stopping = true;
      wake?.cancel();
      const all = [...held.values()].flatMap((d) => [...d.underWay.values(), d.queue]);
      let cancel = (): void => undefined;
      const enough = new Promise<void>((resolve) => {
        cancel = parts.after(drainMs, resolve);
      });
      await Promise.race([Promise.allSettled(all), enough]);
      cancel();
      // Only now: aborting a write that is on its way would turn a known outcome into an unknown one.
      givenUp.abort();
    },
  };
}
