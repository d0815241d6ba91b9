import type { Shown } from "../../dialogs/card.ts";
import { declarationCard, incidentForm } from "../../dialogs/incident-cards.ts";
import { parameterForm, previewCard } from "../../dialogs/launch-cards.ts";
import type { RunbookLine } from "../../dialogs/lists.ts";
import { fullValues, type Offers } from "../../dialogs/offers.ts";
import { codeOf, digestOf } from "../../drills/digest.ts";
import type { EarlierRetests, Person, Preview } from "../../drills/events.ts";
import type { Declaration } from "../../drills/launch.ts";
import type { Runner } from "../../drills/runner.ts";
import type { DrillState } from "../../drills/state.ts";
import { DrillbookError } from "../../errors.ts";
import { didYouMean } from "../../runbooks/nearest.ts";
import type { Diagnostic, Json, Mode, Purpose, Runbook } from "../../runbooks/runbook.ts";
import type { Inbound } from "../message.ts";
import { launchRefusals as t } from "../../texts/launch.ts";

type Params = Readonly<Record<string, string>>;

/** A runbook of the folder as a person may ask for it. `stale`: the file changed and no longer compiles. */
export type RunbookEntry = {
  readonly id: string;
  readonly title: string;
  readonly mode: string | null;
  readonly stale: boolean;
  readonly diagnostics: readonly Diagnostic[];
};

/** What a launch needs of the library, of people and of Azure. */
export type LaunchingParts = {
  readonly runner: Runner;
  readonly runbooks: () => Promise<readonly RunbookEntry[]>;
  /** null: there is none that compiles under this id. */
  readonly runbook: (id: string) => Promise<{ readonly runbook: Runbook; readonly source: Uint8Array; readonly included?: readonly Uint8Array[] } | null>;
  readonly resolve: (runbook: Runbook, given: Params) => {
    readonly params: Params;
    readonly problems: readonly { readonly parameter: string; readonly message: string; readonly suggestion: string }[];
  };
  /** What a step's action or check has against these parameters: it can only be judged once they are known. */
  readonly misfits: (runbook: Runbook, params: Params) => readonly { readonly message: string; readonly suggestion: string }[];
  /** Throws `bad-input` when a role of the runbook has nobody in it. */
  readonly roles: (runbook: Runbook) => Promise<Readonly<Record<string, readonly Person[]>>>;
  /** What can be chosen for each parameter, asked of Azure now. Never throws: no offers is an answer. */
  readonly offers: (runbook: Runbook) => Promise<Offers>;
  readonly previews: (runbook: Runbook, params: Params) => Promise<{ readonly previews: readonly Preview[]; readonly obstacles: readonly string[]; readonly notes?: readonly string[] }>;
  /** What the drill before it left to be shown again; null: nothing. */
  readonly retests: (runbook: Runbook, mode: Mode) => Promise<EarlierRetests | null>;
  /** Throws `not-now` for a mode that is not allowed here. */
  readonly mode: (runbook: Runbook) => Mode;
  readonly clock: () => Date;
};

/** What opens an incident, or the date of the schedule that begins a drill. */
type How = { readonly declaration?: Declaration; readonly scheduledFor?: string };

/** Choosing a runbook, filling in its parameters, seeing what would be touched, and starting it. */
export type Launching = {
  list(): Promise<readonly RunbookLine[]>;
  form(id: string, given: Params): Promise<Shown>;
  preview(id: string, given: Params): Promise<Shown>;
  /** The form with what is wrong and everything that was given; null: nothing is wrong. */
  corrections(id: string, given: Params): Promise<Shown | null>;
  /** Whether this code stood, in this hour or the one before, on the card that declares an incident with these parameters. */
  wasShown(id: string, given: Params, code: string): Promise<boolean>;
  /** `version`: the hash that the person was shown; a runbook that changed since is not started. */
  launch(id: string, given: Params, version: string | null, inbound: Inbound, how?: How): Promise<DrillState>;
  /** Throws `bad-input` when a runbook for incidents is asked for as an exercise, or the other way. */
  requirePurpose(id: string, purpose: Purpose): Promise<void>;
};

/**
 * Every answer finds its runbook first, and throws `not-found` when there is none of that id, `bad-runbook` when it does not
 * compile. `launch` throws `conflict` when the runbook changed since it was shown, `bad-input` when a parameter does not fit.
 */
