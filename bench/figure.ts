/**
 * One measured figure beside its floor: what the machine itself needs for the least that must happen. `ratio` says how many
 * times worse the figure is than the floor, for a rate too; `target` is the greatest ratio that is still good.
 */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number;
  readonly ratio: number;
  readonly target: number;
  readonly met: boolean;
};

/** How thoroughly to measure: `quick` is for seeing that a bench still runs, not for comparing. */
export type Effort = "quick" | "full";

export type Bench = { readonly name: string; readonly run: (effort: Effort) => Promise<readonly Figure[]> };

/** A figure where less is better: time, bytes. */
export function cost(name: string, unit: string, value: number, floor: number, target: number): Figure {
  return figure(name, unit, value, floor, value / floor, target);
}

/** A figure where more is better: a rate. The floor is the least that is good enough. */
export function least(name: string, unit: string, value: number, floor: number): Figure {
  return figure(name, unit, value, floor, floor / value, 1);
}

/**
 * Nanoseconds that one call of each takes: medians of rounds that are long enough for the clock and take turns, so that a
 * busy machine disturbs single rounds of all of them alike and not the ratio.
 */
export function nanosecondsEach<Name extends string>(effort: Effort, calls: Readonly<Record<Name, () => unknown>>): Record<Name, number> {
  const rounds = effort === "quick" ? 5 : 31;
  const roundNs = effort === "quick" ? 5_000_000n : 30_000_000n;
  const names = Object.keys(calls) as Name[];
  const times = Array.from({ length: rounds }, () => names.map((name) => oneRound(calls[name], roundNs)));
  const medians = names.map((name, at) => [name, median(times.map((round) => round[at] ?? Number.NaN))]);
  return Object.fromEntries(medians);
}

/** Milliseconds that one call of each takes, for calls long enough for the clock: medians of rounds that take turns. */
export function medianMs<Name extends string>(rounds: number, calls: Readonly<Record<Name, () => unknown>>): Record<Name, number> {
  const names = Object.keys(calls) as Name[];
  const once = (name: Name): number => {
    const began = process.hrtime.bigint();
    calls[name]();
    return Number(process.hrtime.bigint() - began) / 1e6;
  };
  const times = Array.from({ length: rounds }, () => names.map(once));
  return Object.fromEntries(names.map((name, at) => [name, median(times.map((round) => round[at] ?? Number.NaN))])) as Record<Name, number>;
}

/** As `nanosecondsEach`, for calls that take many milliseconds: a round is one call. */
export function nanosecondsEachSlow<Name extends string>(rounds: number, calls: Readonly<Record<Name, () => unknown>>): Record<Name, number> {
  const names = Object.keys(calls) as Name[];
  const once = (call: () => unknown): number => {
    const began = process.hrtime.bigint();
    call();
    return Number(process.hrtime.bigint() - began);
  };
  const times = Array.from({ length: rounds }, () => names.map((name) => once(calls[name])));
  return Object.fromEntries(names.map((name, at) => [name, median(times.map((round) => round[at] ?? Number.NaN))])) as Record<Name, number>;
}

function oneRound(call: () => unknown, atLeast: bigint): number {
  const began = process.hrtime.bigint();
  let calls = 0;
  let passed = 0n;
  while (passed < atLeast) {
    for (let i = 0; i < 64; i += 1) call();
    calls += 64;
    passed = process.hrtime.bigint() - began;
  }
  return Number(passed) / calls;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function figure(name: string, unit: string, value: number, floor: number, ratio: number, target: number): Figure {
  return { name, value: rounded(value), unit, floor: rounded(floor), ratio: rounded(ratio), target, met: ratio <= target };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
