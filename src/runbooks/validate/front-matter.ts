import { z } from "zod";
import { durationMs } from "../duration.ts";
import { given as present } from "../given.ts";
import { oneLine, oneOrMore } from "../kinds/text.ts";
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
import { idOfResource } from "../resources.ts";
import type { Resources } from "../resources.ts";
import { schedule, scheduleOf } from "./schedule.ts";
import { checkShape } from "./shape.ts";

export type FrontMatter = Pick<
  Runbook,
  "id" | "mode" | "purpose" | "owner" | "objectives" | "parameters" | "roles" | "schedule" | "requiredServers" | "dependencies" | "appliesTo" | "standingAuthority" | "declaration" | "failback" | "standards" | "covers"
>;

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

const standingAuthority = z
  .array(z.strictObject({ role: roleName, steps: oneOrMore(oneLine(400), 50), agreed: oneLine(500) }))
  .min(1)
  .max(20);

const declaration = z.strictObject({ role: roleName, criteria: oneOrMore(oneLine(300), 10), decideBy: durationMs });

const runbookId = z.string().regex(runbookIdPattern, { error: "This is not an id.\nUse small letters, digits and hyphens, at most 63 of them." });

const version = z.union([oneLine(60), z.number().transform(String)]);

/** Everything that may stand at the top of a runbook. */
export const frontMatter = z.strictObject({
  id: runbookId.optional().meta({ description: "Small letters, digits, hyphens, at most 63. Unique among the runbooks", without: "from the file's name" }),
  mode: z.enum(["test", "live"]).optional().meta({ description: "`test` (test failover, isolated network) or `live`. Any runbook can be rehearsed", without: "`test`" }),
  purpose: z.enum(["exercise", "incident"]).optional().meta({ description: "`exercise` or `incident`", without: "`exercise`" }),
  owner: oneLine(200).optional().meta({ description: "Who answers for the runbook", without: "nobody" }),
  objectives: objectives.optional().meta({ description: "A list of `{ id, text, rto, rpo }`; `rto` and `rpo` are [durations](#durations) and may be left out. See [objectives and times](#objectives-and-times)", without: "none" }),
  parameters: z.record(z.string().regex(namePattern, { error: "This is not the name of a parameter.\nBegin with a small letter, then letters, digits, - and _." }), parameter).optional().meta({ description: "What is asked at launch, see [parameters](#parameters)", without: "none" }),
  roles: z.record(roleName, oneLine(200)).optional().meta({ description: "Role to the alias of the group that fills it. `operator`, `approver`, `owner` and `reviewer` exist without being named here", without: "none" }),
  schedule: schedule.optional().meta({ description: "How often the runbook is to be drilled, see [schedule](#schedule)", without: "people decide" }),
  requiredServers: oneOrMore(oneLine(100), 200).optional().meta({ description: "Names of the servers the drill cannot do without, or one name", without: "none" }),
  dependencies: z.array(z.strictObject({ name: oneLine(100), why: oneLine(300) })).min(1).max(50).optional().meta({ description: "What must be up first: a list of `{ name, why }`", without: "none" }),
  appliesTo: z.array(z.strictObject({ product: oneLine(100), versions: oneOrMore(version, 20) })).min(1).max(20).optional().meta({ description: "The products it was written for: a list of `{ product, versions }`", without: "not said" }),
  standingAuthority: standingAuthority.optional().meta({ description: "Who may release which approvals alone in an incident: a list of `{ role, steps, agreed }`. See [incidents](#incidents)", without: "nobody" }),
  declaration: declaration.optional().meta({ description: "What opens an incident: `{ role, criteria, decideBy }`. See [incidents](#incidents)", without: "an exercise needs none" }),
  failback: runbookId.optional().meta({ description: "The id of the runbook that leads back. After a live failover the cards name it, with the words that start it", without: "the cards say that there is none" }),
  standards: oneOrMore(oneLine(60), 20).optional().meta({ description: "The standards that the drill claims to exercise, by their names in the report", without: "none" }),
  covers: oneOrMore(z.int().min(1).max(999), 100).optional().meta({ description: "Numbers of the field notes that the runbook answers", without: "none" }),
});

const known = Object.keys(frontMatter.shape);

/** The front matter with defaults for what it leaves out; null when it is wrong. A text without any is a valid one. */
export function readFrontMatter(document: RunbookDocument, resources?: Resources): { front: FrontMatter | null; faults: readonly Fault[] } {
  const { front: yaml } = document;
  if (yaml === null) return { front: !document.isComplete ? null : withDefaults({}, document), faults: [] };

  const foreign = foreignKeys(yaml, document);
  const own = Object.fromEntries(Object.entries(asMap(yaml.value)).filter(([key]) => known.includes(key)));
  const shape = checkShape(frontMatter, withoutAliases(own, resources), yaml);
  const faults = [...foreign, ...shape.faults.map((fault) => modeHelp(fault, own, yaml)), ...scheduledIncident(own, yaml)];
  return { front: shape.data === null ? null : withDefaults(shape.data, document), faults };
}

/** The default of a parameter that is an Azure resource may be an alias. */
function withoutAliases(own: Readonly<Record<string, Json>>, resources: Resources | undefined): Readonly<Record<string, Json>> {
  if (resources === undefined || own["parameters"] === undefined) return own;
  const parameters = Object.entries(asMap(own["parameters"])).map(([name, written]) => {
    const { type, default: usual } = asMap(written);
    const isResource = type === "recovery-plan" || type === "azure-resource" || type === "server";
    return [name, isResource && typeof usual === "string" ? { ...asMap(written), default: idOfResource(usual, resources) } : written];
  });
  return { ...own, parameters: Object.fromEntries(parameters) as Json };
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

/** An incident is declared by a person: one that began by the calendar would never start, and its people would wait for it. */
function scheduledIncident(own: Readonly<Record<string, Json>>, yaml: Yaml): readonly Fault[] {
  if (own["purpose"] !== "incident" || own["schedule"] === undefined) return [];
  return [errorAt("bad-value", yaml.keyAt(["schedule"]), "A runbook for incidents has no schedule.", "Put the schedule into the exercise that practises it.")];
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
    ...present({
      schedule: given.schedule === undefined ? undefined : scheduleOf(given.schedule),
      requiredServers: given.requiredServers,
      dependencies: given.dependencies,
      appliesTo: given.appliesTo,
      standingAuthority: given.standingAuthority,
      declaration: given.declaration && { role: given.declaration.role, criteria: given.declaration.criteria, decideByMs: given.declaration.decideBy },
      failback: given.failback,
      standards: given.standards,
      covers: given.covers,
    }),
  };
}

/** Front matter before it is checked, as something to look keys up in; empty when it is no map. */
export function asMap(value: Json | undefined): Readonly<Record<string, Json>> {
  return isRecord(value) ? value : {};
}
