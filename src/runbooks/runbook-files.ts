import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { maxBytes } from "./parse/source.ts";

/** The only door from runbooks to a disk. `list` and `read` throw what node:fs throws. */
export type RunbookFiles = {
  /** Markdown files of a folder, names only, sorted; with `deep` those of its subfolders as relative paths too. */
  list(folder: string, deep: boolean): Promise<readonly string[]>;
  /** At most one byte more than a runbook may have: enough to see that it is too large. */
  read(path: string): Promise<Uint8Array>;
  isFolder(path: string): Promise<boolean>;
};

const skipped = new Set(["node_modules"]);

export const runbookFiles: RunbookFiles = {
  list: async (folder, deep) => (await walk(folder, "", deep)).toSorted(),
  read: async (path) => {
    const file = await open(path, "r");
    try {
      const buffer = new Uint8Array(maxBytes + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) return buffer.slice(0, length);
      }
    } finally {
      await file.close();
    }
  },
  isFolder: async (path) => (await lstat(path)).isDirectory(),
};

/** Symbolic links are not followed: a link in the folder must not make a file elsewhere a runbook. */
async function walk(root: string, below: string, deep: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith(".") || skipped.has(entry.name)) continue;
    if (entry.isFile() && /\.(md|markdown)$/i.test(entry.name)) found.push(path);
    if (entry.isDirectory() && deep) found.push(...(await walk(root, path, deep)));
  }
  return found;
}
