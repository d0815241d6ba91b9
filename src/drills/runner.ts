import type { MachineCommand, PersonCommand } from "./commands.ts";
import { dueTimes } from "./due.ts";
import { shelf, type Held } from "./held.ts";
import type { Launch } from "./launch.ts";
import { nobodyWatches } from "./ports.ts";
import type { Refusal } from "./refusal.ts";
import { deciding } from "./runner/deciding.ts";
import { launching } from "./runner/launching.ts";
import type { Outcome, RunnerParts } from "./runner/parts.ts";
import { tending } from "./runner/tending.ts";
import type { DrillState } from "./state.ts";

export type { Launch } from "./launch.ts";
export type { Outcome } from "./runner/parts.ts";

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

/** The only part that does anything: it keeps each drill's effects under way and records what comes of them. */
export function createRunner(parts: RunnerParts): Runner {
  const { wakeups, watch = nobodyWatches } = parts;
  const listeners: ((state: DrillState) => void)[] = [];
  const drills = shelf({ store: parts.store, mayLeave: (drill) => isAtRest(drill), left: (drill) => letGo(drill), outgrown: wakeups.leave });
  const shared = { parts, drills, due: dueTimes(parts.actions, parts.clock), announce };
  const { command, refuse, newest, stateOf } = deciding(shared);
  const { tend, isAtRest, letGo, stop } = tending(shared, { command });
  const launch = launching(shared, { stateOf, standAside: (id, reason) => report(id, { type: "stand-aside", by: null, reason }) });

  /** Only whoever has a drill shows it: two would each post its cards. */
  function announce(drill: Held): void {
    if (wakeups.has(drill.id)) for (const listener of listeners) listener(drill.state);
  }

  async function commanded(drill: Held, given: PersonCommand, blobs: readonly Uint8Array[] | undefined): Promise<Outcome> {
    // Outside the drill's turn: a directory that is slow to answer must not hold up the drill.
    const fallen = (await parts.standing?.(drill.state, given)) ?? null;
    if (fallen !== null) {
      await refuse(drill, given, fallen);
      return { state: drill.state, refused: fallen };
    }
    return told(drill, () => command(drill, given, blobs));
  }

  async function told(drill: Held, tell: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = await tell();
    tend(drill);
    return outcome;
  }

  function report(id: string, given: MachineCommand): Promise<Outcome> {
    return drills.use(id, (drill) => told(drill, () => command(drill, given)));
  }

  /** Somebody says that this drill is to be looked at here, now. */
  async function takeUp(drill: Held): Promise<DrillState> {
    announce(drill);
    tend(drill);
    return drill.state;
  }

  return {
    launch: async (given) => drills.use(await launch(given), takeUp),
    command: (id, given, blobs) =>
      watch.span(`command ${given.type}`, { drill: id, step: "step" in given ? given.step : null }, async (more) => {
        const outcome = await drills.use(id, (drill) => commanded(drill, given, blobs));
        more({ seq: outcome.state.seq, refused: outcome.refused?.code ?? null });
        return outcome;
      }),
    refuse: (id, given, refusal) => drills.use(id, (drill) => refuse(drill, given, refusal)),
    report,
    state: stateOf,
    onChange: (listener) => void listeners.push(listener),
    start: () => wakeups.start((id) => drills.use(id, async (drill) => { await newest(drill); await takeUp(drill); })),
    async stop() {
      await stop();
      await wakeups.stop();
    },
  };
}
