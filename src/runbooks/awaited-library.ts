import type { LibraryEntry, RunbookLibrary } from "./runbook-library.ts";
import type { Schedule } from "./runbook.ts";

/** A library that is still being opened: whoever asks waits for it, and sees the folder as it is now. */
export type AwaitedLibrary = {
  list(): Promise<readonly LibraryEntry[]>;
  get: RunbookLibrary["get"];
  /** Those that compile; who committed them is not asked, which takes a process each. */
  launchable(): Promise<readonly (LibraryEntry & { readonly hash: string })[]>;
  scheduled(): Promise<readonly { readonly id: string; readonly schedule: Schedule }[]>;
};

/** Every question throws what `opening` threw. */
export function awaitedLibrary(opening: Promise<RunbookLibrary>): AwaitedLibrary {
  // A failure is told to whoever asks; until then it must not end the process.
  opening.catch(() => undefined);
  const refreshed = async (): Promise<RunbookLibrary> => {
    const library = await opening;
    await library.refresh();
    return library;
  };
  const launchable: AwaitedLibrary["launchable"] = async () => (await refreshed()).list().flatMap((entry) => (entry.hash === null ? [] : [{ ...entry, hash: entry.hash }]));
  return {
    list: async () => (await refreshed()).list(),
    get: async (id) => (await refreshed()).get(id),
    launchable,
    scheduled: async () => (await launchable()).flatMap(({ id, schedule }) => (schedule === null ? [] : [{ id, schedule }])),
  };
}
