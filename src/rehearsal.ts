import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { catalogueWith, means, missingServers, modeOf, offersFor, openAzure, resourcesHere, shippedScripts, viewsWith } from "./composition.ts";
import { fullValues } from "./dialogs/offers.ts";
import { createRunner } from "./drills/runner.ts";
import type { DrillState } from "./drills/state.ts";
import { nextAnswer, placeholderEvidence, type Answers, type StepAnswer } from "./drills/unattended.ts";
import { DrillbookError } from "./errors.ts";
import { exportBundle } from "./evidence/export.ts";
import { openLocalKey, type SigningKey } from "./evidence/keys.ts";
import { startSequencer, type Sequencer } from "./evidence/log/sequencer.ts";
import { checkpointSigner } from "./evidence/log/signer.ts";
import type { Random } from "./evidence/personal/references.ts";
import { referencingStore } from "./evidence/personal/referencing-store.ts";
import { resolveRoles, type People } from "./people/people.ts";
import type { Catalogue } from "./runbooks/catalogue.ts";
import { compile } from "./runbooks/compile.ts";
import { sourcesBeside } from "./runbooks/include/folder.ts";
import { includedSources } from "./runbooks/include/sources.ts";
import { runbookFiles } from "./runbooks/runbook-files.ts";
import { UncompiledRunbook } from "./runbooks/uncompiled-runbook.ts";
import { checkInputs } from "./runbooks/launch-check.ts";
import { resolve } from "./runbooks/resolve.ts";
import type { Resources } from "./runbooks/resources.ts";
import { answersOf, type Runbook } from "./runbooks/runbook.ts";
import { sampleOutput, toolsWithSamples, type OutputChoice } from "./simulator/tool-outputs.ts";
import type { Action, Check, Clock } from "./drills/ports.ts";
import { guid } from "./simulator/guid.ts";
import { virtualTime, type VirtualTime } from "./simulator/virtual-time.ts";
import { openSqliteStore, type SqliteStore } from "./storage/sqlite/open.ts";
import { alone } from "./wakeups/alone.ts";

/** What a rehearsal without people needs to know. */
export type RehearsalOptions = {
  readonly file: string;
  readonly params: Readonly<Record<string, string>>;
  readonly answers: Answers;
  /** Which sample each tool of the field prints; what is not named is healthy. */
  readonly outputs: OutputChoice;
  /** Folder for the bundle. */
  readonly out: string;
  /** Where the key for rehearsals lies. */
  readonly keys: string;
  readonly people: People;
  /** A folder of further load balancer profiles; null: none. */
  readonly profiles: string | null;
  /** Aliases that the runbook may use. Absent: none. */
  readonly resources?: Resources;
  /** What goes wrong: a scenario that ships, by name, or a file. */
  readonly scenario?: string | undefined;
  /** Same seed, same rehearsal: its ids, its durations, what chance decides, and its time begins at the same moment. Null: as it comes. */
  readonly seed?: string | null;
  /** `now` is the rehearsal's own time. */
  readonly onProgress: (state: DrillState, now: Date) => void;
};

type Means = { readonly actions: ReadonlyMap<string, Action>; readonly checks: ReadonlyMap<string, Check> };

export type RehearsalEnd = { readonly state: DrillState; readonly bundle: string; readonly publicKey: string };

/** When a rehearsal with a seed begins. */
const seededStart = "2026-01-05T09:00:00.000Z";

