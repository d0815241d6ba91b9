import type { DrillStore } from "../drills/ports.ts";
import type { DrillHistory } from "./ports.ts";

/** Drills looked into at most: a plan that none of the newest worked on has not been proved lately. */
const mostDrills = 200;

/**
 * Which drill proved a plan last, out of the store. Only drills that passed: with findings too, because somebody signed for
 * those. Rehearsals count where Azure itself is simulated, and nowhere else.
 */
export function drillHistory(store: Pick<DrillStore, "list" | "read">, simulated: boolean): DrillHistory {
  return {
    async lastProven(planId) {
      const ended = (await store.list())
        .filter((one) => one.endedAt !== null && (one.result === "passed" || one.result === "passed-with-findings") && (simulated || one.mode !== "rehearsal"))
        .toSorted((a, b) => (b.endedAt ?? "").localeCompare(a.endedAt ?? ""))
        .slice(0, mostDrills);
      for (const { id, startedAt, endedAt, result } of ended) {
        const [launched] = await store.read(id, 0, 1);
        if (launched?.event.type !== "drill.launched") continue;
        const values = Object.values(launched.event.params);
        if (values.some((value) => value.toLowerCase() === planId.toLowerCase())) return { id, startedAt, endedAt: endedAt ?? startedAt, result: result ?? "" };
      }
      return null;
    },
  };
}
