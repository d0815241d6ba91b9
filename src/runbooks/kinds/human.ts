import { z } from "zod";
import { durationMs } from "../duration.ts";
import { errorAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import { checkShape } from "../validate/shape.ts";
import { commonKeys } from "./common.ts";
import type { KindInput } from "./step-kind.ts";

/** Keys of a step that waits for people, beside its own. */
export const humanKeys = { timeout: durationMs.optional() };

export const oneLine = (most: number) => z.string().min(1).max(most).regex(/^[^\p{Cc}]*$/u, { error: "This has more than one line.\nKeep it on one." });

/** What to say of a name that cannot stand in `${name}`. */
export const answerName = "This is not the name of an answer.\nBegin with a small letter, then letters, digits, - and _.";

const body = z.strictObject(humanKeys);

/** The body of a block that has no type and only these keys; `data` is null when there is a fault. A step without a block says nothing. */
export function readHuman({ part, own }: KindInput): { readonly data: { readonly timeoutMs?: number } | null; readonly faults: readonly Fault[] } {
  const { block } = part;
  if (block === null) return { data: {}, faults: [] };
  const unexpected = withoutType(part);
  if (block.body === null) return { data: null, faults: unexpected };
  const { data, faults } = checkShape(body, own, block.body, commonKeys);
  return { data: data === null || unexpected.length > 0 ? null : timeoutOf(data), faults: [...unexpected, ...faults] };
}

export function timeoutOf({ timeout }: { readonly timeout?: number | undefined }): { readonly timeoutMs?: number } {
  return timeout === undefined ? {} : { timeoutMs: timeout };
}

/** Most kinds are complete with one word: another one behind it is a misunderstanding. */
export function withoutType({ block }: KindInput["part"]): readonly Fault[] {
  const [extra] = block?.words ?? [];
  if (block === null || extra === undefined) return [];
  return [errorAt("unknown-type", extra.range, `A block of kind \`${block.kind}\` has no type.`, "Leave this word out.")];
}
