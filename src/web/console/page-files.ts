import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

export type PageFile = { readonly type: string; readonly body: Uint8Array };

const javascript = "text/javascript; charset=utf-8";
const css = "text/css; charset=utf-8";

const own: Readonly<Record<string, string>> = {
  "console.css": css,
  "cards.css": css,
  "console.js": javascript,
  "cards.js": javascript,
  "host-config.js": javascript,
  "markdown.js": javascript,
  "messages.js": javascript,
  "protocol.js": javascript,
};

const require = createRequire(import.meta.url);

/** Installed packages, as they are: the page loads nothing from anywhere else. */
const vendored: Readonly<Record<string, string>> = {
  "adaptivecards.js": require.resolve("adaptivecards/dist/adaptivecards.min.js"),
  "markdown-it.js": require.resolve("markdown-it/browser"),
};

/** Reads every file of the page once; a request can only name one of these. */
export async function readPageFiles(): Promise<{ readonly index: string; readonly assets: ReadonlyMap<string, PageFile> }> {
  const assets = new Map<string, PageFile>();
  for (const [name, type] of Object.entries(own)) assets.set(name, { type, body: await readFile(pagePath(name)) });
  for (const [name, path] of Object.entries(vendored)) assets.set(name, { type: javascript, body: await readFile(path) });
  return { index: await readFile(pagePath("index.html"), "utf8"), assets };
}

function pagePath(name: string): string {
  return join(import.meta.dirname, "page", name);
}
