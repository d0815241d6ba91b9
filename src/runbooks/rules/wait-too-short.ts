import { sayDuration } from "../duration-text.ts";
import { warningAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { Step } from "../runbook.ts";
import type { Draft, Rule } from "./rule.ts";

/**
 * A wait that ends before the load balancer has noticed, or before names have left the caches, is followed by a check that
 * fails for no reason, or passes because it still sees the old state.
 */
export const waitTooShort: Rule = {
  id: "wait-too-short",
  find: (draft) =>
    draft.steps.flatMap(({ step, part }, i): readonly Fault[] => {
      if (step?.kind !== "wait" || part.block === null) return [];
      const { forMs, until } = step;
      const given = forMs ?? until?.limitMs ?? 0;
      const next = draft.steps.find((_, j) => j > i && draft.order.before(i, j))?.step;
      const notice = until === null ? noticeMs(next ?? null, draft) : (draft.catalogue.checks.get(until.type)?.noticeMs?.(until.input) ?? 0);
      const needed = notice + effectMs(draft, i);
      if (needed <= given) return [];
      const range = part.block.body?.valueAt([until === null ? "for" : "limit"]) ?? part.block.info;
      return [warningAt("wait-too-short", range, `It takes up to ${sayDuration(needed)} until what changed before is noticed everywhere.`, `Wait at least that long, better twice.`)];
    }),
  examples: {
    good: [
      "# Title\n\n## Change\n\n```action slow\n```\n\n## Settle\n\n```wait\nfor: 7m\n```\n\n## Look\n\n```check balanced\n```\n",
      "# Title\n\n## Settle\n\n```wait balanced\nlimit: 2m\n```\n\n## Pause\n\n```wait\nfor: 1s\n```\n",
    ],
    bad: [
      "# Title\n\n## Change\n\n```action slow\n```\n\n## Settle\n\n```wait\nfor: «6m»\n```\n\n## Look\n\n```check balanced\n```\n",
      "# Title\n\n## Settle\n\n```wait balanced\nlimit: «1m»\n```\n",
    ],
  },
};

function noticeMs(step: Step | null, { catalogue }: Draft): number {
  if (step?.kind === "check") return catalogue.checks.get(step.type)?.noticeMs?.(step.input) ?? 0;
  return step?.kind === "wait" && step.until !== null ? (catalogue.checks.get(step.until.type)?.noticeMs?.(step.until.input) ?? 0) : 0;
}

/** Of the last action before: what an earlier one changed has had its own wait. */
function effectMs(draft: Draft, wait: number): number {
  const before = draft.steps.findLastIndex(({ kind }, j) => (kind === "action" || kind === "wait") && draft.order.before(j, wait));
  const step = draft.steps[before]?.step;
  return step?.kind === "action" ? (draft.catalogue.actions.get(step.type)?.effectMs?.(step.input) ?? 0) : 0;
}
