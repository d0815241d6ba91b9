/** How much one person may ask: words are answered in the chat and cost more than a press, which is answered in its reply; a client refreshes cards by itself. */
const paces = { text: { most: 10, everyMs: 6_000 }, click: { most: 60, everyMs: 1_000 }, refresh: { most: 240, everyMs: 250 } } as const;

const peopleKept = 5_000;

/** How fast one person may ask. */
export type Pace = {
  /** 0: go on. Else the milliseconds until this person may ask again, and whether they were told already. */
  admit(person: string, kind: keyof typeof paces): { readonly waitMs: number; readonly told: boolean };
};

/** Ten messages and sixty presses a minute for each person, as a bucket that fills up again. */
export function createPace(now: () => number): Pace {
  const buckets = new Map<string, { left: number; at: number; told: boolean }>();
  return {
    admit(person, kind) {
      const { most, everyMs } = paces[kind];
      const key = `${kind} ${person}`;
      const at = now();
      const known = buckets.get(key) ?? { left: most, at, told: false };
      const left = Math.min(most, known.left + Math.max(0, at - known.at) / everyMs);
      const admitted = left >= 1;
      buckets.delete(key);
      buckets.set(key, { left: admitted ? left - 1 : left, at, told: !admitted });
      for (const oldest of buckets.keys()) {
        if (buckets.size <= peopleKept) break;
        buckets.delete(oldest);
      }
      return admitted ? { waitMs: 0, told: false } : { waitMs: Math.ceil((1 - left) * everyMs), told: known.told };
    },
  };
}
