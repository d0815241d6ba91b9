import { LineCounter, isMap, isNode, isScalar, parseDocument } from "yaml";
import type { Document } from "yaml";
import { z } from "zod";
import { DrillbookError } from "../errors.ts";
import type { People } from "./people.ts";

/** A GUID is the same in capitals and in small letters, which is how the doors name people. */
const sameId = (id: string): string => (z.guid().safeParse(id).success ? id.toLowerCase() : id);

const personSchema = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,100}$/, "must be an Entra object id (letters, digits, dots, dashes)").transform(sameId),
  name: z.string().trim().min(1, "must not be empty").max(100, "must not be longer than 100 characters"),
  tenant: z.guid("must be the id of the other tenant that the person comes from").optional(),
});

/** Its members are those of the Entra group with this object id. */
const entraSchema = z.strictObject({ entra: z.guid("must be the object id of an Entra group") });

const peopleSchema = z
  .strictObject({
    people: z.array(personSchema),
    groups: z.record(
      z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "must be a group alias: lower-case letters, digits and dashes"),
      z.union([z.array(z.string().transform(sameId)).min(1, "must hold at least one person's id"), entraSchema], "must be a list of people's ids, or { entra: <object id of a group> }"),
    ),
  })
  .superRefine((file, context) => {
    const ids = file.people.map((person) => person.id);
    const complain = (path: PropertyKey[], message: string) => context.addIssue({ code: "custom", path, message });
    repeated(ids).forEach((at) => complain(["people", at, "id"], `"${ids[at]}" is the id of two people`));
    const listed = Object.entries(file.groups).filter((group): group is [string, string[]] => Array.isArray(group[1]));
    if (ids.length === 0 && listed.length === Object.keys(file.groups).length) complain(["people"], "must name at least one person");
    for (const [alias, members] of listed) {
      repeated(members).forEach((at) => complain(["groups", alias, at], `"${members[at]}" stands in the group twice`));
      members.forEach((id, at) => ids.includes(id) || complain(["groups", alias, at], `"${id}" is nobody's id under people`));
    }
  });

/**
 * Reads a people file. Throws `bad-setting` for the first fault, with file, line and column (1-based); an unknown key,
 * an unknown member and an id given twice are faults.
 */
export function readPeople(text: string, file: string): People {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) throw fault(file, lines, broken.pos[0], broken.message);

  const checked = peopleSchema.safeParse(plain(document, file, lines));
  if (checked.success) return peopleOf(checked.data);
  const issue = checked.error.issues[0];
  if (issue === undefined) throw fault(file, lines, 0, "does not follow the form");
  throw fault(file, lines, offsetOf(document, issue), describe(issue));
}

function peopleOf({ people, groups }: z.infer<typeof peopleSchema>): People {
  const all = Object.entries(groups);
  return {
    people: people.map(({ id, name }) => ({ id, name })),
    groups: Object.fromEntries(all.flatMap(([alias, group]) => (Array.isArray(group) ? [[alias, group]] : []))),
    directory: Object.fromEntries(all.flatMap(([alias, group]) => (Array.isArray(group) ? [] : [[alias, group.entra.toLowerCase()]]))),
    foreign: Object.fromEntries(people.flatMap(({ id, tenant }) => (tenant === undefined ? [] : [[id.toLowerCase(), tenant.toLowerCase()]]))),
  };
}

function plain(document: Document, file: string, lines: LineCounter): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (thrown) {
    throw fault(file, lines, 0, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `there is no key "${issue.keys[0]}" here`;
  const message = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const where = issue.path.map(String).join(".");
  return where === "" ? message : `${where}: ${message}`;
}

/** Where the fault stands: the key when the key is the fault, else the value, else the nearest thing around it. */
function offsetOf(document: Document, issue: z.core.$ZodIssue): number {
  if (issue.code === "unrecognized_keys") return keyOffset(document, issue.path, issue.keys[0]) ?? 0;
  const last = issue.path.at(-1);
  if (issue.code === "invalid_key") return keyOffset(document, issue.path.slice(0, -1), last) ?? 0;
  for (let depth = issue.path.length; depth > 0; depth -= 1) {
    const found: unknown = document.getIn(issue.path.slice(0, depth), true);
    if (isNode(found) && found.range) return found.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: readonly PropertyKey[], key: PropertyKey | undefined): number | undefined {
  const parent: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const keys = isMap(parent) ? parent.items.map((item) => item.key) : [];
  return keys.filter(isScalar).find((node) => node.value === key)?.range?.[0];
}

/** The positions whose value stood earlier in the list. */
function repeated(values: readonly string[]): number[] {
  return values.flatMap((value, at) => (values.indexOf(value) < at ? [at] : []));
}

function fault(file: string, lines: LineCounter, offset: number, message: string): DrillbookError {
  const { line, col } = lines.linePos(offset);
  return new DrillbookError(
    "bad-setting",
    `DRILLBOOK_PEOPLE: ${file}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${message}`,
    "A people file has `people`, a list of { id, name }, and `groups`, each an alias with a list of those ids or { entra: <object id of a group> }.",
  );
}
