import type { Step } from "../runbook.ts";
import { isDefault } from "../validate/order.ts";
import type { Node } from "./nodes.ts";

/** The steps with what each waits for written where it is not the step before. */
export function inOrder(nodes: readonly Node[]): readonly Step[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const memo = new Map<string, readonly string[]>();
  const standing = (id: string, depth: number): readonly string[] => {
    const node = byId.get(id);
    if (node === undefined || depth > nodes.length) return [];
    if (node.step !== null) return [id];
    const known = memo.get(id) ?? [...new Set(needsOf(node).flatMap((n) => standing(n, depth + 1)))];
    memo.set(id, known);
    return known;
  };
  const kept = nodes.flatMap((node) => (node.step === null ? [] : [{ step: node.step, needs: [...new Set(needsOf(node).flatMap((n) => standing(n, 0)))] }]));
  return kept.map(({ step, needs }, i) => {
    const { needs: _old, ...rest } = step;
    return isDefault(needs, kept[i - 1]?.step.id) ? rest : { ...rest, needs };
  });
}

function needsOf(node: Node): readonly string[] {
  return node.needs === "host" ? [] : node.needs;
}
