import { DrillbookError } from "../errors.ts";
import type { Json, Mode, Runbook } from "../runbooks/runbook.ts";
import type { Command, MachineCommand, PersonCommand } from "./commands.ts";
import { begin, decide, recordRefusal } from "./decide.ts";
import { dueTimes, effectsOf } from "./due.ts";
import type { Effect } from "./effects.ts";
import type { DrillEvent, Person } from "./events.ts";
import { evolve, fold } from "./evolve.ts";
import { shelf, type Held } from "./held.ts";
import { perform, type CrashPoint } from "./perform.ts";
import type { Refusal } from "./permission.ts";
import type { Action, Check, Clock, DrillStore, Wakeups } from "./ports.ts";
import type { DrillState } from "./state.ts";

export type RunnerParts = {
  readonly store: DrillStore;
  readonly wakeups: Wakeups;
  readonly actions: ReadonlyMap<string, Action>;
  readonly checks: ReadonlyMap<string, Check>;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Calls back once after so many milliseconds; the answer cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly sendWithinMs?: number;
  readonly crashPoint?: (name: CrashPoint) => void;
  /** A fault of Drillbook itself, never a drill's: goes to the log. */
  readonly onFault: (drill: string, fault: unknown) => void;
};

export type Launch = {
  readonly by: Person;
  readonly runbook: Runbook;
  /** The bytes that the runbook was compiled from, stored with the first event. */
  readonly source: Uint8Array;
  readonly params: Readonly<Record<string, string>>;
  readonly mode: Mode;
  readonly roles: Readonly<Record<string, readonly Person[]>>;
  readonly conversation: Json;
};

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

/** Timers of Node overflow after 24 days, and a clock that was set must be noticed. */
const longestTimerMs = 3_600_000;

/** How often a decision is made anew because another replica was quicker. */
const mostTries = 50;

const elsewhere: Refusal = { code: "not-now", message: "Another replica has this drill.", suggestion: "It goes on there." };

/** The only part that does anything: it keeps each drill's effects under way and records what comes of them. */
export function createRunner(parts: RunnerParts): Runner {
  const { store, clock, wakeups } = parts;
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
    const next = events.reduce((state, event) => evolve(state, event), drill.state);
    const wakeAt = due.next(next, drill.notBefore);
    await store.append({ drill: next.id, expectedSeq: drill.state.seq, events, wakeAt, blobs });
    drill.state = next;
    drill.wakeAt = wakeAt;
    announce(drill);
  }

  /** Only whoever has a drill shows it: two would each post its cards. */
  function announce(drill: Held): void {
    if (wakeups.has(drill.id)) for (const listener of listeners) listener(drill.state);
  }

  function command(drill: Held, given: Command, blobs: readonly Uint8Array[] = []): Promise<Outcome> {
    return inTurn(drill, () => onNewest(drill, () => decideOn(drill, given, blobs)));
  }

  async function decideOn(drill: Held, given: Command, blobs: readonly Uint8Array[]): Promise<Outcome> {
    if (given.type === "intend" && !wakeups.has(drill.id)) return { state: drill.state, refused: elsewhere };
    const decision = decide(drill.state, given, clock());
    if ("refused" in decision) {
      if (given.by !== null) await append(drill, recordRefusal(drill.state, given, decision.refused, clock()));
      // A person's refusal is recorded, and so was made on the newest state; a report's may be for what is no more.
      else if (wakeups.shared && (await drills.refresh(drill))) return decideOn(drill, given, blobs);
      return { state: drill.state, refused: decision.refused };
    }
    await append(drill, decision.events, blobs);
    return { state: drill.state, refused: null };
  }

  /** Another replica may have written since: then what it wrote is read, and it is decided again. */
  async function onNewest<T>(drill: Held, decideOnce: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await decideOnce();
      } catch (thrown) {
        if (!wakeups.shared || tries > mostTries || !(thrown instanceof DrillbookError) || thrown.code !== "conflict") throw thrown;
        await drills.refresh(drill);
      }
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
      await perform(effect, {
        ...parts,
        sendWithinMs: parts.sendWithinMs ?? 30_000,
        crashPoint: parts.crashPoint ?? (() => undefined),
        signal: givenUp.signal,
        state: () => drill.state,
        commit: async (report: MachineCommand) => (await command(drill, report)).refused === null,
        lookAgainAfter: (again, ms) => {
          drill.notBefore.set(again.key, new Date(clock().getTime() + ms));
        },
      });
    } catch (fault) {
      if (!givenUp.signal.aborted) parts.onFault(drill.id, fault);
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

  async function launch(given: Launch): Promise<DrillState> {
    const holds = scopeOf(given.runbook, given.params);
    await refuseHeld(holds);
    const id = drillIdOf(given.runbook, await store.nextNumber());
    const { by, source, ...rest } = given;
    const first: DrillEvent = {
      v: 1,
      drill: id,
      seq: 1,
      at: clock().toISOString(),
      by,
      type: "drill.launched",
      purpose: given.runbook.purpose,
      ...rest,
    };
    const events = begin(first);
    await store.append({ drill: id, expectedSeq: 0, events, wakeAt: due.next(fold(events), new Map()), blobs: [source], holds }).catch(async (thrown: unknown) => {
      await refuseHeld(holds);
      throw thrown;
    });
    return drills.use(id, async (drill) => {
      announce(drill);
      tend(drill);
      return drill.state;
    });
  }

  /** One drill at a time a protected scope: a test failover of a plan blocks every other. The store has the last word. */
  async function refuseHeld(scope: readonly string[]): Promise<void> {
    const [id] = await store.holders(scope);
    if (id === undefined) return;
    const holder = await drills.use(id, newest);
    throw new DrillbookError(
      "conflict",
      `${holder.id} (${holder.runbook.title}) holds this recovery plan since ${holder.launchedAt.slice(0, 16).replace("T", " ")} UTC.`,
      `Finish or abort ${holder.id} first: one drill at a time may work on a plan.`,
    );
  }

  return {
    launch,
    command: (id, given, blobs) =>
      drills.use(id, async (drill) => {
        const outcome = await command(drill, given, blobs);
        tend(drill);
        return outcome;
      }),
    refuse: (id, given, refusal) =>
      drills.use(id, async (drill) => {
        await inTurn(drill, () => onNewest(drill, () => append(drill, recordRefusal(drill.state, given, refusal, clock()))));
      }),
    report: (id, report) =>
      drills.use(id, async (drill) => {
        const outcome = await command(drill, report);
        tend(drill);
        return outcome;
      }),
    state: (id) => drills.use(id, newest),
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

/** What a drill protects from other drills: the recovery plans it was given. */
function scopeOf(runbook: Runbook, params: Readonly<Record<string, string>>): readonly string[] {
  return runbook.parameters.filter((p) => p.type === "recovery-plan").flatMap((p) => params[p.name]?.toLowerCase() ?? []);
}

/** For example PAY-0042: short enough to say on the telephone. */
function drillIdOf(runbook: Runbook, number: number): string {
  const letters = runbook.id.replaceAll(/[^a-z]/g, "").slice(0, 3).toUpperCase().padEnd(3, "X");
  return `${letters}-${String(number).padStart(4, "0")}`;
}
