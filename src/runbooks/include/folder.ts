import { dirname, join } from "node:path";
import type { RunbookFiles } from "../runbook-files.ts";
import { noSources, sourcesOf } from "./sources.ts";
import type { Sources } from "./sources.ts";

/** Whether a text may name another, to include it or as the way back: only then is it worth reading its neighbours. */
export function mayName(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return text.includes("include") || text.includes("failback");
}

/** What a file may name: the runbooks of its own folder. A neighbour that cannot be read is left out. */
export async function sourcesBeside(file: string, bytes: Uint8Array, files: RunbookFiles): Promise<Sources> {
  if (!mayName(bytes)) return noSources;
  const folder = dirname(file);
  const names = await files.list(folder, false).catch(() => []);
  const read = await Promise.all(names.map(async (name) => ({ file: name, bytes: await files.read(join(folder, name)).catch(() => new Uint8Array()) })));
  return sourcesOf(read);
}
