export type Ranges = readonly (readonly [from: number, to: number])[];

/** Reads "200", "200-299,401" as status codes, inclusive; null when it is neither. */
export function parseRanges(text: string): Ranges | null {
  const parts = text.split(",").map((part) => /^\s*([1-9]\d\d)(?:\s*-\s*([1-9]\d\d))?\s*$/.exec(part));
  const ranges = parts.map((match) => (match ? ([Number(match[1]), Number(match[2] ?? match[1])] as const) : null));
  return ranges.every((range) => range !== null && range[0] <= range[1]) ? (ranges as Ranges) : null;
}

export function inRanges(ranges: Ranges, status: number): boolean {
  return ranges.some(([from, to]) => status >= from && status <= to);
}

/** Every status code that is not in the ranges. */
export function complement(ranges: Ranges): Ranges {
  return Array.from({ length: 900 }, (_, n) => n + 100).filter((status) => !inRanges(ranges, status)).map((status) => [status, status] as const);
}
