import type { SurfaceStore } from "../../src/bot/surface-store.ts";

/** The part of the store that remembers what has arrived, in memory. */
export function memorySeen(): Pick<SurfaceStore, "firstSeen" | "forgetSeen"> {
  const keys = new Map<string, number>();
  return {
    async firstSeen(key, at) {
      if (keys.has(key)) return false;
      keys.set(key, at.getTime());
      return true;
    },
    async forgetSeen(before) {
      const old = [...keys].filter(([, at]) => at < before.getTime());
      for (const [key] of old) keys.delete(key);
      return old.length;
    },
  };
}
