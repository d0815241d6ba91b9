import { asDrillbookError, DrillbookError } from "../errors.ts";
import { sayDuration } from "../runbooks/duration-text.ts";
import { fill, mapStrings } from "../runbooks/fill.ts";
import type { Json, Mode, Runbook } from "../runbooks/runbook.ts";
import type { Action } from "./ports.ts";
import type { DrillState } from "./state.ts";
import { valuesOf } from "./values.ts";
import { drillRefusals } from "../texts/refusals.ts";

type Values = Readonly<Record<string, string>>;
type Actions = ReadonlyMap<string, Action>;

/**
 * What a drill protects from other drills: the recovery plans it was given, and every resource that its actions touch as far
 * as that is known. In small letters, because Azure spells one id in many ways.
 */
export function scopeOf(runbook: Runbook, mode: Mode, values: Values, actions: Actions): readonly string[] {
  const plans = runbook.parameters.filter((p) => p.type === "recovery-plan").flatMap((p) => values[p.name] ?? []);
  const touched = runbook.steps.flatMap((step) => {
    if (step.kind !== "action" || (step.only !== undefined && !step.only.includes(mode))) return [];
    return touchedBy(filled(step.input, values), actions.get(step.type));
  });
  return [...new Set([...plans, ...touched].map((id) => id.toLowerCase()).filter((id) => id !== ""))].toSorted();
}

/** What a drill under way protects: nothing once it had to stand aside or has ended. */
export function scopeNow(state: DrillState, actions: Actions): readonly string[] {
  return state.stoodAside || state.status === "ended" ? [] : scopeOf(state.runbook, state.mode, valuesOf(state), actions);
}

/** Why a launch, or an answer that names a further resource, is refused: who has it, and since when. */
export function heldBy(holder: DrillState, now: Date): DrillbookError {
  const age = sayDuration(Math.max(60_000, Math.round((now.getTime() - Date.parse(holder.launchedAt)) / 60_000) * 60_000));
  return new DrillbookError("conflict", ...drillRefusals.held(holder.id, holder.runbook.title, age, holder.launchedAt.slice(0, 16).replace("T", " ")));
}

function touchedBy(input: Json, action: Action | undefined): readonly string[] {
  try {
    return action?.scope?.(input) ?? idsIn(input);
  } catch (thrown) {
    // Not all of the input is known yet: what is known is protected.
    if (asDrillbookError(thrown).code === "bad-input") return idsIn(input);
    throw thrown;
  }
}

/** What people have yet to answer stays as it is written. */
function filled(input: Json, values: Values): Json {
  return mapStrings(input, (text) => {
    try {
      return fill(text, values);
    } catch (thrown) {
      if (asDrillbookError(thrown).code === "bad-input") return text;
      throw thrown;
    }
  });
}

function idsIn(input: Json): readonly string[] {
  if (typeof input === "string") return /^\/subscriptions\/[^\s$]+$/i.test(input) ? [input] : [];
  return input === null || typeof input !== "object" ? [] : Object.values(input).flatMap((part: Json) => idsIn(part));
}
