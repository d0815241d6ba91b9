import { errorAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** In a live runbook nothing changes the world before somebody has agreed to it. */
export const actionWithoutApproval: Rule = {
  id: "action-without-approval",
  find: (draft) => {
    if (draft.mode !== "live") return [];
    const approvals = draft.steps.flatMap((step, i) => (step.kind === "approval" || step.included?.nodes.some((node) => node.step?.kind === "approval") ? [i] : []));
    return draft.steps.flatMap(({ kind, part, included }, i) => {
      const acts = kind === "action" || included?.nodes.find((node) => node.step?.kind === "action" || node.step?.kind === "approval")?.step?.kind === "action";
      if (!acts || part.block === null || approvals.some((a) => draft.order.before(a, i))) return [];
      return [errorAt("action-without-approval", part.block.info, "This action runs in a live runbook, and no approval stands before it.", "Put a step with an `approval` block above it.")];
    });
  },
  examples: {
    good: [
      "---\nmode: live\n---\n# Title\n\n## Yes?\n\n```approval\n```\n\n## Go\n\n```action example\n```\n",
      "---\nmode: test\n---\n# Title\n\n## Go\n\n```action example\n```\n",
    ],
    bad: ["---\nmode: live\n---\n# Title\n\n## Go\n\n```«action example»\n```\n\n## Yes?\n\n```approval\n```\n\n## Go on\n\n```action example\n```\n"],
  },
};
