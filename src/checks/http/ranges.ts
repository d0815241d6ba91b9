export type Ranges = readonly (readonly [from: number, to: number])[];

/** Reads "200", "200-299,401" as status codes, inclusive; null when it is neither. */
export function parseRanges(text: string): Ranges | null {
  const parts = text.split(",").map((part) => /^\s*([1-9]\d\d)(?:\s*-\s*([1-9]\d\d))?\s*$/.exec(part));
  const ranges = parts.map((match) => (match ? ([Number(match[1]), Number(match[2] ?? match[1])] as const) : null));
  return ranges.every((range) => range !== null && range[0] <= range[1]) ? (ranges as Ranges) : null;
}

/** Whether a status lies in one of the ranges, ends included. */
export function inRanges(ranges: Ranges, status: number): boolean {
  return ranges.some(([from, to]) => status >= from && status <= to);
}

/** Whatever number a server puts there: HAProxy takes any. */
export const anyStatus: Ranges = [[0, 999_999_999]];

/** Every status that is not in the ranges. */
export function complement(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const gaps: [number, number][] = [];
  let from = 0;
  for (const [first, last] of sorted) {
    if (first > from) gaps.push([from, first - 1]);
    from = Math.max(from, last + 1);
  }
  return [...gaps, [from, 999_999_999]];
}
