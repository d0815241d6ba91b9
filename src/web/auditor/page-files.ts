import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readPageFiles, type PageFile } from "../console/page-files.ts";

const own = { "auditor.css": "text/css; charset=utf-8", "auditor.js": "text/javascript; charset=utf-8", "shown-card.js": "text/javascript; charset=utf-8" } as const;
/** What draws a card in the console draws it here, so that it looks the same. */
const shared = ["adaptivecards.js", "markdown-it.js", "markdown.js", "host-config.js", "cards.css"] as const;

/** Every file that the auditor's pages may ask for, read once. */
export async function readAuditorFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const console = (await readPageFiles()).assets;
  const files = new Map<string, PageFile>();
  for (const name of shared) files.set(name, console.get(name)!);
  for (const [name, type] of Object.entries(own)) files.set(name, { type, body: await readFile(join(import.meta.dirname, "page", name)) });
  return files;
}
