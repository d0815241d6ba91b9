import { z } from "zod";
import { pattern } from "./patterns.ts";
import { certainties, hostRules, methods, readers } from "./profile.ts";
import type { Profile } from "./profile.ts";
import { parseRanges } from "./ranges.ts";

const word = z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,40}[a-z0-9])?$/, { error: "Write a name of lower-case letters, digits, dots and dashes." });
const line = z.string().min(1).max(300).regex(/^[^\p{Cc}\p{Cf}]*$/u, { error: "Control characters have no place here." });

/** Status codes such as 200-299,401, read into ranges. */
const statusRanges = z.preprocess(
  (value) => (typeof value === "number" ? String(value) : value),
  z.string().transform((text, context) => {
    const ranges = parseRanges(text);
    if (ranges) return ranges;
    context.addIssue({ code: "custom", message: "Write status codes such as 200 or 200-299,401." });
    return z.NEVER;
  }),
);

export const patternText = z.string().min(1).superRefine((text, context) => {
  const read = pattern(text);
  if ("problem" in read) context.addIssue({ code: "custom", message: read.problem });
});

export const headerName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, { error: "Write a header's name: letters, digits and dashes." });
// A line break here would become a header of its own in the request.
export const headerValue = z.string().max(500).regex(/^[ -~]*$/, { error: "A header's value is one line of printable ASCII." });
export const hostName = z.string().regex(/^[a-z0-9_.-]{1,253}(:\d{1,5})?$/i, { error: "Write a host name, such as payroll.contoso.example." });
export const requestPath = z.string().regex(/^(?:\/[!-~]{0,999}|\*)$/, { error: "Write a path that begins with /, without spaces." });

const answerTest = z.strictObject({
  contains: z.string().min(1).max(500).optional(),
  lacks: z.string().min(1).max(500).optional(),
  matches: patternText.optional(),
  lacksMatch: patternText.optional(),
  headers: z.array(z.strictObject({ name: headerName, contains: z.string().max(500).optional(), matches: patternText.optional() })).max(8).optional(),
});

const form = z
  .strictObject({
    name: word,
    label: line,
    asks: line,
    method: z.enum(methods),
    version: z.enum(["1.0", "1.1"], { error: 'Write "1.0" or "1.1", in quotes.' }),
    path: requestPath.nullable().default(null),
    host: z.enum(hostRules),
    fixedHost: hostName.nullable().default(null),
    headers: z.array(z.tuple([headerName, headerValue])).max(32).default([]),
    body: z.string().max(2000).default(""),
    sni: z.enum(["host", "none"]),
    up: statusRanges.nullable().default(null),
    answer: answerTest.default({}),
  })
  .superRefine((one, context) => {
    const names = one.headers.some(([, value]) => value.includes("{host}"));
    const complain = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (one.host !== "none" && !names) complain("headers", "This form sends a Host: say where, with a header whose value is {host}.");
    if (one.host === "none" && names) complain("headers", "This form sends no Host: leave {host} out, or change host.");
    if ((one.host === "fixed") !== (one.fixedHost !== null)) complain("fixedHost", "host: fixed and fixedHost go together.");
    if (one.body !== "" && !one.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))) complain("headers", "A request with a body says its length: add Content-Length.");
  });

/** A profile file. Everything it holds is checked, because every byte of it reaches a server. */
export const profileFile: z.ZodType<Profile> = z
  .strictObject({
    name: word,
    system: line,
    up: statusRanges,
    reader: z.enum(readers).default("tolerant"),
    forms: z.array(form).min(1).max(16),
    remedies: z.strictObject({ host: line, method: line, status: line, names: line.default("Make one check for each name.") }),
    compare: z.array(word).max(8).default([]),
    facts: z.array(z.strictObject({ fact: line, source: line, certainty: z.enum(certainties) })).min(1, { error: "Name at least one fact and where it is from." }).max(40),
  })
  .superRefine((profile, context) => {
    const names = profile.forms.map((one) => one.name);
    names.forEach((name, at) => {
      if (names.indexOf(name) !== at) context.addIssue({ code: "custom", path: ["forms", at, "name"], message: `Two forms are called ${name}.` });
    });
  });
