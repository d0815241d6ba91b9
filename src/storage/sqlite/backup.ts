import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { backup, type DatabaseSync } from "node:sqlite";
import { DrillbookError } from "../../errors.ts";

/** Copies the whole database as of now. The target appears only once it is complete. Throws `bad-input` when it exists. */
export async function backUp(db: DatabaseSync, target: string): Promise<void> {
  if (existsSync(target)) {
    throw new DrillbookError("bad-input", `${target} exists already.`, "Give a backup a name of its own; none is ever overwritten.");
  }
  const unfinished = `${target}.part`;
  await rm(unfinished, { force: true });
  await backup(db, unfinished);
  await rename(unfinished, target);
}
