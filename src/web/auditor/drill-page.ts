import { filesSection, type Pictures } from "../../evidence/report/files.ts";
import { html, type Html } from "../../evidence/report/markup.ts";
import { firstPage, recordsOf } from "../../evidence/report/report.ts";
import type { EarlierRetests } from "../../drills/events.ts";
import type { WebReply } from "../reply.ts";
import type { Overview } from "./histories.ts";
import { auditorPage, drillNav, type Reader } from "./shell.ts";

/** A drill at a glance, with whether its evidence holds, looked at now. */
export function drillPage(drill: string, { transcript, events, head }: Overview, earlier: EarlierRetests | null, pictures: Pictures, reader: Reader | null): WebReply {
  const body = html`${drillNav(drill, "summary")}
${verdictBox(drill, events, head)}
${firstPage(transcript, earlier)}
${recordsOf(transcript, filesSection(transcript, pictures, (sha256) => `/drills/${drill}/attachments/${sha256}`), (seq) => html`<a href="/drills/${drill}/replay/${seq}">event ${seq}</a>`)}
<section id="timeline"><h2>Every event</h2><p><a href="/drills/${drill}/events">All ${events} events, a hundred a page</a>, each with its requests to Azure.</p></section>`;
  return auditorPage(200, { title: `${drill} ${transcript.title}`, rehearsal: transcript.mode === "rehearsal", reader, body, scripts: ["auditor.js"] });
}

/** Filled in by the page's script; without one, the link shows the same. */
function verdictBox(drill: string, events: number, head: string): Html {
  return html`<section class="verdict-box" aria-labelledby="verify-title" data-verify="/drills/${drill}/verify"><h2 id="verify-title">Does the evidence hold?</h2>
<p role="status" aria-live="polite" class="verify-answer"><a href="/drills/${drill}/verify">Check the stored evidence now</a></p>
<p class="dim small">${events} events · head of the chain <code>${head}</code></p></section>`;
}

/** In the place of a report that would be too long for a browser. */
export function reportTooLong(drill: string, { transcript, events }: Overview, reader: Reader | null): WebReply {
  const body = html`${drillNav(drill, "")}<h1>The report of ${drill} is too long for a page</h1>
<p>It has a line for each of ${events} events. What it says of steps, approvals, checks and actions is <a href="/drills/${drill}">the summary</a>, which prints; <a href="/drills/${drill}/events">every event</a> comes a hundred a page.</p>
<p>The whole report lies in <a href="/drills/${drill}/bundle.zip" download>the bundle</a> as <code>report.html</code>, and every event as <code>timeline.csv</code>.</p>`;
  return auditorPage(200, { title: `${drill} report`, rehearsal: transcript.mode === "rehearsal", reader, body });
}
