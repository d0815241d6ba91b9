import assert from "node:assert/strict";
import { awaitedLibrary } from "../../../src/runbooks/awaited-library.ts";
import type { LibraryEntry, RunbookLibrary } from "../../../src/runbooks/runbook-library.ts";

const entry = (id: string, more: Partial<LibraryEntry>): LibraryEntry => ({ id, title: id, file: `${id}.md`, hash: "h", mode: "test", stale: false, launchable: true, schedule: null, diagnostics: [], ...more });

describe("a library that is still being opened", () => {
  it("lets a question wait, and reads the folder again for each", async () => {
    const opening = Promise.withResolvers<RunbookLibrary>();
    const seen: string[] = [];
    const library = awaitedLibrary(opening.promise);
    const asked = library.list().then((list) => seen.push(`listed ${list.length}`));
    await Promise.resolve();
    assert.equal(seen.length, 0);
    opening.resolve({ refresh: async () => void seen.push("refreshed"), list: () => [entry("a", {})], get: async () => null });
    await asked;
    await library.get("a");
    assert.deepEqual(seen, ["refreshed", "listed 1", "refreshed"]);
  });

  it("tells what can be launched, and what is scheduled of that", async () => {
    const schedule = { everyMs: null, cron: "0 3 * * *", timeZone: "UTC", blackouts: [], announceMs: 0, overdueMs: 0 };
    const all = [entry("plain", {}), entry("dated", { schedule }), entry("broken", { hash: null, schedule })];
    const library = awaitedLibrary(Promise.resolve({ refresh: async () => undefined, list: () => all, get: async () => null }));
    assert.deepEqual((await library.launchable()).map(({ id }) => id), ["plain", "dated"]);
    assert.deepEqual(await library.scheduled(), [{ id: "dated", schedule }]);
  });

  it("tells whoever asks why it could not be opened, and nobody before", async () => {
    const library = awaitedLibrary(Promise.reject(new Error("no such folder")));
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(library.list(), /no such folder/);
  });
});
