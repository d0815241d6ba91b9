import { sayDuration } from "../duration-text.ts";
import { warningAt } from "../parse/diagnostic.ts";
import type { Draft, Rule } from "./rule.ts";

/** Time that people may take to agree is time in which nothing recovers. */
export const approvalsEatRto: Rule = {
  id: "approvals-eat-rto",
  find: (draft) => {
    const rto = Math.min(...(draft.front?.objectives ?? []).flatMap((o) => o.rtoMs ?? []));
    if (!Number.isFinite(rto)) return [];
    const { total, last } = longest(draft);
    const block = last === null ? null : draft.steps[last]?.part.block;
    if (total * 3 <= rto || !block) return [];
    const range = block.body?.valueAt(["expires"]) ?? block.info;
    return [warningAt("approvals-eat-rto", range, `With this one the approvals may take ${sayDuration(total)} of the ${sayDuration(rto)} in which the service must be back.`, "Let them expire sooner, or put them before the step with `marks: disruption`.")];
  },
  examples: {
    good: [
      "---\nobjectives: [{ id: O1, text: Back, rto: 3h }]\n---\n# Title\n\n## Yes?\n\n```approval\nexpires: 1h\n```\n\n## Go\n\n```action example\nmarks: disruption\n```\n\n## Proof\n\n```check example\nmarks: service-proved\n```\n",
      "---\nobjectives: [{ id: O1, text: Back, rto: 1h }]\n---\n# Title\n\n## Yes?\n\n```approval\nexpires: 1h\n```\n\n## Go\n\n```action example\nmarks: disruption\n```\n",
      "---\nobjectives: [{ id: O1, text: Back, rto: 3h }]\n---\n# Title\n\n## P\n\n### Yes?\n\n```approval\nexpires: 1h\ntrack: a\n```\n\n### And yes?\n\n```approval\nexpires: 1h\ntrack: b\n```\n\n### Go\n\n```action example\n```\n",
    ],
    bad: [
      "---\nobjectives: [{ id: O1, text: Back, rto: 1h }]\n---\n# Title\n\n## Yes?\n\n```approval\nexpires: 15m\n```\n\n## Really?\n\n```approval\nexpires: «15m»\n```\n\n## Go\n\n```action example\n```\n",
      "---\nobjectives: [{ id: O1, text: Back, rto: 1h }]\n---\n# Title\n\n## Outage\n\n```manual\nmarks: disruption\ntimeout: 5m\n```\n\n## Yes?\n\n```«approval»\n```\n\n## Go\n\n```action example\n```\n",
    ],
  },
};

/** The most time that approvals one behind the other may take between disruption and proof, and the last of them. A mark stands for the end of its step. */
function longest(draft: Draft): { total: number; last: number | null } {
  const marked = (mark: string): readonly number[] => draft.steps.flatMap(({ step }, i) => (step?.marks?.some((m) => m === mark) ? [i] : []));
  const begins = marked("disruption");
  const proofs = marked("service-proved");
  const counts = (i: number): boolean =>
    (begins.length === 0 || begins.some((b) => draft.order.before(b, i))) && (proofs.length === 0 || proofs.some((p) => draft.order.before(i, p)));
  const best: { i: number; total: number }[] = [];
  // Each step comes behind those it needs, so that a total is known when it is added to.
  for (const i of inOrder(draft)) {
    const { step } = draft.steps[i] ?? { step: null };
    if (step?.kind !== "approval" || !counts(i)) continue;
    const before = Math.max(0, ...best.filter((b) => draft.order.before(b.i, i)).map((b) => b.total));
    best.push({ i, total: before + step.expiresMs });
  }
  const worst = best.toSorted((a, b) => b.total - a.total)[0];
  return { total: worst?.total ?? 0, last: worst?.i ?? null };
}

function inOrder(draft: Draft): readonly number[] {
  const approvals = draft.steps.flatMap(({ kind }, i) => (kind === "approval" ? [i] : []));
  const behind = (i: number): number => approvals.filter((j) => draft.order.before(j, i)).length;
  return approvals.map((i) => ({ i, behind: behind(i) })).toSorted((a, b) => a.behind - b.behind).map(({ i }) => i);
}
