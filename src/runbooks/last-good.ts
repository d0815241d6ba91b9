import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { SourceFile } from "./compiler.ts";

/** What a file held when it last compiled, with what it may have included then: so that a restart forgets no good version. */
export type LastGood = {
  load(file: string): Promise<{ readonly source: SourceFile; readonly beside: readonly SourceFile[] } | null>;
  keep(source: SourceFile, beside: readonly SourceFile[]): Promise<void>;
};

/** Nothing is kept: each start begins with what compiles then. */
export const forgetful: LastGood = { load: async () => null, keep: async () => undefined };

const shelf = z.object({ v: z.literal(1), file: z.string(), bytes: z.base64(), beside: z.array(z.object({ file: z.string(), bytes: z.base64() })) });

/** Keeps last good versions as files of a folder, which is made when it is missing. A file's name is hashed: no name becomes a path. */
export function lastGoodIn(folder: string): LastGood {
  const pathOf = (file: string): string => join(folder, `${createHash("sha256").update(file).digest("hex").slice(0, 40)}.json`);
  return {
    load: async (file) => {
      const text = await readFile(pathOf(file), "utf8").catch(() => null);
      const read = text === null ? null : shelf.safeParse(parsed(text)).data;
      if (!read || read.file !== file) return null;
      return { source: { file, bytes: decoded(read.bytes) }, beside: read.beside.map((b) => ({ file: b.file, bytes: decoded(b.bytes) })) };
    },
    keep: async ({ file, bytes }, beside) => {
      await mkdir(folder, { recursive: true });
      const path = pathOf(file);
      const data = { v: 1, file, bytes: encoded(bytes), beside: beside.map((b) => ({ file: b.file, bytes: encoded(b.bytes) })) };
      // Whole or not at all: half a file would be no good version.
      await writeFile(`${path}.new`, JSON.stringify(data));
      await rename(`${path}.new`, path);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function encoded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function decoded(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
