import type { DrillSummary } from "../drills/ports.ts";
import { evidencePageFloor } from "./headers.ts";
import { html, json } from "./reply.ts";
import type { Handle, WebReply } from "./reply.ts";
import type { WebServer } from "./server.ts";

/** What an auditor can read of the drills. */
export type DrillPages = {
  list(): Promise<readonly DrillSummary[]>;
  /** A whole HTML page with the Content-Security-Policy that it needs; null: no such drill. */
  transcript(drillId: string): Promise<{ readonly html: string; readonly csp: string } | null>;
  bundle(drillId: string): Promise<{ readonly bytes: Uint8Array; readonly filename: string } | null>;
};

const idPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/u;

/** Read only: GET and HEAD, behind whatever session `behind` asks for. */
export function serveDrillPages(server: WebServer, pages: DrillPages, behind: (handle: Handle) => Handle): void {
  server.get("/drills", behind(async () => html(200, drillList(await pages.list()))));
  server.get("/drills/:id", behind(({ params }) => withDrill(params["id"], (id) => transcriptOf(pages, id))));
  server.get("/drills/:id/bundle.zip", behind(({ params }) => withDrill(params["id"], (id) => bundleOf(pages, id))));
}

async function withDrill(id: string | undefined, find: (id: string) => Promise<WebReply | null>): Promise<WebReply> {
  const found = id !== undefined && idPattern.test(id) ? await find(id) : null;
  return found ?? json(404, { error: "There is no such drill." });
}

async function transcriptOf(pages: DrillPages, id: string): Promise<WebReply | null> {
  const page = await pages.transcript(id);
  // Two policies in one header: the browser obeys both, so the page's own can only narrow the floor.
  return page && html(200, page.html, { "content-security-policy": `${page.csp}, ${evidencePageFloor}` });
}

async function bundleOf(pages: DrillPages, id: string): Promise<WebReply | null> {
  const bundle = await pages.bundle(id);
  if (!bundle) return null;
  const filename = bundle.filename.replaceAll(/[^A-Za-z0-9._-]/gu, "_");
  return {
    status: 200,
    type: "application/zip",
    body: bundle.bytes,
    headers: { "content-disposition": `attachment; filename="${filename}"` },
  };
}

function drillList(drills: readonly DrillSummary[]): string {
  const rows = drills.map(
    (drill) => `<tr><td><a href="/drills/${encodeURIComponent(drill.id)}">${escaped(drill.id)}</a></td>
<td>${escaped(drill.title)}</td><td>${escaped(drill.mode)}</td><td>${escaped(drill.startedAt.slice(0, 16).replace("T", " "))} UTC</td>
<td>${escaped(drill.result ?? "running")}</td><td><a href="/drills/${encodeURIComponent(drill.id)}/bundle.zip">evidence bundle</a></td></tr>`,
  );
  const none = `<tr><td colspan="6">No drill has been started yet.</td></tr>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Drills · Drillbook</title>
<link rel="stylesheet" href="/console/assets/console.css"></head>
<body class="plain"><main><p><a href="/console">Back to the console</a></p><h1>Drills</h1>
<table><thead><tr><th>Drill</th><th>Runbook</th><th>Mode</th><th>Started</th><th>Result</th><th>Evidence</th></tr></thead>
<tbody>${rows.length > 0 ? rows.join("\n") : none}</tbody></table></main></body></html>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
