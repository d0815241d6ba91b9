import { matches } from "./patterns.ts";
import type { AnswerTest, HeaderTest } from "./profile.ts";
import type { HttpResponse } from "./response.ts";

/** What an answer fails of a test: the part, and a sentence about it; null when it passes. */
export type Failing = { readonly part: "header" | "presence" | "absence"; readonly say: string };

/** Checks headers and body. Bodies are kept as latin1, so that bytes survive; what is wanted is written in UTF-8. */
export function failingPart(response: HttpResponse, test: AnswerTest): Failing | null {
  const wrong = test.headers?.find((wanted) => !hasHeader(response, wanted));
  if (wrong) return { part: "header", say: sayHeader(wrong) };
  const body = Buffer.from(response.body, "latin1").toString("utf8");
  if (test.lacks !== undefined && body.includes(test.lacks)) return { part: "absence", say: "the answer holds text that it must not" };
  if (test.lacksMatch !== undefined && matches(test.lacksMatch, body)) return { part: "absence", say: "the answer matches a pattern that it must not" };
  if (test.contains !== undefined && !body.includes(test.contains)) return { part: "presence", say: "the expected text is not in the answer" };
  if (test.matches !== undefined && !matches(test.matches, body)) return { part: "presence", say: "nothing in the answer matches the pattern" };
  return null;
}

/** Whether a verdict needs the body, so that reading must not stop at the head. */
export function needsBody(test: AnswerTest | undefined): boolean {
  return test !== undefined && [test.contains, test.lacks, test.matches, test.lacksMatch].some((part) => part !== undefined);
}

function hasHeader(response: HttpResponse, wanted: HeaderTest): boolean {
  const values = response.headers.filter(([name]) => name === wanted.name.toLowerCase()).map(([, value]) => value);
  return values.some((value) => (wanted.contains === undefined || value.includes(wanted.contains)) && (wanted.matches === undefined || matches(wanted.matches, value)));
}

function sayHeader({ name, contains, matches: like }: HeaderTest): string {
  const what = contains === undefined ? (like === undefined ? "" : ` that matches ${like}`) : ` with "${contains}"`;
  return `there is no header ${name}${what}`;
}
