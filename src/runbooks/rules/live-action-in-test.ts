import { errorAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** A test failover leaves production alone: an action that touches it belongs into a runbook that says so. */
export const liveActionInTest: Rule = {
  id: "live-action-in-test",
  find: (draft) => {
    if (draft.mode === "live") return [];
    return draft.steps.flatMap(({ step, part, included }) => {
      const steps = step !== null ? [step] : (included?.nodes ?? []).flatMap((node) => node.step ?? []);
      const live = included?.runbook.mode === "live" || steps.some((s) => s.kind === "action" && draft.catalogue.actions.get(s.type)?.live === true && s.only?.every((mode) => mode === "rehearsal") !== true);
      if (!live || part.block === null) return [];
      return [errorAt("live-action-in-test", part.block.info, "This touches production, and the runbook is a test.", "Write `mode: live` at the top, or use what works on the test copies.")];
    });
  },
  examples: {
    good: [
      "---\nmode: live\nstandingAuthority: [{ role: owner, steps: Yes?, agreed: Board }]\n---\n# Title\n\n## Yes?\n\n```approval\n```\n\n## Go\n\n```action real\n```\n",
      "# Title\n\n## Go\n\n```action real\nonly: rehearsal\n```\n",
    ],
    bad: ["# Title\n\n## Go\n\n```«action real»\n```\n"],
  },
};
