import type { z } from "zod";
import type { Catalogue } from "../catalogue.ts";
import { bodies, commonKeysOf, objectSchema, topKeys } from "./bodies.ts";
import type { ObjectSchema, PropertySchema } from "./bodies.ts";

/**
 * JSON Schema (2020-12) for editors: the schema itself is that of the front matter, and `$defs` holds one for the body of every
 * block, by its first line ("check http").
 */
export function editorSchema({ checks, actions }: Catalogue): object {
  const until = objectSchema(bodies["wait <type>"] ?? topKeys);
  const blocks = [
    ...Object.entries(bodies).filter(([kind]) => kind !== "wait <type>").map(([kind, body]) => [kind, withCommon(objectSchema(body), kind)] as const),
    ...[...checks.values()].map((facts) => [`check ${facts.type}`, withCommon(filled(facts.schema), "check")] as const),
    ...[...checks.values()].map((facts) => [`wait ${facts.type}`, withCommon(merged(until, filled(facts.schema)), "wait")] as const),
    ...[...actions.values()].map((facts) => [`action ${facts.type}`, withCommon(filled(facts.schema), "action")] as const),
  ];
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://drillbook.example/runbook-1.schema.json",
    title: "Drillbook runbook, format 1",
    type: "object",
    ...plain(objectSchema(topKeys)),
    additionalProperties: false,
    $defs: Object.fromEntries(blocks.map(([name, schema]) => [name, { title: name, type: "object", ...plain(schema), additionalProperties: false }])),
  };
}

function withCommon(own: ObjectSchema, kind: string): ObjectSchema {
  return merged(own, commonKeysOf(kind));
}

function merged(one: ObjectSchema, other: ObjectSchema): ObjectSchema {
  return { properties: { ...other.properties, ...one.properties }, required: [...one.required, ...other.required] };
}

/** The keys of a check or an action, each of which may be a placeholder until the launch. */
function filled(schema: z.ZodType): ObjectSchema {
  const { properties, required } = objectSchema(schema);
  return { properties: Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, { anyOf: [orPlaceholder(property), placeholder] }])), required };
}

const placeholder = { type: "string", pattern: "\\$\\{" };

function orPlaceholder(schema: object): object {
  const inner = "properties" in schema && schema.properties !== null && typeof schema.properties === "object" ? schema.properties : null;
  if (inner === null) return schema;
  return { ...schema, properties: Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, { anyOf: [orPlaceholder(Object(each)), placeholder] }])) };
}

function plain({ properties, required }: ObjectSchema): object {
  const shown = Object.entries(properties).map(([key, { without, ...schema }]): [string, PropertySchema] => [key, without === undefined ? schema : { ...schema, $comment: `Without it: ${without}` }]);
  return { properties: Object.fromEntries(shown), ...(required.length > 0 ? { required } : {}) };
}