/**
 * Runs a whole drill without people, in a store that is thrown away, against a simulated Azure, and leaves its bundle.
 * Throws UncompiledRunbook, or `bad-input` for parameters that do not fit or a folder that cannot be made.
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalEnd> {
  const folder = mkdtempSync(join(tmpdir(), "drillbook-rehearsal-"));
  const { scenario = "calm", seed = null } = options;
  const time = virtualTime(seed === null ? new Date() : new Date(seededStart));
  const { clock, after } = time;
  const newId = idsOf(seed);
  const side = await openAzure({ kind: "simulator", pace: 1 }, folder, clock, { scenario, seed: seed ?? randomUUID(), time, newId, outputs: options.outputs });
  const store = referencingStore(openSqliteStore(join(folder, "drillbook.db"), { clock }), bytesOf(seed), () => performance.now());
  const key = openLocalKey(options.keys, { rehearsal: true });
  try {
    const views = viewsWith(options.profiles);
    const catalogue = { ...catalogueWith(views), resources: await resourcesHere(options.resources ?? new Map(), side) };
    const { runbook, source, included } = await compiled(options.file, catalogue);
    const { actions, checks } = timeStandsStill(time, means(side, clock, dirname(options.file), views));
    let fault: unknown = null;
    const onFault = (_drill: string, f: unknown): void => void (fault = f);
    const runner = createRunner({ store, wakeups: alone({ store, clock, after, onFault }), actions, checks, clock, newId, after, sendWithinMs: 60_000, onFault });
    const end = drive(runner, { ...options, answers: withPastedSamples(runbook, options, clock()) }, clock, () => fault);
    const params = await parameters(runbook, options.params, await offersFor(side.azure, runbook), catalogue);
    const [missing] = await missingServers(side.azure.reader, runbook, params);
    if (missing !== undefined) throw new DrillbookError("bad-input", missing, "Correct requiredServers, or choose another plan.");
    const roles = resolveRoles(runbook.roles, options.people);
    const launcher = runbook.declaration?.role ?? "operator";
    const by = roles[launcher]?.[0];
    if (by === undefined) throw new DrillbookError("bad-input", `Nobody is in the role "${launcher}".`, "Add somebody to the group behind it.");
    makeFolder(options.out);
    const { id } = await runner.launch({ by, runbook, source, included, params, mode: modeOf(true)(runbook), roles, conversation: null, ...(runbook.purpose === "incident" ? { declaration: { criterion: runbook.declaration?.criteria[0] ?? "A rehearsal of an incident" } } : {}) });
    const state = await end;
    await runner.stop();
    await (await logOf(store, folder, key, time)).stop();
    const bundle = join(options.out, `${id}-${state.launchedAt.slice(0, 19).replaceAll(/[-:]/g, "")}.zip`);
    writeFileSync(bundle, await exportBundle(store, id, () => key, { shipped: shippedScripts() }));
    return { state, bundle, publicKey: key.publicFile };
  } finally {
    time.stop();
    store.close();
    await side.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Before anything runs, for a rehearsal that cannot leave its bundle would have been for nothing; not for one that is never begun. */
function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
  } catch (cause) {
    throw new DrillbookError("bad-input", `The folder "${out}" for the bundle cannot be made.`, "Name one that can be written to with --out.", { cause });
  }
}

/** The log of a store that is thrown away: one pass at the end is all it is for. */
function logOf(store: SqliteStore, folder: string, key: SigningKey, { clock, after }: VirtualTime): Promise<Sequencer> {
  return startSequencer({
    store: store.log,
    signer: (log) => checkpointSigner(folder, log, () => key),
    clock,
    after,
    onFault: (fault) => {
      throw fault;
    },
  });
}

async function compiled(file: string, catalogue: Catalogue): Promise<{ readonly runbook: Runbook; readonly source: Uint8Array; readonly included: readonly Uint8Array[] }> {
  const source = read(file);
  const beside = await sourcesBeside(file, source, runbookFiles);
  const { runbook, diagnostics } = compile(source, basename(file), catalogue, beside);
  if (runbook === null) throw new UncompiledRunbook(file, diagnostics);
  return { runbook, source, included: includedSources(runbook, beside.values()) };
}

async function parameters(
  runbook: Runbook,
  given: Readonly<Record<string, string>>,
  offers: Awaited<ReturnType<typeof offersFor>>,
  catalogue: Catalogue,
): Promise<Readonly<Record<string, string>>> {
  // Two servers of a runbook are two servers: each parameter of a kind takes the next that is offered.
  const offered = runbook.parameters.flatMap((p) => {
    const before = runbook.parameters.slice(0, runbook.parameters.indexOf(p)).filter((other) => other.type === p.type && p.type === "server").length;
    const choices = offers.byParameter[p.name] ?? [];
    const next = choices[before % Math.max(1, choices.length)];
    return next === undefined || p.default !== null ? [] : [[p.name, next.value] as const];
  });
  const { params, problems } = resolve(runbook, { ...Object.fromEntries(offered), ...fullValues(offers, given) });
  const [problem] = [...problems, ...(problems.length > 0 ? [] : checkInputs(runbook, params, catalogue))];
  if (problem !== undefined) throw new DrillbookError("bad-input", problem.message, problem.suggestion);
  return params;
}

