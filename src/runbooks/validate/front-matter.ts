import { z } from "zod";
import { durationMs } from "../duration.ts";
import { oneLine } from "../kinds/human.ts";
import { isRecord } from "../json.ts";
import { nearest } from "../nearest.ts";
import { problemWithValue } from "../parameter-value.ts";
import { errorAt, quoted, warningAt } from "../parse/diagnostic.ts";
import type { Fault } from "../parse/diagnostic.ts";
import type { RunbookDocument } from "../parse/document.ts";
import type { Yaml } from "../parse/yaml.ts";
import { namePattern } from "../placeholder.ts";
import { roleName } from "../role.ts";
import { idFromFile, runbookIdPattern } from "../runbook-id.ts";
import type { Json, Parameter, Runbook } from "../runbook.ts";
import { checkShape } from "./shape.ts";

export type FrontMatter = Pick<Runbook, "id" | "mode" | "purpose" | "owner" | "objectives" | "parameters" | "roles" | "schedule">;


const parameter = z
  .strictObject({
    type: z.enum(["text", "number", "choice", "recovery-plan", "azure-resource", "server"]),
    label: oneLine(100).optional(),
    choices: z.array(z.union([oneLine(100), z.number()])).min(1).max(50).optional(),
    default: z.union([z.string().max(1_000), z.number()]).optional(),
  })
  .superRefine((p, context) => {
    const fault = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (p.type === "choice" && p.choices === undefined) return fault([], "A parameter of type `choice` needs choices.\nAdd `choices: [a, b]`.");
    if (p.type !== "choice" && p.choices !== undefined) fault(["choices"], "Only a parameter of type `choice` has choices.\nWrite `type: choice`, or leave the choices out.");
    const problem = p.default === undefined ? null : problemWithValue({ type: p.type, choices: (p.choices ?? []).map(String) }, String(p.default));
    if (problem !== null) fault(["default"], `${problem.message}\n${problem.suggestion}`);
  });

const objectives = z
  .array(z.strictObject({ id: oneLine(40), text: oneLine(500), rto: durationMs.optional(), rpo: durationMs.optional() }))
  .max(50)
  .superRefine((list, context) => {
    for (const [i, { id }] of list.entries()) {
      if (list.findIndex((other) => other.id === id) === i) continue;
      context.addIssue({ code: "custom", path: [i, "id"], message: "Two objectives have this id.\nGive each objective an id of its own." });
    }
  });

const frontMatter = z.strictObject({
  id: z.string().regex(runbookIdPattern, { error: "This is not an id.\nUse small letters, digits and hyphens, at most 63 of them." }).optional(),
  mode: z.enum(["test", "live"]).optional(),
  purpose: z.enum(["exercise", "incident"]).optional(),
  owner: oneLine(200).optional(),
  objectives: objectives.optional(),
  parameters: z.record(z.string().regex(namePattern, { error: "This is not the name of a parameter.\nBegin with a small letter, then letters, digits, - and _." }), parameter).optional(),
  roles: z.record(roleName, oneLine(200)).optional(),
  schedule: z.strictObject({ every: durationMs }).optional(),
});

const known = Object.keys(frontMatter.shape);

/** The front matter with defaults for what it leaves out; null when it is wrong. A text without any is a valid one. */
export function readFrontMatter(document: RunbookDocument): { front: FrontMatter | null; faults: readonly Fault[] } {
  const { front: yaml } = document;
  if (yaml === null) return { front: !document.isComplete ? null : withDefaults({}, document), faults: [] };

  const foreign = foreignKeys(yaml, document);
  const own = Object.fromEntries(Object.entries(asMap(yaml.value)).filter(([key]) => known.includes(key)));
  const shape = checkShape(frontMatter, own, yaml);
  const faults = [...foreign, ...shape.faults.map((fault) => modeHelp(fault, own, yaml))];
  return { front: shape.data === null ? null : withDefaults(shape.data, document), faults };
}

/** Keys of some other tool's front matter do no harm on a page that runs nothing; elsewhere a stray key is a mistake. */
function foreignKeys(yaml: Yaml, document: RunbookDocument): readonly Fault[] {
  const runs = document.steps.some((step) => step.block !== null);
  return Object.keys(asMap(yaml.value))
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = nearest(key, known);
      const range = yaml.keyAt([key]);
      if (near !== null) return errorAt("unknown-key", range, `${quoted(key)} is not a key here.`, `Did you mean \`${near}\`?`);
      if (runs) return errorAt("unknown-key", range, `${quoted(key)} is not a key here.`, `Use one of: ${known.map((k) => `\`${k}\``).join(", ")}.`);
      return warningAt("unknown-key", range, `${quoted(key)} is not a key of a runbook and is ignored.`, "Leave it if another tool needs it.");
    });
}

/** The most natural mistake here deserves better than a list of what else could be written. */
function modeHelp(fault: Fault, own: Readonly<Record<string, Json>>, yaml: Yaml): Fault {
  if (own["mode"] !== "rehearsal" || fault.range.from.line !== yaml.valueAt(["mode"]).from.line) return fault;
  return { ...fault, message: "Whether a drill is a rehearsal is chosen when it is launched.", suggestion: "Write `mode: test`: every runbook can be rehearsed." };
}

function readParameters(written: NonNullable<z.infer<typeof frontMatter>["parameters"]>): readonly Parameter[] {
  return Object.entries(written).map(([name, p]) => ({
    name,
    type: p.type,
    label: p.label ?? name,
    choices: (p.choices ?? []).map(String),
    default: p.default === undefined ? null : String(p.default),
  }));
}

function withDefaults(given: z.infer<typeof frontMatter>, document: RunbookDocument): FrontMatter {
  return {
    id: given.id ?? idFromFile(document.source.file, document.source.hash),
    mode: given.mode ?? "test",
    purpose: given.purpose ?? "exercise",
    owner: given.owner ?? "",
    objectives: (given.objectives ?? []).map((o) => ({ id: o.id, text: o.text, rtoMs: o.rto ?? null, rpoMs: o.rpo ?? null })),
    parameters: readParameters(given.parameters ?? {}),
    roles: given.roles ?? {},
    ...(given.schedule === undefined ? {} : { schedule: { everyMs: given.schedule.every, cron: null, timeZone: "UTC", blackouts: [], announceMs: 7 * 86_400_000, overdueMs: 86_400_000 } }),
  };
}

export function asMap(value: Json | undefined): Readonly<Record<string, Json>> {
  return isRecord(value) ? value : {};
}
