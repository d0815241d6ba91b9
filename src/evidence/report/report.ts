import type { Transcript } from "../transcript/transcript.ts";
import { approvalsSection } from "./approvals.ts";
import { chart } from "./chart.ts";
import { checksSection } from "./checks.ts";
import { fieldsSection } from "./fields.ts";
import { filesSection, type Pictures } from "./files.ts";
import { html, trusted, type Html } from "./markup.ts";
import { operationsSection, requestsSection } from "./operations.ts";
import { eventNumber, section, type EventAt } from "./pieces.ts";
import { proofSection, type Proof } from "./proof.ts";
import { cleanupSection, deviationsSection, notesSection, parametersSection, participantsSection, timelineSection } from "./records.ts";
import { stepsSection } from "./steps.ts";
import type { EarlierRetests } from "../../drills/events.ts";
import { retestSection } from "./retest.ts";
import { reportPolicy, reportStyle } from "./style.ts";
import { heading, notExercisedAndFindings, objectives, plansFail, signed, tiles } from "./summary.ts";

/**
 * A drill's report as one page that stands by itself: no script, no address of anything outside, every value escaped. The
 * same transcript and proof give the same bytes.
 */
export function renderReport(t: Transcript, options: { readonly proof: Proof; readonly earlier?: EarlierRetests | null; readonly pictures?: Pictures }): string {
  return page(t, html`${firstPage(t, options.earlier ?? null)}${proofSection(t, options.proof)}
${contents}
${recordsOf(t, filesSection(t, options.pictures ?? new Map()))}${timelineSection(t)}${requestsSection(t)}`);
}

/** What a reader with one minute needs. */
export function firstPage(t: Transcript, earlier: EarlierRetests | null): Html {
  return html`${heading(t)}${tiles(t)}${objectives(t)}
${section("chart", "What happened when", chart(t))}
${notExercisedAndFindings(t)}${signed(t)}${retestSection(t, earlier)}${plansFail(t)}`;
}

/** Everything else but the two lists that grow with every event. */
export function recordsOf(t: Transcript, files: Html, eventAt: EventAt = eventNumber): Html {
  return html`${stepsSection(t)}
${approvalsSection(t, eventAt)}${checksSection(t, eventAt)}${operationsSection(t, eventAt)}${deviationsSection(t)}${notesSection(t)}${files}
${cleanupSection(t)}${participantsSection(t)}${parametersSection(t)}${fieldsSection(t)}`;
}

const contents = html`<nav aria-label="Contents">${[
  "steps", "approvals", "checks", "operations", "deviations", "notes", "files", "cleanup", "participants", "parameters", "fields", "timeline", "requests",
].map((id) => html`<a href="#${id}">${id}</a>`)}</nav>`;

function page(t: Transcript, body: Html): string {
  const rehearsal = t.mode === "rehearsal";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${reportPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${rehearsal && "REHEARSAL: "}${t.drill} ${t.title}</title>
<style>${trusted(reportStyle(t.mode))}</style>
</head>
<body>
${rehearsal && html`<div class="banner" role="note">REHEARSAL on simulated Azure. This drill does not count as a test of anything real.</div>
<div class="watermark" aria-hidden="true">REHEARSAL</div>`}
<main>
${body}
</main>
</body>
</html>
`.html;
}
