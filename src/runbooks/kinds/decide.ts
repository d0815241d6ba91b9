import { z } from "zod";
import { namePattern } from "../placeholder.ts";
import type { DecideStep } from "../runbook.ts";
import { humanKeys, readBody, timeoutOf } from "./human.ts";
import type { StepKind } from "./step-kind.ts";
import { answerName, oneLine } from "./text.ts";

/** Five, because a card has six buttons and one is for saying that it cannot be decided. */
const mostOptions = 5;

export const decideBody = z.strictObject({
  name: z.string().regex(namePattern, { error: answerName }).meta({ description: "What the decision is called in conditions and `${name}`", without: "must be there" }),
  options: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, { error: "This is not the key of an option.\nUse small letters, digits and hyphens." }), oneLine(100))
    .refine((all) => Object.keys(all).length >= 2 && Object.keys(all).length <= mostOptions, { error: "A decision has two to five options." })
    .meta({ description: "Two to five: a key, and what the button says", without: "must be there" }),
  ...humanKeys,
});

/** People choose the branch; the steps of each branch say `when:`. */
export const decide: StepKind<DecideStep> = {
  kind: "decide",
  defaultRole: "operator",
  read: (input) => {
    const { data, faults } = readBody(input, decideBody);
    if (data === null) return { step: null, faults };
    const options = Object.entries(data.options).map(([key, label]) => ({ key, label }));
    return { step: { kind: "decide", name: data.name, options, ...timeoutOf(data) }, faults };
  },
};
