import { z } from "zod";
import type { AnnounceStep } from "../runbook.ts";
import { humanKeys, readBody, timeoutOf } from "./human.ts";
import type { StepKind } from "./step-kind.ts";
import { oneLine, severalLines } from "./text.ts";

export const announceBody = z.strictObject({
  audience: oneLine(200).meta({ description: "Who is to know", without: "must be there" }),
  text: severalLines(2_000).meta({ description: "What to tell them, at most 2,000 characters", without: "must be there" }),
  ...humanKeys,
});

/** Words for people outside the drill; what kind of event it is stands before them, whatever the author wrote. */
export const announce: StepKind<AnnounceStep> = {
  kind: "announce",
  defaultRole: "operator",
  read: (input) => {
    const { data, faults } = readBody(input, announceBody);
    return { step: data && { kind: "announce", audience: data.audience, text: data.text, ...timeoutOf(data) }, faults };
  },
};
