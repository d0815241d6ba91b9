import { z } from "zod";

/** Text on one line, without control characters. */
export const oneLine = (most: number) => z.string().min(1).max(most).regex(/^[^\p{Cc}]*$/u, { error: "This has more than one line.\nKeep it on one." });

/** Text that may have several lines, without other control characters. */
export const severalLines = (most: number) => z.string().min(1).max(most).regex(/^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u, { error: "This holds a control character.\nType it again." });

/** One of them or a list of them; gives a list. */
export function oneOrMore<T extends z.ZodType>(one: T, most: number) {
  return z.union([one.transform((value) => [value]), z.array(one).min(1).max(most)]);
}

/** What to say of a name that cannot stand in `${name}`. */
export const answerName = "This is not the name of an answer.\nBegin with a small letter, then letters, digits, - and _.";
