import { z } from "zod";
import { namePattern } from "../placeholder.ts";
import type { DecideStep } from "../runbook.ts";
import { checkShape } from "../validate/shape.ts";
import { commonKeys } from "./common.ts";
import { answerName, humanKeys, oneLine, timeoutOf, withoutType } from "./human.ts";
import type { StepKind } from "./step-kind.ts";

/** Five, because a card has six buttons and one is for saying that it cannot be decided. */
const mostOptions = 5;

const body = z.strictObject({
  ...humanKeys,
  name: z.string().regex(namePattern, { error: answerName }),
  options: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, { error: "This is not the key of an option.\nUse small letters, digits and hyphens." }), oneLine(100))
    .refine((all) => Object.keys(all).length >= 2 && Object.keys(all).length <= mostOptions, { error: "A decision has two to five options." }),
});

/** People choose the branch; the steps of each branch say `when:`. */
export const decide: StepKind<DecideStep> = {
  kind: "decide",
  defaultRole: "operator",
  read: ({ part, own }) => {
    const unexpected = withoutType(part);
    if (part.block?.body == null) return { step: null, faults: unexpected };
    const { data, faults } = checkShape(body, own, part.block.body, commonKeys);
    if (data === null || unexpected.length > 0) return { step: null, faults: [...unexpected, ...faults] };
    const options = Object.entries(data.options).map(([key, label]) => ({ key, label }));
    return { step: { kind: "decide", name: data.name, options, ...timeoutOf(data) }, faults: [] };
  },
};
