import { didYouMean } from "../nearest.ts";
import { errorAt, quoted } from "../parse/diagnostic.ts";
import type { Fault, Range } from "../parse/diagnostic.ts";
import { stepId } from "../runbook-id.ts";
import type { DraftStep } from "./steps.ts";

/** What each step waits for, by id; `before(a, b)`: whether step `a` (from 0) is over whenever `b` opens. */
export type Order = { readonly needs: ReadonlyMap<string, readonly string[]>; readonly before: (a: number, b: number) => boolean };

/** A name under `needs:` and where it is written. */
type Wish = { readonly text: string; readonly range: Range };

/**
 * The order of the steps: one after the other, except where tracks or `needs:` say otherwise. Steps of one track follow each
 * other and all tracks begin where the phase stands; a step without a track joins them again, and so does the next phase.
 * `steps`: as in the file, but for what a step needs, which stands above it.
 */
export function orderOf(written: readonly DraftStep[]): { steps: readonly DraftStep[]; order: Order; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const needs = new Map<string, readonly string[]>();
  let before: readonly string[] = [];
  const findAll = finderOf(written);
  for (const phase of phasesOf(written)) {
    arrange(phase, before, written, findAll, needs, faults);
    const needed = new Set(phase.flatMap((step) => needs.get(step.id) ?? []));
    before = phase.map((step) => step.id).filter((id) => !needed.has(id));
  }
  const circular = circles(written, needs);
  faults.push(...circular);
  const steps = circular.length > 0 ? written : needsAbove(written, needs);
  const isLine = steps.every((step, i) => isDefault(needs.get(step.id), steps[i - 1]?.id));
  return { steps, order: { needs, before: isLine ? (a, b) => a < b : reaches(steps, needs) }, faults };
}

/** Whether this is what holds anyhow, so that nothing need be written. */
export function isDefault(needs: readonly string[] | undefined, previous: string | undefined): boolean {
  return needs === undefined || (previous === undefined ? needs.length === 0 : needs.length === 1 && needs[0] === previous);
}

function phasesOf(steps: readonly DraftStep[]): readonly (readonly DraftStep[])[] {
  const phases: DraftStep[][] = [];
  let last: string | null = null;
  for (const step of steps) {
    const key = JSON.stringify(step.part.path);
    if (key !== last) phases.push([]);
    phases.at(-1)?.push(step);
    last = key;
  }
  return phases;
}

function arrange(phase: readonly DraftStep[], before: readonly string[], all: readonly DraftStep[], findAll: Finder, needs: Map<string, readonly string[]>, faults: Fault[]): void {
  const find = { phase: finderOf(phase), all: findAll };
  const ends = new Map<string, string>();
  let fork = before;
  for (const step of phase) {
    const track = step.common?.track;
    const wanted = wishesOf(step).flatMap((wish) => named(wish, step, find, all, faults));
    const inTrack = track === undefined ? undefined : ends.get(track);
    const usual = track === undefined ? (ends.size > 0 ? [...ends.values()] : fork) : inTrack === undefined ? fork : [inTrack];
    const own = inTrack === undefined ? wanted : [inTrack, ...wanted];
    needs.set(step.id, [...new Set(wanted.length > 0 ? own : usual)]);
    if (track === undefined) {
      ends.clear();
      fork = [step.id];
    } else ends.set(track, step.id);
  }
}

function wishesOf({ common, part }: DraftStep): readonly Wish[] {
  const yaml = part.block?.body;
  const written = yaml && typeof yaml.value === "object" && yaml.value !== null && "needs" in yaml.value ? yaml.value["needs"] : null;
  return (common?.needs ?? []).map((text, i) => ({ text, range: yaml?.valueAt(Array.isArray(written) ? ["needs", i] : ["needs"]) ?? part.heading.range }));
}

