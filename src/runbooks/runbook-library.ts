import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Compiled } from "./compile.ts";
import type { Compiler, SourceFile } from "./compiler.ts";
import { mayName } from "./include/folder.ts";
import { includedSources } from "./include/sources.ts";
import { forgetful } from "./last-good.ts";
import type { LastGood } from "./last-good.ts";
import { diagnostic, errorAt, startOfFile } from "./parse/diagnostic.ts";
import { repeatedIds } from "./repeated-ids.ts";
import { idFromFile, runbookIdPattern } from "./runbook-id.ts";
import { runbookFiles } from "./runbook-files.ts";
import type { RunbookFiles } from "./runbook-files.ts";
import type { Checkout, Diagnostic, Runbook, Schedule } from "./runbook.ts";

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
  /** When it is to be run; null: nobody said. */
  readonly schedule: Schedule | null;
  /** Of the file as it is now. */
  readonly diagnostics: readonly Diagnostic[];
};

/** The runbooks of a folder, each with its last version that compiled. */
export type RunbookLibrary = {
  /** Reads the folder again. Files whose bytes did not change are not compiled again. Throws when the folder cannot be listed. */
  refresh(): Promise<void>;
  /** Every file of the folder, by id; also those that cannot be launched, with the reason. */
  list(): readonly LibraryEntry[];
  /** The runbook of this id with the bytes that it and its includes were compiled from, or null. An id is only ever compared, so none can name a path. */
  get(id: string): Promise<{ readonly runbook: Runbook; readonly source: Uint8Array; readonly included: readonly Uint8Array[] } | null>;
};

/** `digest`: of what the current state was made from; empty when it is to be made again. */
type Shelf = { readonly file: string; readonly digest: string; readonly current: Compiled; readonly lastGood: Runbook | null; readonly source: Uint8Array | null; readonly included: readonly Uint8Array[] };

/** Absent: the folder on disk; no last good version outlives the process; nobody says where a file was committed. */
export type LibraryParts = {
  readonly compiler: Compiler;
  readonly files?: RunbookFiles;
  readonly lastGood?: LastGood;
  /** Where a file was committed; null: nowhere. */
  readonly checkout?: (file: string, bytes: Uint8Array) => Promise<Checkout | null>;
};

/** Opens the runbooks that lie directly in `folder` and reads them once. */
export async function openLibrary(folder: string, { compiler, files = runbookFiles, lastGood = forgetful, checkout }: LibraryParts): Promise<RunbookLibrary> {
  let shelves: readonly Shelf[] = [];
  let repeated: ReadonlyMap<string, Diagnostic> = new Map();

  const readAll = async () => {
    const before = new Map(shelves.map((shelf) => [shelf.file, shelf]));
    const names = await files.list(folder, false);
    const read = await Promise.all(names.map(async (file) => ({ file, bytes: await files.read(join(folder, file)).catch(() => null) })));
    const all = read.flatMap(({ file, bytes }) => (bytes === null ? [] : [{ file, bytes }]));
    const next: Shelf[] = [];
    for (const { file, bytes } of read) next.push(await shelfOf(file, bytes, all, before.get(file)));
    // A runbook that is already in use keeps its id against a newcomer, so that a copy made for editing takes nothing over.
    const inUse = next.filter((s) => !repeated.has(s.file) && before.get(s.file)?.lastGood?.id === s.lastGood?.id);
    repeated = repeatedIds([...inUse, ...next.filter((s) => !inUse.includes(s))].map((s) => ({ file: s.file, runbook: s.lastGood })));
    shelves = next;
  };

  const shelfOf = async (file: string, bytes: Uint8Array | null, all: readonly SourceFile[], before: Shelf | undefined): Promise<Shelf> => {
    const unread = { runbook: null, diagnostics: [unreadable(file)] };
    if (bytes === null) return { file, digest: "", current: unread, ...(await goodBefore(file, before)) };
    const digest = digestOf(bytes, all);
    if (before?.digest === digest) return before;
    const source = { file, bytes };
    const current = await compiler(source, all);
    if (current.runbook === null) return { file, digest: current.diagnostics.some((d) => d.rule === "too-costly") ? "" : digest, current, ...(await goodBefore(file, before)) };
    const included = current.runbook.includes === undefined ? [] : all;
    // A disk that is full must not keep a good runbook from being launched.
    await lastGood.keep(source, included).catch(() => undefined);
    return { file, digest, current, lastGood: current.runbook, source: bytes, included: includedSources(current.runbook, included) };
  };

  /** The last good version that this process saw, or that an earlier one kept and that still compiles. */
  const goodBefore = async (file: string, before: Shelf | undefined): Promise<Pick<Shelf, "lastGood" | "source" | "included">> => {
    if (before !== undefined) return { lastGood: before.lastGood, source: before.source, included: before.included };
    const kept = await lastGood.load(file);
    const { runbook } = kept === null ? { runbook: null } : await compiler(kept.source, kept.beside);
    if (kept === null || runbook === null) return { lastGood: null, source: null, included: [] };
    return { lastGood: runbook, source: kept.source.bytes, included: includedSources(runbook, kept.beside) };
  };

  let last: Promise<void> = Promise.resolve();
  const library: RunbookLibrary = {
    // One after the other: two readings at once could put an older state of the folder over a newer one.
    refresh: () => (last = last.catch(() => undefined).then(readAll)),
    list: () => shelves.map((shelf) => entryOf(shelf, repeated.get(shelf.file))).toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
    get: async (id) => {
      if (!runbookIdPattern.test(id)) return null;
      const shelf = shelves.find((s) => s.lastGood?.id === id && !repeated.has(s.file));
      if (!shelf?.lastGood || !shelf.source) return null;
      const committed = (await checkout?.(shelf.file, shelf.source).catch(() => null)) ?? null;
      if (committed === null && shelf.current.runbook !== null) return { runbook: shelf.lastGood, source: shelf.source, included: shelf.included };
      const runbook = { ...shelf.lastGood, ...(committed === null ? {} : { checkout: committed }), ...(shelf.current.runbook === null ? { stale: true as const } : {}) };
      return { runbook: Object.freeze(runbook), source: shelf.source, included: shelf.included };
    },
  };
  await library.refresh();
  return library;
}

/** Of the file, and when it may name others of all of them: a change there is a change of this runbook. */
function digestOf(bytes: Uint8Array, all: readonly SourceFile[]): string {
  const hash = createHash("sha256").update(bytes);
  if (mayName(bytes)) for (const source of all) hash.update(`\0${source.file}\0`).update(source.bytes);
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
    schedule: launchable ? (lastGood.schedule ?? null) : null,
    diagnostics: repeated === undefined ? current.diagnostics : [repeated, ...current.diagnostics],
  };
}

function unreadable(file: string): Diagnostic {
  return diagnostic(errorAt("unreadable", startOfFile, "The file cannot be read.", "Look at its permissions."), file);
}
