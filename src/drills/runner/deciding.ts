import { asDrillbookError } from "../../errors.ts";
import { cleaned } from "../cleaned.ts";
import type { Command, MachineCommand, PersonCommand } from "../commands.ts";
import { decide, recordRefusal } from "../decide.ts";
import type { DrillEvent } from "../events.ts";
import { evolveAll } from "../evolve.ts";
import type { Held } from "../held.ts";
import { nobodyWatches } from "../ports.ts";
import { later, type Refusal } from "../refusal.ts";
import { heldBy, scopeNow } from "../scope.ts";
import type { DrillState } from "../state.ts";
import type { Outcome, Shared } from "./parts.ts";
import { refusalTexts } from "../../texts/refusals.ts";

/** What is said to a drill, decided on its newest state and appended to its history. */
export type Deciding = {
  command(drill: Held, given: Command, blobs?: readonly Uint8Array[]): Promise<Outcome>;
  refuse(drill: Held, given: PersonCommand, refusal: Refusal): Promise<void>;
  /** With what other replicas have written since. */
  newest(drill: Held): Promise<DrillState>;
  stateOf(id: string): Promise<DrillState>;
};

/** How often a decision is made anew because another replica was quicker. */
const mostTries = 50;

const elsewhere: Refusal = later(...refusalTexts.elsewhere);

/** The one way into a history: commands of one drill take turns, and are decided again when another replica was quicker. */
export function deciding({ parts, drills, due, announce }: Shared): Deciding {
  const { store, clock, wakeups, watch = nobodyWatches } = parts;

  function command(drill: Held, given: Command, blobs: readonly Uint8Array[] = []): Promise<Outcome> {
    const said = parts.clean === undefined ? given : cleaned(given, parts.clean);
    return inTurn(drill, () => onNewest(drill, () => decideOn(drill, said, blobs)));
  }

  async function decideOn(drill: Held, given: Command, blobs: readonly Uint8Array[]): Promise<Outcome> {
    if (given.type === "intend" && !wakeups.has(drill.id)) return { state: drill.state, refused: elsewhere };
    const decision = decide(drill.state, given, clock());
    const refused = "refused" in decision ? decision.refused : await takenByOthers(drill, decision.next);
    if ("refused" in decision || refused !== null) {
      if (given.by !== null && refused !== null) await append(drill, recordRefusal(drill.state, given, refused, clock()));
      // A person's refusal is recorded, and so was made on the newest state; a report's may be for what is no more.
      else if (wakeups.shared && (await drills.refresh(drill))) return decideOn(drill, given, blobs);
      return { state: drill.state, refused };
    }
    await append(drill, decision.events, blobs, decision.next);
    if ("requests" in given) noteRequests(drill.state, given);
    return { state: drill.state, refused: null };
  }

  /** `next`: the state that the events lead to, where it is known. */
  async function append(drill: Held, events: readonly DrillEvent[], blobs: readonly Uint8Array[] = [], next = evolveAll(drill.state, events)): Promise<void> {
    if (events.length === 0) return;
    const holds = newScope(drill.state, next);
    const wakeAt = due.next(next, drill.notBefore);
    await store.append({ drill: next.id, expectedSeq: drill.state.seq, events, wakeAt, blobs, ...(holds === null ? {} : { holds }) });
    drill.state = next;
    drill.wakeAt = wakeAt;
    announce(drill);
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
  async function takenByOthers(drill: Held, next: DrillState): Promise<Refusal | null> {
    const scope = newScope(drill.state, next);
    const other = scope === null ? undefined : (await store.holders(scope)).find((id) => id !== drill.state.id);
    return other === undefined ? null : heldBy(await stateOf(other), clock());
  }

  /** The requests that a report brings, as parts of the effect that made them. */
  function noteRequests({ id, seq }: DrillState, given: Extract<MachineCommand, { readonly requests: unknown }>): void {
    for (const { at, method, path, status, clientRequestId, correlationId, durationMs } of given.requests) {
      const about = { drill: id, seq, step: "step" in given ? given.step : null, operation: "operation" in given ? given.operation : null, method, path, status, clientRequestId, correlationId };
      watch.past("azure request", about, new Date(at), durationMs, status === null || status >= 400);
    }
  }

  async function newest(drill: Held): Promise<DrillState> {
    if (wakeups.shared) await inTurn(drill, () => drills.refresh(drill));
    return drill.state;
  }

  function stateOf(id: string): Promise<DrillState> {
    return drills.use(id, newest);
  }

  return {
    command,
    refuse: (drill, given, refusal) => inTurn(drill, () => onNewest(drill, () => append(drill, recordRefusal(drill.state, given, refusal, clock())))),
    newest,
    stateOf,
  };
}

function inTurn<T>(drill: Held, work: () => Promise<T>): Promise<T> {
  const turn = drill.queue.then(work);
  drill.queue = turn.then(
    () => undefined,
    () => undefined,
  );
  return turn;
}
