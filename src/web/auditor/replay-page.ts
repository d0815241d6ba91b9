import type { DrillEvent } from "../../drills/events.ts";
import { openDebts } from "../../drills/debts.ts";
import type { DrillState, StepState } from "../../drills/state.ts";
import { html, type Html, type Part } from "../../evidence/report/markup.ts";
import { chip, facts, list, type Tone } from "../../evidence/report/pieces.ts";
import { timelineOf } from "../../evidence/transcript/timeline.ts";
import { listed } from "../../texts/words.ts";
import type { WebReply } from "../reply.ts";
import type { Moment, Overview } from "./histories.ts";
import { rawRequest } from "./raw-request.ts";
import { auditorPage, drillNav, type Reader } from "./shell.ts";

/** One event, and the drill as it stood right after it. `card`: what approvers were shown, when this event is about an approval. */
export function replayPage(drill: string, overview: Overview, { stored, state }: Moment, card: ShownCard | null, reader: Reader | null): WebReply {
  const { event, head } = stored;
  const [entry] = timelineOf([event], state);
  const body = html`${drillNav(drill, "replay")}
${stepper(drill, event.seq, overview)}
<div class="replay">
<section aria-labelledby="event-title" class="event"><p class="dim">Event ${event.seq} of ${overview.events} in ${drill} · <time datetime="${event.at}">${event.at.replace("T", " ").replace("Z", " UTC")}</time></p>
<h1 id="event-title">${entry?.what ?? event.type}</h1>
<p>${event.by === null ? html`<span class="dim">Recorded by Drillbook itself.</span>` : html`By <b>${event.by.name}</b> <code class="small">${event.by.id}</code>`}</p>
${entry !== undefined && entry.detail !== "" && html`<p>${entry.detail}</p>`}
${said(event)}
${card !== null && cardAsShown(drill, card)}
${requestsOf(event)}
<details><summary>The event as it is stored</summary><pre>${JSON.stringify(JSON.parse(Buffer.from(stored.bytes).toString("utf8")), null, 2)}</pre><p class="small dim">Head of the chain after it: <code>${head}</code></p></details>
</section>
<section aria-labelledby="state-title" class="state"><h2 id="state-title">The drill after this event</h2>${standing(state)}</section>
</div>`;
  return auditorPage(200, { title: `${drill}, event ${event.seq}`, rehearsal: state.mode === "rehearsal", reader, body, ...(card === null ? { scripts: ["auditor.js"] } : { scripts: ["auditor.js", "shown-card.js"], packages: ["adaptivecards.js", "markdown-it.js"] }) });
}

/** A card by the hash of its bytes; `text` is its words alone, for those who see no drawing. */
export type ShownCard = { readonly hash: string; readonly stored: boolean; readonly text: readonly string[] };

/** The card that an event about an approval belongs to. */
export function cardOf(event: DrillEvent, state: DrillState): string | null {
  if (event.type === "approval.shown") return event.card;
  if (!event.type.startsWith("approval.") || !("step" in event)) return null;
  return state.steps.find((s) => s.step.id === event.step)?.approval?.card ?? null;
}

function cardAsShown(drill: string, { hash, stored, text }: ShownCard): Html {
  if (!stored) return html`<p class="against">The card that approvers were shown (<code>${hash}</code>) is not in the store.</p>`;
  return html`<h2>The card that approvers were shown</h2>
<div class="shown-card" data-card="/drills/${drill}/shown/${hash}" aria-label="The card, drawn as it was shown" role="group">${list(text)}</div>
<p class="small dim">Drawn from the stored bytes, whose SHA-256 is <a href="/drills/${drill}/shown/${hash}"><code>${hash}</code></a>. Its buttons do nothing here, and its times stand on your clock.</p>`;
}

function requestsOf(event: DrillEvent): Part {
  const requests = "requests" in event ? event.requests : [];
  return requests.length > 0 && html`<h2>${requests.length === 1 ? "The request behind it" : "The requests behind it"}</h2>${requests.map((r) => rawRequest(r))}`;
}

/** What some events say beyond one line. */
function said(event: DrillEvent): Part {
  switch (event.type) {
    case "approval.asked":
      return html`${facts([["To be decided by", event.expiresAt], ["By", listed(event.approvers.map((p) => p.name))], ["Bound to", html`<code>${event.digest}</code>`]])}${event.previews.map((p) => html`<p><b>${p.action}</b></p>${facts(p.facts.map((f) => [f.label, f.value] as const))}`)}`;
    case "check.observed":
    case "guard.observed":
    case "wait.looked":
      return html`${event.diagnosis.length > 0 && list(event.diagnosis)}<details><summary>What was observed</summary><pre>${JSON.stringify(event.result, null, 2)}</pre></details>`;
    case "operation.progressed":
    case "operation.ended":
      return event.servers.length > 0 && list(event.servers.map((s) => html`${s.name}: ${s.outcome}${s.detail !== "" && `, ${s.detail}`}`));
    default:
      return null;
  }
}

const tones: Readonly<Record<StepState["status"], Tone>> = { pending: "", open: "open", failing: "bad", passed: "good", failed: "bad", skipped: "warn", continued: "warn", "left-out": "" };

function standing(state: DrillState): Html {
  const owed = openDebts(state).length;
  return html`<p>${chip(state.status.replace("-", " "), state.status === "ended" ? "" : "open")} ${owed > 0 && chip(`${owed} owed`, "warn")} ${state.paused !== null && chip("paused", "warn")}</p>
<ol class="standing">${state.steps.map((s) => html`<li${s.step.id === state.current && html` aria-current="step"`}>${chip(s.status === "left-out" ? "left out" : s.status, tones[s.status])} ${s.step.title}${s.round > 1 && html` <span class="dim">attempt ${s.round}</span>`}</li>`)}</ol>`;
}

function stepper(drill: string, seq: number, { events, milestones }: Overview): Html {
  const link = (to: number | undefined, rel: string, words: string, key: string): Html =>
    to === undefined || to < 1 || to > events || to === seq ? html`<span class="off" aria-disabled="true">${words}</span>` : html`<a href="/drills/${drill}/replay/${to}" rel="${rel}" data-key="${key}">${words}</a>`;
  return html`<nav class="stepper" aria-label="Replay">${link(1, "first", "First", "Home")}${link(seq - 1, "prev", "Previous", "ArrowLeft")}${link(seq + 1, "next", "Next", "ArrowRight")}${link(milestones.find((m) => m > seq), "", "Next that changes something", "PageDown")}${link(events, "last", "Last", "End")}<span class="dim small">arrow keys step, too</span></nav>`;
}
