import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { catalogueFor } from "../composition.ts";
import { readConfig } from "../config.ts";
import { DrillbookError } from "../errors.ts";
import { galleryPage, runbookPage } from "../preview/page.ts";
import type { CardParts, GalleryEntry } from "../preview/page.ts";
import type { Catalogue } from "../runbooks/catalogue.ts";
import { compile } from "../runbooks/compile.ts";
import { sourcesBeside } from "../runbooks/include/folder.ts";
import { runbookFiles } from "../runbooks/runbook-files.ts";
import { UncompiledRunbook } from "../runbooks/uncompiled-runbook.ts";
import { readPageFiles } from "../web/console/page-files.ts";
import { parsed } from "./options.ts";

/**
 * Draws a runbook, or every runbook of a folder, as pages for a browser; 1 when one has no page because it does not compile.
 * Throws `bad-input` when something is not named, `not-found` for what cannot be read.
 */
export async function previewFiles(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args, { out: { type: "string" } });
  const [path] = positionals;
  const out = values["out"];
  if (path === undefined || typeof out !== "string") throw new DrillbookError("bad-input", "preview needs a runbook or a folder, and a folder to write to.", "For example: drillbook preview runbooks --out preview");
  const catalogue = catalogueFor(readConfig(process.env));
  const parts = await cardParts();
  await mkdir(out, { recursive: true });
  return (await isFolder(path)) ? previewFolder(path, out, catalogue, parts) : previewOne(path, out, catalogue, parts);
}

async function previewOne(file: string, out: string, catalogue: Catalogue, parts: CardParts): Promise<number> {
  const { page, runbook, diagnostics } = await draw(dirname(file), basename(file), out, catalogue, parts);
  if (runbook === null || page === null) throw new UncompiledRunbook(file, diagnostics);
  console.log(`${join(out, page)}: ${runbook.steps.length} steps. Open it in a browser.`);
  return 0;
}

async function previewFolder(folder: string, out: string, catalogue: Catalogue, parts: CardParts): Promise<number> {
  const entries: GalleryEntry[] = [];
  for (const file of await runbookFiles.list(folder, false)) entries.push(await draw(folder, file, out, catalogue, parts));
  await writeFile(join(out, "index.html"), galleryPage(entries, parts));
  const drawn = entries.filter((entry) => entry.page !== null).length;
  console.log(`${join(out, "index.html")}: ${drawn} of ${entries.length} runbooks. Open it in a browser.`);
  return drawn === entries.length ? 0 : 1;
}

/** The page is named by the file, not by what the file says it is: two may claim one id. */
async function draw(folder: string, file: string, out: string, catalogue: Catalogue, parts: CardParts): Promise<GalleryEntry> {
  const path = join(folder, file);
  const bytes = await runbookFiles.read(path).catch((cause: unknown) => {
    throw new DrillbookError("not-found", `${path} cannot be read.`, "Check the path.", { cause });
  });
  const { runbook, diagnostics } = compile(bytes, file, catalogue, await sourcesBeside(path, bytes, runbookFiles));
  if (runbook === null) return { file, page: null, runbook: null, diagnostics };
  const page = `${file.replace(/\.(?:md|markdown)$/i, "")}.html`;
  await writeFile(join(out, page), runbookPage(runbook, diagnostics, catalogue, parts));
  return { file, page, runbook, diagnostics };
}

async function isFolder(path: string): Promise<boolean> {
  return runbookFiles.isFolder(path).catch((cause: unknown) => {
    throw new DrillbookError("not-found", `${path} cannot be read.`, "Check the path.", { cause });
  });
}

/** The console's own way to draw cards: what people see here is what they see there. */
async function cardParts(): Promise<CardParts> {
  const { assets } = await readPageFiles();
  const text = (name: string): string => new TextDecoder().decode(assets.get(name)?.body);
  return { scripts: [text("adaptivecards.js"), text("markdown-it.js")], modules: ["host-config.js", "markdown.js", "cards.js"].map(text), css: text("cards.css") };
}
