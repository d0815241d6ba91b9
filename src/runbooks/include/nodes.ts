import type { Step } from "../runbook.ts";
import { bindStep, idWithin } from "./bind.ts";
import type { Around, Bindings } from "./bind.ts";

/** A place in the order of the drill. Without a step it only passes on what it waits for. */
export type Node = { readonly id: string; readonly step: Step | null; readonly needs: readonly string[] | "host" };

/** The steps of an included runbook in the place of the including step; the last node, without a step, is their end. */
export function nodesOf(steps: readonly Step[], bindings: Bindings, around: Around): readonly Node[] {
  const inside = steps.map((step, i): Node => {
    const previous = steps[i - 1]?.id;
    const needs = step.needs ?? (previous === undefined ? [] : [previous]);
    return { id: idWithin(around.id, step.id), step: bindStep(step, bindings, around), needs: needs.length === 0 ? "host" : needs.map((id) => idWithin(around.id, id)) };
  });
  const needed = new Set(inside.flatMap((node) => (node.needs === "host" ? [] : node.needs)));
  const ends = inside.map((node) => node.id).filter((id) => !needed.has(id));
  return [...inside, { id: around.id, step: null, needs: ends }];
}
