import { z } from "zod";
import type { AnnounceStep } from "../runbook.ts";
import { checkShape } from "../validate/shape.ts";
import { commonKeys } from "./common.ts";
import { humanKeys, oneLine, timeoutOf, withoutType } from "./human.ts";
import type { StepKind } from "./step-kind.ts";

const body = z.strictObject({
  ...humanKeys,
  audience: oneLine(200),
  text: z.string().min(1).max(2_000).regex(/^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u, { error: "This holds a control character.\nType it again." }),
});

/** Words for people outside the drill; what kind of event it is stands before them, whatever the author wrote. */
export const announce: StepKind<AnnounceStep> = {
  kind: "announce",
  defaultRole: "operator",
  read: ({ part, own }) => {
    const unexpected = withoutType(part);
    if (part.block?.body == null) return { step: null, faults: unexpected };
    const { data, faults } = checkShape(body, own, part.block.body, commonKeys);
    if (data === null || unexpected.length > 0) return { step: null, faults: [...unexpected, ...faults] };
    return { step: { kind: "announce", audience: data.audience, text: data.text, ...timeoutOf(data) }, faults: [] };
  },
};
