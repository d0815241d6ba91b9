import type { Catalogue } from "../catalogue.ts";
import { bodies, everyBlock, objectSchema, topKeys } from "./bodies.ts";
import type { ObjectSchema } from "./bodies.ts";

/** The tables of `docs/runbook-format.md`, by the name that stands between their marks. */
export function referenceTables(): Readonly<Record<string, string>> {
  const own = Object.entries(bodies).filter(([kind]) => kind !== "checklist");
  return {
    "front-matter": table(objectSchema(topKeys)),
    "every-block": table(objectSchema(everyBlock)),
    ...Object.fromEntries(own.map(([kind, body]) => [kind.replace(" <type>", "-type"), table(objectSchema(body))])),
  };
}

/** The page of what can stand behind `check` and `action`. */
export function typesPage({ checks, actions }: Catalogue): string {
  const section = (kind: string, facts: { readonly type: string; readonly summary: string; readonly schema: Parameters<typeof objectSchema>[0] }, more: readonly string[]): string =>
    [`### ${kind} ${facts.type}`, "", `${facts.summary.replace(/\.?$/, ".")}${more.map((m) => ` ${m}`).join("")}`, "", keyList(objectSchema(facts.schema))].join("\n");
  return [
    "# Checks and actions",
    "",
    "<!-- Made by `node bin/on-node24.mjs scripts/runbook-reference.ts`; do not edit. -->",
    "",
    "What can stand behind `check` and `action`, and behind `wait` what can stand behind `check`. The keys of every block, and what a",
    "runbook is, are told in [the format](runbook-format.md); what each check looks at, with examples, in [checks](checks.md).",
    "",
    "## Checks",
    "",
    [...checks.values()].map((facts) => section("check", facts, [])).join("\n\n"),
    "",
    "## Actions",
    "",
    [...actions.values()]
      .map((facts) => section("action", facts, [facts.undo === null ? "" : `Taken back by \`${facts.undo}\`.`, ...(facts.obligations ?? []).map((o) => `Leaves owed: ${o.text.replace(/\.?$/, ".")}`), facts.live === true ? "Touches production: for `mode: live` only." : ""].filter((m) => m !== "")))
      .join("\n\n"),
    "",
  ].join("\n");
}

/** The page with each of its tables as they are now. */
export function withTables(page: string): string {
  const tables = referenceTables();
  return page.replace(/(<!-- keys: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g, (all: string, begin: string, name: string, end: string) => (tables[name] === undefined ? all : `${begin}${tables[name]}\n${end}`));
}

function table({ properties, required }: ObjectSchema): string {
  const rows = Object.entries(properties).map(([key, { description, without }]) => `| \`${key}\` | ${inCell(description)} | ${inCell(without ?? (required.includes(key) ? "must be there" : ""))} |`);
  return ["| Key | Meaning | Without it |", "|---|---|---|", ...rows].join("\n");
}

function keyList({ properties, required }: ObjectSchema): string {
  if (Object.keys(properties).length === 0) return "It has no keys of its own.";
  const rows = Object.entries(properties).map(([key, property]) => `| \`${key}\` | ${inCell(form(property))} | ${inCell(required.includes(key) ? "must be there" : property["default"] === undefined ? "" : `\`${typeof property["default"] === "string" ? property["default"] : JSON.stringify(property["default"])}\``)} |`);
  return ["| Key | Form | Without it |", "|---|---|---|", ...rows].join("\n");
}

/** A value's form in words, as deep as a table has room for. */
function form(schema: unknown): string {
  if (schema === null || typeof schema !== "object") return "anything";
  const of: Readonly<Record<string, unknown>> = { ...schema };
  const several = [of["anyOf"], of["oneOf"]].find(Array.isArray);
  if (several !== undefined) return [...new Set(several.map(form))].join(", or ");
  if (Array.isArray(of["enum"])) return of["enum"].map((value) => `\`${String(value)}\``).join(", ");
  if (of["const"] !== undefined) return `\`${JSON.stringify(of["const"])}\``;
  switch (of["type"]) {
    case "array":
      return `list of: ${form(of["items"])}`;
    case "object": {
      const keys = Object.keys(of["properties"] ?? {});
      return keys.length === 0 ? "`key: value` lines" : `\`{ ${keys.join(", ")} }\``;
    }
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "`true` or `false`";
    case "string":
      return "text";
    default:
      return "text, or a list";
  }
}

function inCell(text: string | undefined): string {
  return (text ?? "").replaceAll("|", "\\|").replaceAll("\n", " ");
}
