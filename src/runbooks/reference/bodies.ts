import { z } from "zod";
import { announceBody } from "../kinds/announce.ts";
import { approvalBody } from "../kinds/approval.ts";
import { askBody } from "../kinds/ask.ts";
import { commonBody } from "../kinds/common.ts";
import { decideBody } from "../kinds/decide.ts";
import { humanBody } from "../kinds/human.ts";
import { includeBody, includeKeys } from "../kinds/include.ts";
import { pauseBody, untilBody } from "../kinds/wait.ts";
import { frontMatter } from "../validate/front-matter.ts";

/** A JSON Schema of an object, as far as tables and editors are made from it. */
export type ObjectSchema = { readonly properties: Readonly<Record<string, PropertySchema>>; readonly required: readonly string[] };
export type PropertySchema = { readonly description?: string; readonly without?: string; readonly [more: string]: unknown };

/** The keys of a block that are its kind's own, for every kind that has some. */
export const bodies: Readonly<Record<string, z.ZodType>> = {
  manual: humanBody,
  checklist: humanBody,
  approval: approvalBody,
  ask: askBody,
  decide: decideBody,
  announce: announceBody,
  include: includeBody,
  wait: pauseBody,
  "wait <type>": untilBody,
};

export const topKeys: z.ZodType = frontMatter;
export const everyBlock: z.ZodType = commonBody;

/** The keys of every block that a kind takes. */
export function commonKeysOf(kind: string): ObjectSchema {
  const all = objectSchema(commonBody);
  if (kind !== "include") return all;
  return { properties: Object.fromEntries(Object.entries(all.properties).filter(([key]) => includeKeys.includes(key))), required: [] };
}

/** A schema as JSON Schema, seen from what an author writes. */
export function objectSchema(schema: z.ZodType): ObjectSchema {
  const made = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const properties = Object.entries(made.properties ?? {}).map(([key, property]): [string, PropertySchema] => [key, typeof property === "object" ? { ...property } : {}]);
  return { properties: Object.fromEntries(properties), required: made.required ?? [] };
}