/** The step that a title or an id means: one of the same phase first. */
function named({ text, range }: Wish, from: DraftStep, find: { readonly phase: Finder; readonly all: Finder }, all: readonly DraftStep[], faults: Fault[]): readonly string[] {
  const near = find.phase(text);
  const found = near.length > 0 ? near : find.all(text);
  const [only] = found;
  if (only === undefined) {
    const titles = all.slice(0, 20).filter((step) => step !== from).map((step) => step.part.heading.title);
    faults.push(errorAt("unknown-step", range, `There is no step ${quoted(text)}.`, didYouMean(text, titles, "Write the title of another step.")));
    return [];
  }
  if (found.length > 1) {
    faults.push(errorAt("unknown-step", range, `${found.length} steps are called ${quoted(text)}.`, `Write the id of the one you mean: ${found.map((step) => `\`${step.id}\``).join(" or ")}.`));
    return [];
  }
  if (only === from) {
    faults.push(errorAt("circular-needs", range, "A step cannot wait for itself.", "Name another step, or leave `needs` out."));
    return [];
  }
  return [only.id];
}

/** Finds every step that a title, written in any case, or an id can mean. */
export type Finder = (text: string) => readonly DraftStep[];

/** Made once for many names: each step's title is read once. */
export function finderOf(among: readonly DraftStep[]): Finder {
  const byId = new Map(among.map((step) => [step.id, step]));
  const byTitle = Map.groupBy(among, (step) => stepId([step.part.heading.title]));
  return (text) => {
    const exact = byId.get(text);
    return exact === undefined ? (byTitle.get(stepId([text])) ?? []) : [exact];
  };
}

/** Steps that wait for each other would never open. Each circle is told once, where it is written. */
function circles(steps: readonly DraftStep[], needs: ReadonlyMap<string, readonly string[]>): readonly Fault[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const state = new Map<string, "open" | "done">();
  const faults: Fault[] = [];
  for (const first of steps) {
    // A stack of our own: a runbook of some thousand steps in one line would exhaust that of the engine.
    const path: { readonly id: string; at: number }[] = [];
    const enter = (id: string): void => {
      state.set(id, "open");
      path.push({ id, at: 0 });
    };
    if (!state.has(first.id)) enter(first.id);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = needs.get(top.id)?.[top.at++];
      if (next === undefined) {
        state.set(top.id, "done");
        path.pop();
      } else if (state.get(next) === "open") {
        const circle = path.slice(path.findIndex((p) => p.id === next)).flatMap((p) => byId.get(p.id) ?? []);
        const written = circle.find((step) => wishesOf(step).length > 0) ?? circle[0];
        const range = (written && wishesOf(written)[0]?.range) ?? first.part.heading.range;
        const titles = circle.map((step) => `"${step.part.heading.title}"`).slice(0, 5).join(", ");
        faults.push(errorAt("circular-needs", range, `These steps wait for each other: ${titles}.`, "Take one of their `needs` out."));
      } else if (!state.has(next)) enter(next);
    }
  }
  return faults;
}

/** Drills, cards and rules take for granted that what a step needs stands above it: the approval of an action, what it is given, its guards. */
function needsAbove(steps: readonly DraftStep[], needs: ReadonlyMap<string, readonly string[]>): readonly DraftStep[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const placed = new Set<DraftStep>();
  for (const step of steps) {
    const path = [step];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const open = needs.get(top.id)?.map((id) => byId.get(id)).find((needed) => needed !== undefined && !placed.has(needed));
      if (open !== undefined) path.push(open);
      else {
        placed.add(top);
        path.pop();
      }
    }
  }
  return [...placed];
}

/** A bit for each step that is over before another opens. */
function reaches(steps: readonly DraftStep[], needs: ReadonlyMap<string, readonly string[]>): Order["before"] {
  const index = new Map(steps.map((step, i) => [step.id, i]));
  const words = Math.ceil(steps.length / 32);
  const sets = steps.map(() => new Uint32Array(words));
  const settled = new Set<number>();
  const settle = (from: number): void => {
    const path = [from];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      settled.add(at);
      const own = sets[at] ?? new Uint32Array(words);
      const wanted = (needs.get(steps[at]?.id ?? "") ?? []).flatMap((id) => index.get(id) ?? []);
      const open = wanted.find((i) => !settled.has(i));
      if (open !== undefined) {
        path.push(open);
        continue;
      }
      for (const i of wanted) {
        const theirs = sets[i];
        for (let w = 0; theirs && w < words; w++) own[w] = (own[w] ?? 0) | (theirs[w] ?? 0);
        own[i >> 5] = (own[i >> 5] ?? 0) | (1 << (i & 31));
      }
      path.pop();
    }
  };
  for (const i of steps.keys()) if (!settled.has(i)) settle(i);
  return (a, b) => (((sets[b]?.[a >> 5] ?? 0) >>> (a & 31)) & 1) === 1;
}
