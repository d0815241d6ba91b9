import type { ConsoleActivity, ConsoleStore } from "../../src/web/console/store.ts";

/** A console's conversation that does not outlive its process. */
export function consoleStore(): ConsoleStore {
  const kept = new Map<string, ConsoleActivity>();
  const put = async (activity: ConsoleActivity): Promise<void> => {
    kept.set(activity.id, activity);
  };
  return { save: put, replace: put, all: async () => [...kept.values()] };
}
