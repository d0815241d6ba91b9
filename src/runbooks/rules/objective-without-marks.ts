import { startOfFile, warningAt } from "../parse/diagnostic.ts";
import type { Rule } from "./rule.ts";

/** A recovery time is taken from its beginning to its proof: without both there is a target and no figure. */
export const objectiveWithoutMarks: Rule = {
  id: "objective-without-marks",
  find: (draft) => {
    const steps = draft.steps.flatMap((each) => (each.step !== null ? [each.step] : (each.included?.nodes ?? []).flatMap((node) => node.step ?? [])));
    if (draft.front === null || draft.steps.some((each) => each.step === null && each.included === null)) return [];
    const marks = new Set(steps.flatMap((step) => step.marks ?? []));
    const missing = (["disruption", "service-proved"] as const).filter((mark) => !marks.has(mark));
    if (missing.length === 0) return [];
    return draft.front.objectives.flatMap((objective, i) => {
      if (objective.rtoMs === null) return [];
      const range = draft.document.front?.valueAt(["objectives", i, "rto"]) ?? startOfFile;
      const lines = missing.map((mark) => `\`marks: ${mark}\``).join(" and ");
      return [warningAt("objective-without-marks", range, `No step says when this time ${missing.includes("disruption") ? "begins" : "ends"}${missing.length === 2 ? " and ends" : ""}.`, `Add ${lines} to the step at whose end it does.`)];
    });
  },
  examples: {
    good: [
      "---\nobjectives: [{ id: O1, text: Back, rto: 1h }, { id: O2, text: Told }]\n---\n# Title\n\n## Go\n\n```action example\nmarks: disruption\n```\n\n## Look\n\n```check example\nmarks: [service-proved, users-confirmed]\n```\n",
    ],
    bad: [
      "---\nobjectives: [{ id: O1, text: Back, rto: «1h» }]\n---\n# Title\n\n## Go\n\n```action example\nmarks: disruption\n```\n",
      "---\nobjectives:\n  - { id: O1, text: Back, rto: «1h» }\n  - { id: O2, text: All back, rto: «4h» }\n---\n# Title\n\n## Go\n",
    ],
  },
};
