import { warningAt } from "../parse/diagnostic.ts";
import { isByPeople } from "../runbook.ts";
import type { Rule } from "./rule.ts";

/** A drill that waits for somebody who is not there waits for ever. Steps without a block are pages as they were found, and stay as they are. */
export const noTimeout: Rule = {
  id: "no-timeout",
  find: (draft) =>
    draft.steps.flatMap(({ step, part }) => {
      if (step === null || part.block === null || !isByPeople(step) || "timeoutMs" in step) return [];
      return [warningAt("no-timeout", part.block.info, "This step waits for people, and nothing says for how long.", "Add a line such as `timeout: 30m`.")];
    }),
  examples: {
    good: ["# Title\n\n## By hand\n\nWords.\n\n## With a block\n\n```manual\ntimeout: 30m\n```\n\n## Tick\n\n- [ ] One\n"],
    bad: ["# Title\n\n## Ask\n\n```«ask»\nanswers: { site: { type: text } }\n```\n\n## Do\n\n```«manual»\nplanned: 5m\n```\n"],
  },
};
