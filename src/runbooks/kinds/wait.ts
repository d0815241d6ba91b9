import { z } from "zod";
import { durationMs } from "../duration.ts";
import { errorAt } from "../parse/diagnostic.ts";
import type { WaitStep } from "../runbook.ts";
import { checkShape } from "../validate/shape.ts";
import { commonKeys } from "./common.ts";
import type { StepKind } from "./step-kind.ts";
import { readTyped } from "./typed-block.ts";

/** Each look is an event of the drill: more of them than this would be a history of nothing else. */
const mostLooks = 500;

export const pauseBody = z.strictObject({ for: durationMs.meta({ description: "How long", without: "must be there" }) });

export const untilBody = z
  .strictObject({
    times: z.int().min(1).max(100).default(1).meta({ description: "How often in a row the check has to hold", without: "`1`" }),
    every: durationMs.default(30_000).meta({ description: "How long from one look to the next, at least 5s", without: "`30s`" }),
    limit: durationMs.meta({ description: "When it has not held by then, the step has failed; at most 500 looks", without: "must be there" }),
  })
  .superRefine(({ times, every, limit }, context) => {
    if (every < 5_000) context.addIssue({ code: "custom", path: ["every"], message: "This is too often.\nLook every 5s at most." });
    else if (limit / every > mostLooks) context.addIssue({ code: "custom", path: ["every"], message: `Up to the limit these are more than ${mostLooks} looks.\nLook less often.` });
    if ((times - 1) * every > limit) context.addIssue({ code: "custom", path: ["limit"], message: "The limit ends before the check can have held so many times.\nMake it longer." });
  });

const untilKeys = Object.keys(untilBody.shape);

/** Waits for a time, or with a second word until a check of that type holds. */
export const wait: StepKind<WaitStep> = {
  kind: "wait",
  defaultRole: "operator",
  read: (input) => {
    const { block } = input.part;
    if (block === null || block.body === null) return { step: null, faults: [] };
    if (block.words.length === 0) {
      const { data, faults } = checkShape(pauseBody, input.own, block.body, commonKeys);
      return { step: data && { kind: "wait", forMs: data.for, until: null }, faults };
    }
    const keys = Object.entries(input.own);
    const own = checkShape(untilBody, Object.fromEntries(keys.filter(([key]) => untilKeys.includes(key))), block.body, commonKeys);
    const { typed, faults } = readTyped({ ...input, own: Object.fromEntries(keys.filter(([key]) => !untilKeys.includes(key))) }, input.catalogue.checks);
    const endless = input.own["for"] === undefined ? [] : [errorAt("bad-value", block.body.keyAt(["for"]), "A wait for a check ends with its limit.", "Write `limit` instead of `for`.")];
    if (own.data === null || typed === null) return { step: null, faults: [...own.faults, ...(endless.length > 0 ? endless : faults)] };
    const { times, every, limit } = own.data;
    return { step: { kind: "wait", forMs: null, until: { ...typed, times, everyMs: every, limitMs: limit } }, faults: [] };
  },
};
