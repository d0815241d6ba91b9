import type { End } from "../history.ts";

const kept = 5_000;

/** Where the drills last written here ended: an append to one of them needs no look at the database first. */
export function recentEnds(): { of(drill: string): End | undefined; keep(drill: string, end: End): void; forget(drill: string): void } {
  const ends = new Map<string, End>();
  return {
    of: (drill) => ends.get(drill),
    keep(drill, end) {
      ends.delete(drill);
      ends.set(drill, end);
      if (ends.size <= kept) return;
      for (const oldest of ends.keys()) {
        ends.delete(oldest);
        break;
      }
    },
    forget: (drill) => void ends.delete(drill),
  };
}