export function createLaunching(parts: LaunchingParts): Launching {
  async function find(id: string): Promise<{ readonly runbook: Runbook; readonly source: Uint8Array; readonly included?: readonly Uint8Array[] }> {
    const found = await parts.runbook(id);
    if (found !== null) return found;
    const entries = await parts.runbooks();
    const broken = entries.find((e) => e.id === id);
    if (broken !== undefined) throw new DrillbookError("bad-runbook", ...t.doesNotCompile(id, firstFault(broken)));
    const known = entries.map((e) => e.id);
    throw new DrillbookError("not-found", t.noRunbook(id.slice(0, 80)), didYouMean(id.slice(0, 80), known, t.emptyFolder));
  }

  /** What was given, by the parameters' own names and in full, and what is wrong with it. */
  async function settled(runbook: Runbook, given: Params): Promise<{ readonly params: Params; readonly problems: readonly Problem[]; readonly offers: Offers }> {
    const offers = await parts.offers(runbook);
    const { params, problems } = parts.resolve(runbook, fullValues(offers, byName(runbook, given)));
    return { params, problems: problems.length > 0 ? problems : parts.misfits(runbook, params), offers };
  }

  function corrected(runbook: Runbook, given: Params, problems: readonly Problem[], offers: Offers): Shown {
    const named = byName(runbook, given);
    return formOf(runbook)(runbook, parts.mode(runbook), offers, problems.map((problem) => problemLine(runbook, named, problem)), named);
  }

  return {
    async list() {
      const entries = await parts.runbooks();
      const compiled = await Promise.all(entries.map((e) => parts.runbook(e.id)));
      return entries.map((e, i) => {
        const problem = e.diagnostics.some((d) => d.severity === "error") ? firstFault(e) : null;
        return { id: e.id, title: e.title === "" ? e.id : e.title, mode: e.mode ?? "", incident: compiled[i]?.runbook.purpose === "incident", stale: e.stale, problem: e.stale ? `${problem ?? ""} ${t.lastGoodVersion}` : problem };
      });
    },

    async form(id, given) {
      const { runbook } = await find(id);
      if (runbook.parameters.length === 0) return this.preview(id, {});
      return formOf(runbook)(runbook, parts.mode(runbook), await parts.offers(runbook), [], given);
    },

    async preview(id, given) {
      const { runbook } = await find(id);
      const { params, problems, offers } = await settled(runbook, given);
      if (problems.length > 0) return corrected(runbook, given, problems, offers);
      const { previews, obstacles, notes } = await parts.previews(runbook, params);
      if (runbook.purpose === "incident") return declarationCard(runbook, parts.mode(runbook), params, previews, obstacles, shownCode(runbook, params, parts.clock()));
      const mode = parts.mode(runbook);
      return previewCard(runbook, mode, params, await parts.roles(runbook), previews, obstacles, notes, await parts.retests(runbook, mode));
    },

    async corrections(id, given) {
      const { runbook } = await find(id);
      const { problems, offers } = await settled(runbook, given);
      return problems.length === 0 ? null : corrected(runbook, given, problems, offers);
    },

    async wasShown(id, given, code) {
      const { runbook } = await find(id);
      const { params } = await settled(runbook, given);
      return [parts.clock(), new Date(parts.clock().getTime() - anHourMs)].some((at) => shownCode(runbook, params, at) === code);
    },

    async requirePurpose(id, purpose) {
      const { runbook } = await find(id);
      if (runbook.purpose === purpose) return;
      throw runbook.purpose === "incident"
        ? new DrillbookError("bad-input", ...t.forIncidents(id))
        : new DrillbookError("bad-input", ...t.forExercises(id));
    },

    async launch(id, given, version, inbound, how = {}) {
      const { declaration } = how;
      const { runbook, source, included = [] } = await find(id);
      await this.requirePurpose(id, declaration === undefined ? "exercise" : "incident");
      if (version !== null && version !== runbook.hash) {
        throw new DrillbookError("conflict", ...t.changed(id, declaration === undefined ? "start" : "incident"));
      }
      const { params, problems: [problem], offers } = await settled(runbook, given);
      if (problem !== undefined) {
        const silent = offers.silent === null ? "" : t.silent(offers.silent);
        throw new DrillbookError("bad-input", `${problem.message}${silent}`, problem.suggestion);
      }
      const conversation: Json = { id: inbound.conversation.id, reference: inbound.conversation.reference };
      const mode = parts.mode(runbook);
      const retests = declaration === undefined ? await parts.retests(runbook, mode) : null;
      return parts.runner.launch({ by: inbound.person, runbook, source, included, params, mode, roles: await parts.roles(runbook), conversation, ...(retests === null ? {} : { retests }), ...how });
    },
  };
}

type Problem = { readonly message: string; readonly suggestion: string; readonly parameter?: string };

/** A word typed in a hurry may be written as it likes. */
function byName(runbook: Runbook, given: Params): Params {
  const nameOf = (typed: string): string => runbook.parameters.find(({ name }) => name.toLowerCase() === typed.toLowerCase())?.name ?? typed;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [nameOf(name), value]));
}

/** Which parameter is meant; of one that there is not, what was typed, because no line of the form holds it. */
function problemLine(runbook: Runbook, given: Params, { parameter, message, suggestion }: Problem): string {
  const line = `${message} ${suggestion}`.trim();
  if (parameter === undefined) return line;
  const label = runbook.parameters.find(({ name }) => name === parameter)?.label ?? `${parameter}=${given[parameter] ?? ""}`;
  return line.startsWith(label) ? line : `${label}: ${line}`;
}

const anHourMs = 3_600_000;

/** What has to be typed to declare in words: it belongs to what was shown, and to the hour, so that nothing pasted from another night declares anything. */
function shownCode(runbook: Runbook, params: Params, at: Date): string {
  return codeOf(digestOf({ runbook: runbook.hash, params, hour: Math.floor(at.getTime() / anHourMs) }));
}

function formOf(runbook: Runbook): typeof parameterForm {
  return runbook.purpose === "incident" ? incidentForm : parameterForm;
}

function firstFault(entry: RunbookEntry): string {
  const fault = entry.diagnostics.find((d) => d.severity === "error");
  return fault === undefined ? "" : `${fault.file}:${fault.from.line}:${fault.from.column} ${fault.message} ${fault.suggestion}`.trim();
}
