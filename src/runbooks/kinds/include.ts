import { z } from "zod";

/** An `include` block: the runbook is the second word of its first line. */
export const includeBody = z.strictObject({
  with: z
    .record(z.string().max(100), z.union([z.string().max(1_000).regex(/^[^\p{Cc}]*$/u, { error: "This has more than one line.\nKeep it on one." }), z.number()]))
    .optional()
    .meta({ description: "Values for the parameters of the included runbook: `{ zone: contoso.example, site: \"${site}\" }`", without: "the defaults of its parameters" }),
});

/** Of the keys of every block, those that can be said of a whole runbook. */
export const includeKeys: readonly string[] = ["when", "only", "needs", "track"];
