import { startOfFile, warningAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** In an incident at night the second approver may not wake up: who may then decide alone is agreed beforehand or not at all. */
export const liveWithoutAuthority: Rule = {
  id: "live-without-authority",
  find: (draft) => {
    const { front } = draft;
    if (front === null || draft.mode !== "live" || (front.standingAuthority?.length ?? 0) > 0) return [];
    if (!draft.steps.some((step) => step.kind === "approval")) return [];
    const range = draft.document.front?.keyAt(["mode"]) ?? startOfFile;
    return [warningAt("live-without-authority", range, "Nobody has standing authority in this live runbook: in an incident every approval needs its whole quorum.", 'Add `standingAuthority: [{ role: ..., steps: ["..."], agreed: ... }]`.')];
  },
  examples: {
    good: ["---\nmode: live\nstandingAuthority: [{ role: owner, steps: [Yes?], agreed: Board of 3 May }]\n---\n# Title\n\n## Yes?\n\n```approval\n```\n\n## Go\n\n```action example\n```\n"],
    bad: ["---\n«mode»: live\n---\n# Title\n\n## Yes?\n\n```approval\n```\n\n## Go\n\n```action example\n```\n"],
  },
};
