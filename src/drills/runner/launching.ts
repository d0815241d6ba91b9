import { asDrillbookError } from "../../errors.ts";
import { fold } from "../evolve.ts";
import { drillIdOf, firstEvents, refuseLauncher, type Launch } from "../launch.ts";
import { heldBy, scopeOf } from "../scope.ts";
import type { DrillState } from "../state.ts";
import type { Shared } from "./parts.ts";
import { courseTexts } from "../../texts/course.ts";

/** The rest of the runner, as far as a launch needs it. */
type Others = {
  readonly stateOf: (id: string) => Promise<DrillState>;
  /** Stops an exercise that stands in the way of a real incident. */
  readonly standAside: (id: string, reason: string) => Promise<unknown>;
};

/** Writes the first events of a drill, once the way is clear for it, and answers its id. Throws `conflict`, `bad-input` or `not-allowed`. */
export function launching({ parts, due }: Shared, { stateOf, standAside }: Others): (given: Launch) => Promise<string> {
  const { store, clock, actions } = parts;

  async function launch(given: Launch): Promise<string> {
    refuseLauncher(given);
    const at = clock();
    const holds = scopeOf(given.runbook, given.mode, given.params, actions);
    // Made before anybody has to stand aside for it: a declaration that is refused must not stop an exercise.
    firstEvents(given, "", at, []);
    const instead = await clearTheWay(given, holds);
    const id = drillIdOf(given.runbook, await store.nextNumber());
    const events = firstEvents(given, id, at, instead);
    await orHolder(holds, id, () => store.append({ drill: id, expectedSeq: 0, events, wakeAt: due.next(fold(events), new Map()), blobs: [given.source, ...(given.included ?? [])], holds }));
    return id;
  }

  /** One drill at a time a protected scope. A real incident stops the exercises on it; nothing stops an incident. Throws `conflict`. */
  async function clearTheWay(given: Launch, scope: readonly string[]): Promise<readonly string[]> {
    const holders = await Promise.all((await store.holders(scope)).map(stateOf));
    const inTheWay = holders.find((state) => given.runbook.purpose !== "incident" || state.purpose === "incident");
    if (inTheWay !== undefined) throw heldBy(inTheWay, clock());
    for (const { id } of holders) await standAside(id, courseTexts.standsAside(given.runbook.title));
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

  return launch;
}
