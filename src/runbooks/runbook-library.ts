import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Catalogue } from "./catalogue.ts";
import { compile } from "./compile.ts";
import type { Compiled } from "./compile.ts";
import { mayInclude } from "./include/folder.ts";
import { sourcesOf } from "./include/sources.ts";
import type { Sources } from "./include/sources.ts";
import { diagnostic, errorAt, startOfFile } from "./parse/diagnostic.ts";
import { repeatedIds } from "./repeated-ids.ts";
import { idFromFile, runbookIdPattern } from "./runbook-id.ts";
import { runbookFiles } from "./runbook-files.ts";
import type { RunbookFiles } from "./runbook-files.ts";
import type { Diagnostic, Runbook } from "./runbook.ts";

export type LibraryEntry = {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  /** Of the version that `get` gives; null, like `mode`, when there is none. */
  readonly hash: string | null;
  readonly mode: Runbook["mode"] | null;
  /** The file no longer compiles, or cannot be read: the version given is the last good one. */
  readonly stale: boolean;
  readonly launchable: boolean;
  /** Of the file as it is now. */
  readonly diagnostics: readonly Diagnostic[];
};

export type RunbookLibrary = {
  /** Reads the folder again. Files whose bytes did not change are not compiled again. Throws when the folder cannot be listed. */
  refresh(): Promise<void>;
  /** Every file of the folder, by id; also those that cannot be launched, with the reason. */
  list(): readonly LibraryEntry[];
  /** The runbook of this id with the bytes it was compiled from, or null. An id is only ever compared, so none can name a path. */
  get(id: string): { readonly runbook: Runbook; readonly source: Uint8Array } | null;
};

type Shelf = { readonly file: string; readonly digest: string; readonly current: Compiled; readonly lastGood: Runbook | null; readonly source: Uint8Array | null };

/** Opens the runbooks that lie directly in `folder` and reads them once. */
export async function openLibrary(folder: string, catalogue: Catalogue, files: RunbookFiles = runbookFiles): Promise<RunbookLibrary> {
  let shelves: readonly Shelf[] = [];
  let repeated: ReadonlyMap<string, Diagnostic> = new Map();

  const readAll = async () => {
    const before = new Map(shelves.map((shelf) => [shelf.file, shelf]));
    const names = await files.list(folder, false);
    const read = await Promise.all(names.map(async (file) => ({ file, bytes: await files.read(join(folder, file)).catch(() => null) })));
    const sources = sourcesOf(read.flatMap(({ file, bytes }) => (bytes === null ? [] : [{ file, bytes }])));
    const next = read.map(({ file, bytes }) => shelfOf(file, bytes, sources, before.get(file)));
    // A runbook that is already in use keeps its id against a newcomer, so that a copy made for editing takes nothing over.
    const inUse = next.filter((s) => !repeated.has(s.file) && before.get(s.file)?.lastGood?.id === s.lastGood?.id);
    repeated = repeatedIds([...inUse, ...next.filter((s) => !inUse.includes(s))].map((s) => ({ file: s.file, runbook: s.lastGood })));
    shelves = next;
  };

  const shelfOf = (file: string, bytes: Uint8Array | null, sources: Sources, before: Shelf | undefined): Shelf => {
    const kept = { lastGood: before?.lastGood ?? null, source: before?.source ?? null };
    if (bytes === null) return { file, digest: "", current: { runbook: null, diagnostics: [unreadable(file)] }, ...kept };
    const digest = digestOf(bytes, sources);
    if (before?.digest === digest) return before;
    const current = compile(bytes, file, catalogue, sources);
    return current.runbook === null ? { file, digest, current, ...kept } : { file, digest, current, lastGood: current.runbook, source: bytes };
  };

  let last: Promise<void> = Promise.resolve();
  const library: RunbookLibrary = {
    // One after the other: two readings at once could put an older state of the folder over a newer one.
    refresh: () => (last = last.catch(() => undefined).then(readAll)),
    list: () => shelves.map((shelf) => entryOf(shelf, repeated.get(shelf.file))).toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
    get: (id) => {
      if (!runbookIdPattern.test(id)) return null;
      const shelf = shelves.find((s) => s.lastGood?.id === id && !repeated.has(s.file));
      return shelf?.lastGood && shelf.source ? { runbook: shelf.lastGood, source: shelf.source } : null;
    },
  };
  await library.refresh();
  return library;
}

/** Of the file, and when it may include others of all of them: a change there is a change of this runbook. */
function digestOf(bytes: Uint8Array, sources: Sources): string {
  const hash = createHash("sha256").update(bytes);
  if (mayInclude(bytes)) for (const source of sources.values()) hash.update("\0").update(source.bytes);
  return hash.digest("hex");
}

function entryOf(shelf: Shelf, repeated: Diagnostic | undefined): LibraryEntry {
  const { file, current, lastGood } = shelf;
  const launchable = lastGood !== null && repeated === undefined;
  return {
    id: lastGood?.id ?? idFromFile(file, shelf.digest),
    title: lastGood?.title ?? file,
    file,
    hash: launchable ? lastGood.hash : null,
    mode: launchable ? lastGood.mode : null,
    stale: launchable && current.runbook === null,
    launchable,
    diagnostics: repeated === undefined ? current.diagnostics : [repeated, ...current.diagnostics],
  };
}

function unreadable(file: string): Diagnostic {
  return diagnostic(errorAt("unreadable", startOfFile, "The file cannot be read.", "Look at its permissions."), file);
}