/** What people would paste: the sample of the tool whose check reads the answer. An answer that was given stays. */
function withPastedSamples(runbook: Runbook, { answers, outputs }: Pick<RehearsalOptions, "answers" | "outputs">, now: Date): Answers {
  const asking = runbook.steps.flatMap((step) => answersOf(step).flatMap((asked) => (asked.type === "output" ? [{ step: step.id, name: asked.name }] : [])));
  const pasted = asking.flatMap(({ step, name }) => {
    const reader = runbook.steps.find((one) => one.kind === "check" && JSON.stringify(one.input).includes(`\${${name}}`));
    return reader?.kind === "check" && toolsWithSamples().includes(reader.type) ? [{ step, name, text: sampleOutput(reader.type, outputs, now) }] : [];
  });
  const byStep = Object.groupBy(pasted, ({ step }) => step);
  const usual: StepAnswer = { answer: "done", reason: "unattended rehearsal", then: "give-up" };
  return {
    ...answers,
    ...Object.fromEntries(Object.entries(byStep).map(([step, list]) => {
      const given = answers[step] ?? usual;
      return [step, { ...given, values: { ...Object.fromEntries((list ?? []).map(({ name, text }) => [name, text])), ...given.values } }];
    })),
  };
}

/** Answers whatever is asked, one answer at a time, until the drill has ended. */
function drive(runner: ReturnType<typeof createRunner>, options: RehearsalOptions, clock: Clock, fault: () => unknown): Promise<DrillState> {
  return new Promise((resolveEnd, reject) => {
    let answering = Promise.resolve();
    runner.onChange((state) => {
      options.onProgress(state, clock());
      answering = answering
        .then(() => answer(runner, state.id, options.answers))
        .then((now) => {
          if (fault() !== null) throw fault();
          if (now.status === "ended") resolveEnd(now);
        })
        .catch(reject);
    });
  });
}

async function answer(runner: ReturnType<typeof createRunner>, drill: string, answers: Answers): Promise<DrillState> {
  const state = await runner.state(drill);
  const command = nextAnswer(state, answers);
  if (command === null) return state;
  const outcome = await runner.command(drill, command, command.type === "attach" ? [placeholderEvidence] : []);
  if (outcome.refused !== null && outcome.refused.code !== "not-now") {
    throw new DrillbookError(outcome.refused.code, outcome.refused.message, outcome.refused.suggestion);
  }
  return outcome.state;
}

const answersSchema = z.strictObject({
  outputs: z.record(z.string(), z.string()).default({}),
  params: z.record(z.string(), z.string()).default({}),
  steps: z
    .record(
      z.string(),
      z.strictObject({
        answer: z.enum(["done", "failed", "skipped", "approve", "reject"]).default("done"),
        reason: z.string().default("as the answers file says"),
        values: z.record(z.string(), z.string()).default({}),
        then: z.enum(["retry", "continue", "give-up"]).default("give-up"),
      }),
    )
    .default({}),
});

/** Reads an answers file. Throws `bad-input` naming the place that does not fit, `not-found` when the file cannot be read. */
export function readAnswers(file: string): { readonly params: Readonly<Record<string, string>>; readonly steps: Answers; readonly outputs: OutputChoice } {
  let data: unknown;
  try {
    data = parse(Buffer.from(read(file)).toString("utf8"), { maxAliasCount: 0 });
  } catch (cause) {
    if (cause instanceof DrillbookError) throw cause;
    throw new DrillbookError("bad-input", `${file} is not YAML: ${cause instanceof Error ? cause.message : ""}`, "See docs/operations.md for the form.", { cause });
  }
  const result = answersSchema.safeParse(data ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new DrillbookError("bad-input", `${file}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "does not fit"}.`, "See docs/operations.md for the form.");
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new DrillbookError("not-found", `${file} cannot be read.`, "Check the path.", { cause });
  }
}

function idsOf(seed: string | null): () => string {
  if (seed === null) return randomUUID;
  let given = 0;
  return () => guid(seed, "id", (given += 1));
}

/** Of references and salts, at most 64 bytes at a time: the same seed gives the same bundle. */
function bytesOf(seed: string | null): Random {
  if (seed === null) return randomBytes;
  let given = 0;
  return (bytes) => createHash("sha512").update(`${seed}\n${(given += 1)}`).digest().subarray(0, bytes);
}

/** While anything is asked of Azure or of a server, time stands still, so that no answer comes late by our own doing. */
function timeStandsStill(time: VirtualTime, { actions, checks }: Means): Means {
  const held = (action: Action): Action => ({
    ...action,
    preview: (...given) => time.during(() => action.preview(...given)),
    start: (...given) => time.during(() => action.start(...given)),
    find: (...given) => time.during(() => action.find(...given)),
    follow: (...given) => time.during(() => action.follow(...given)),
    ...(action.needed === undefined ? {} : { needed: (...given: Parameters<NonNullable<Action["needed"]>>) => time.during(async () => (await action.needed?.(...given)) ?? { needed: true, why: "" }) }),
  });
  return {
    actions: new Map([...actions].map(([type, action]) => [type, held(action)])),
    checks: new Map([...checks].map(([type, check]) => [type, { ...check, observe: (...given) => time.during(() => check.observe(...given)) }])),
  };
}
