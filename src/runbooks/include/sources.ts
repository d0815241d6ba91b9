import { createHash } from "node:crypto";
import { z } from "zod";
import { splitFrontMatter } from "../parse/front-matter.ts";
import { readSource } from "../parse/source.ts";
import type { Runbook } from "../runbook.ts";
import { idFromFile, runbookIdPattern } from "../runbook-id.ts";

/** The runbooks that another may include, by id. The compiler never looks for one itself. */
export type Sources = ReadonlyMap<string, { readonly file: string; readonly bytes: Uint8Array }>;

export const noSources: Sources = new Map();

const front = z.object({ id: z.string().regex(runbookIdPattern) });

/** Makes the files of a folder includable. Of two files with one id the first counts. */
export function sourcesOf(files: Iterable<{ readonly file: string; readonly bytes: Uint8Array }>): Sources {
  const sources = new Map<string, { readonly file: string; readonly bytes: Uint8Array }>();
  for (const source of files) {
    const id = idOf(source.bytes, source.file);
    if (id !== null && !sources.has(id)) sources.set(id, source);
  }
  return sources;
}

/** The sources that a compiled runbook took steps from, as its `includes` names them. */
export function includedSources({ includes }: Pick<Runbook, "includes">, sources: Iterable<{ readonly bytes: Uint8Array }>): readonly Uint8Array[] {
  if (includes === undefined) return [];
  const byHash = new Map([...sources].map(({ bytes }) => [createHash("sha256").update(bytes).digest("hex"), bytes]));
  return includes.flatMap(({ hash }) => byHash.get(hash) ?? []);
}

/** The id a runbook will have; null for bytes that are no text. */
function idOf(bytes: Uint8Array, file: string): string | null {
  const read = readSource(bytes, file);
  if (!("source" in read)) return null;
  const named = front.safeParse(splitFrontMatter(read.source).yaml?.value);
  return named.success ? named.data.id : idFromFile(file, read.source.hash);
}
