import type { Runbook, Step } from "../runbooks/runbook.ts";

/** A step's place in the picture: `row` counts from the top, `column` within its phase from the left. */
export type Place = { readonly step: Step; readonly row: number; readonly column: number };
export type Band = { readonly phase: string; readonly from: number; readonly to: number; readonly columns: readonly string[] };
export type Edge = { readonly from: string; readonly to: string };

export type Layout = { readonly places: readonly Place[]; readonly bands: readonly Band[]; readonly edges: readonly Edge[]; readonly rows: number; readonly columns: number };

/** Where each step stands: below everything it waits for, beside what may run at the same time. */
export function layoutOf(runbook: Runbook): Layout {
  const rows = new Map<string, number>();
  const places: Place[] = [];
  const bands: Band[] = [];
  let floor = 0;
  for (const phase of phasesOf(runbook)) {
    const tracks = [...new Set(phase.steps.flatMap((step) => step.track ?? []))];
    const taken = new Set<string>();
    let lowest = floor;
    for (const step of phase.steps) {
      const row = Math.max(floor, ...needsOf(step, runbook).map((id) => (rows.get(id) ?? -1) + 1));
      let column = step.track === undefined ? 0 : tracks.indexOf(step.track);
      while (taken.has(`${row}/${column}`)) column += 1;
      taken.add(`${row}/${column}`);
      rows.set(step.id, row);
      places.push({ step, row, column });
      lowest = Math.max(lowest, row);
    }
    bands.push({ phase: phase.name, from: floor, to: lowest, columns: tracks });
    floor = lowest + 1;
  }
  const edges = runbook.steps.flatMap((step) => needsOf(step, runbook).map((from) => ({ from, to: step.id })));
  return { places, bands, edges, rows: floor, columns: Math.max(1, ...places.map((p) => p.column + 1)) };
}

function phasesOf(runbook: Runbook): readonly { readonly name: string; readonly steps: readonly Step[] }[] {
  const phases: { name: string; steps: Step[] }[] = [];
  for (const step of runbook.steps) {
    const last = phases.at(-1);
    if (last?.name === step.phase) last.steps.push(step);
    else phases.push({ name: step.phase, steps: [step] });
  }
  return phases;
}

function needsOf(step: Step, runbook: Runbook): readonly string[] {
  if (step.needs !== undefined) return step.needs;
  const before = runbook.steps[runbook.steps.indexOf(step) - 1];
  return before === undefined ? [] : [before.id];
}
