import { dirname, join } from "node:path";
import type { RunbookFiles } from "../runbook-files.ts";
import { noSources, sourcesOf } from "./sources.ts";
import type { Sources } from "./sources.ts";

/** Whether a text may include another: only then is it worth reading its neighbours. */
export function mayInclude(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes("include");
}

/** What a file may include: the runbooks of its own folder. A neighbour that cannot be read is left out. */
export async function sourcesBeside(file: string, bytes: Uint8Array, files: RunbookFiles): Promise<Sources> {
  if (!mayInclude(bytes)) return noSources;
  const folder = dirname(file);
  const names = await files.list(folder, false).catch(() => []);
  const read = await Promise.all(names.map(async (name) => ({ file: name, bytes: await files.read(join(folder, name)).catch(() => new Uint8Array()) })));
  return sourcesOf(read);
}
