import { constants, existsSync } from "node:fs";
import { copyFile, open, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../drills/ports.ts";
import { DrillbookError } from "../../errors.ts";
import { takeRunnerLock } from "./runner-lock.ts";
import { requireOurs } from "./schema.ts";

/** `former`: where the store that was there before is kept now; null: there was none. */
export type Restored = { readonly former: string | null };

/**
 * Puts a backup in the place of a store that nobody runs, and keeps that one beside it. At every moment the place holds the
 * one or the other, whole. Throws `store-busy` when a bot runs on it, `not-found` and `bad-input` for a file that is no
 * whole backup, `store-newer` for one of a later Drillbook, `bad-setting` for a database of somebody else.
 */
export async function restoreStore(file: string, from: string, clock: Clock): Promise<Restored> {
  if (!existsSync(from)) throw new DrillbookError("not-found", `There is no file ${from}.`, "Name a file that drillbook backup wrote.");
  const now = clock().toISOString();
  const lock = takeRunnerLock(`${file}.lock`, { pid: process.pid, host: hostname(), since: now });
  const unfinished = `${file}.restoring`;
  try {
    await copyChecked(from, unfinished);
    const former = existsSync(file) ? `${file}.before-${now.replaceAll(/[:.]/g, "-")}` : null;
    if (former !== null) await keepFormer(file, former);
    await rename(unfinished, file);
    return { former };
  } finally {
    await rm(unfinished, { force: true });
    lock.release();
  }
}

/** Looked at as a copy, so that the backup may lie where nothing can be written and is as it was afterwards. */
async function copyChecked(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await copyFile(from, to);
  if (existsSync(`${from}-wal`)) await copyFile(`${from}-wal`, `${to}-wal`);
  try {
    const copy = new DatabaseSync(to);
    try {
      if (requireOurs(copy, from) === 0) throw new DrillbookError("bad-input", `${from} is empty.`, "Name a file that drillbook backup wrote.");
      const found = copy.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
      if (found !== "ok") throw new DrillbookError("bad-input", `${from} is damaged: ${String(found)}.`, "Take an earlier backup.");
      copy.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      copy.close();
    }
  } catch (error) {
    if (error instanceof DrillbookError) throw error;
    throw new DrillbookError("bad-input", `${from} is no backup that can be read.`, "Name a file that drillbook backup wrote.", { cause: error });
  } finally {
    for (const beside of ["-wal", "-shm"]) await rm(`${to}${beside}`, { force: true });
  }
  await flushed(to);
}

/** What was committed and not yet in the file is in a second one, which must not meet the restored store. */
async function keepFormer(file: string, former: string): Promise<void> {
  try {
    const db = new DatabaseSync(file, { timeout: 5_000 });
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
  } catch {
    // A store that is too damaged to be opened is the very reason to restore one: it is kept as it is.
  }
  await copyFile(file, former, constants.COPYFILE_EXCL);
  await flushed(former);
  if (existsSync(`${file}-wal`)) await rename(`${file}-wal`, `${former}-wal`);
  await rm(`${file}-shm`, { force: true });
}

async function flushed(path: string): Promise<void> {
  const handle = await open(path, "r+");
  await handle.sync();
  await handle.close();
}
