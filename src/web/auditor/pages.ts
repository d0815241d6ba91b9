import { earlierRetests } from "../../evidence/earlier.ts";
import { picturesOf } from "../../evidence/report/files.ts";
import type { LiveVerdict } from "../../evidence/live-verify.ts";
import type { WebReply } from "../reply.ts";
import type { Handle, WebRequest } from "../reply.ts";
import { html as markup } from "../../evidence/report/markup.ts";
import { readAuditorFiles } from "./page-files.ts";
import { cardText } from "./card-text.ts";
import { drillPage, reportTooLong } from "./drill-page.ts";
import { eventsFilterOf, eventsPage } from "./events-page.ts";
import { createHistories } from "./histories.ts";
import { filterOf, listPage } from "./list-page.ts";
import type { ReadEntry } from "./read-log.ts";
import { cardOf, replayPage, type ShownCard } from "./replay-page.ts";
import { auditorPage, type Reader } from "./shell.ts";
import type { AuditSource } from "./source.ts";
import { verifyReply } from "./verify-reply.ts";
import { json } from "../reply.ts";
import type { WebServer } from "../server.ts";

export type AuditorParts = {
  /** Opened for reading: nothing on these pages can write. */
  readonly source: AuditSource;
  /** The whole report as one page with the policy it needs. */
  readonly report: (drill: string) => Promise<{ readonly html: string; readonly csp: string }>;
  readonly bundle: (drill: string) => Promise<{ readonly bytes: Uint8Array; readonly filename: string }>;
  readonly verify: (drill: string) => Promise<LiveVerdict | null>;
  readonly clock: () => Date;
  readonly logRead: (entry: ReadEntry) => void;
};

/** Who may read: the reader, or the reply that sends somebody away. */
export type Admission = (request: WebRequest) => { readonly reader: Reader | null } | { readonly refused: WebReply };

const idPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/u;
const hashPattern = /^[0-9a-f]{64}$/u;

/** A report has a line for every event and every request: with more it is a page that no browser opens with pleasure, or prints. */
const longestReport = 20_000;

type Answer = (request: WebRequest, reader: Reader | null, drill: string) => Promise<WebReply | null>;

/** The auditor's pages: GET and HEAD, behind whoever `admit` lets in, and every read on record before it is answered. */
export async function serveAuditorPages(server: WebServer, parts: AuditorParts, admit: Admission): Promise<void> {
  const { source } = parts;
  const histories = createHistories(source);
  const assets = await readAuditorFiles();

  const behind = (path: string, answer: Answer): void => {
    const handle: Handle = async (request) => {
      const admission = admit(request);
      const reader = "refused" in admission ? null : admission.reader;
      const drill = request.params["id"];
      const known = drill === undefined || idPattern.test(drill);
      const reply = "refused" in admission ? admission.refused : ((known ? await answer(request, reader, drill ?? "") : null) ?? unknownDrill(reader));
      const target = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(request.params[name] ?? "")) + (request.query.size > 0 ? `?${request.query.toString()}` : "");
      parts.logRead({ at: parts.clock().toISOString(), reader, method: request.method, path: target.slice(0, 500), status: "status" in reply ? reply.status : 200 });
      return reply;
    };
    server.get(path, handle);
  };

  behind("/drills", async ({ query }, reader) => listPage(await source.list(), filterOf(query), reader));
  behind("/drills/:id", async (_, reader, drill) => {
    const overview = await histories.overview(drill);
    return overview && drillPage(drill, overview, overview.transcript.earlier ?? (await earlierRetests(source, drill)), await picturesOf(overview.transcript.files, (sha256) => source.blob(sha256)), reader);
  });
  behind("/drills/:id/events", async ({ query }, reader, drill) => {
    const overview = await histories.overview(drill);
    const now = overview && (await histories.moment(drill, overview.events));
    return overview && now && eventsPage(drill, overview, eventsFilterOf(query), source, now.state, reader);
  });
  behind("/drills/:id/replay/:seq", async ({ params }, reader, drill) => {
    const overview = await histories.overview(drill);
    const moment = overview && (await histories.moment(drill, Number(/^\d{1,9}$/.exec(params["seq"] ?? "")?.[0] ?? 0)));
    if (overview === null || moment === null) return null;
    const hash = cardOf(moment.stored.event, moment.state);
    return replayPage(drill, overview, moment, hash === null ? null : await shownCard(source, hash), reader);
  });
  behind("/drills/:id/verify", async ({ headers }, reader, drill) => {
    const verdict = await parts.verify(drill);
    return verdict && verifyReply(drill, verdict, String(headers["accept"]).includes("application/json"), reader);
  });
  behind("/drills/:id/report", async (_, reader, drill) => {
    const overview = await histories.overview(drill);
    if (overview === null) return null;
    if (overview.events > longestReport) return reportTooLong(drill, overview, reader);
    const { html, csp } = await parts.report(drill);
    return { status: 200, type: "text/html; charset=utf-8", body: html, headers: { "content-security-policy": `${csp}; frame-ancestors 'none'` } };
  });
  behind("/drills/:id/bundle.zip", async (_, _reader, drill) => {
    if ((await source.read(drill, 0, 1)).length === 0) return null;
    const { bytes, filename } = await parts.bundle(drill);
    return { status: 200, type: "application/zip", body: bytes, headers: { "content-disposition": `attachment; filename="${filename.replaceAll(/[^A-Za-z0-9._-]/gu, "_")}"` } };
  });
  behind("/drills/:id/shown/:hash", async ({ params }, _reader, drill) => {
    const hash = params["hash"] ?? "";
    const bytes = hashPattern.test(hash) && (await histories.wasShown(drill, hash)) ? await source.blob(hash) : null;
    // A stored card is data: named so, and never a page, whatever somebody may have written into it.
    return bytes && { status: 200, type: "application/json", body: bytes, headers: { "content-security-policy": "default-src 'none'; sandbox" } };
  });
  behind("/drills/:id/attachments/:hash", async ({ params }, _reader, drill) => {
    const overview = await histories.overview(drill);
    const now = overview && (await histories.moment(drill, overview.events));
    const file = now?.state.attachments.find((a) => a.sha256 === params["hash"]);
    const bytes = file === undefined ? null : await source.blob(file.sha256);
    if (file === undefined || bytes === null) return null;
    // What somebody attached is only ever kept on disk, under the name it came with, and never opened here.
    const disposition = `attachment; filename="${file.name.replaceAll(/[^A-Za-z0-9._-]/gu, "_")}"; filename*=UTF-8''${encodeURIComponent(file.name)}`;
    return { status: 200, type: "application/octet-stream", body: bytes, headers: { "content-disposition": disposition, "content-security-policy": "default-src 'none'; sandbox" } };
  });
  server.get("/auditor/assets/:name", ({ params }) => {
    const file = assets.get(params["name"] ?? "");
    return file ? { status: 200, ...file } : json(404, { error: "No such file." });
  });
}

async function shownCard(source: AuditSource, hash: string): Promise<ShownCard> {
  const bytes = await source.blob(hash);
  return { hash, stored: bytes !== null, text: bytes === null ? [] : cardText(bytes) };
}

function unknownDrill(reader: Reader | null): WebReply {
  return auditorPage(404, { title: "Not there", rehearsal: false, reader, body: markup`<h1>There is nothing here</h1><p>There is no such drill, or no such event in it. <a href="/drills">To the list of drills</a>.</p>` });
}
