import type { OperationRecord, RequestEntry } from "../transcript/records.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { measuredDuration } from "../transcript/words.ts";
import { between } from "../../texts/words.ts";
import { html, type Html, type Part } from "./markup.ts";
import { chip, facts, folded, instant, section, table, type Column, type EventAt, type Tone } from "./pieces.ts";

const tones: Readonly<Record<string, Tone>> = {
  succeeded: "good", removed: "good", failed: "bad", refused: "bad", unknown: "bad", skipped: "warn", running: "open", waiting: "", "under way": "open",
};

/** What was changed in Azure, server by server, with the problems in Azure's own words. */
export function operationsSection(t: Transcript, eventAt: EventAt): Html {
  const body = t.operations.length === 0 ? html`<p class="dim">Nothing was changed.</p>` : html`${t.operations.map((o) => operationCard(o, t, eventAt))}`;
  return section("operations", "Azure actions", body);
}

function operationCard(o: OperationRecord, t: Transcript, eventAt: EventAt): Html {
  const took = o.endedAt === null ? "" : `, ${measuredDuration(between(o.intendedAt, o.endedAt))}`;
  return html`<div class="card"><h3>${o.title} ${chip(o.outcome, tones[o.outcome] ?? "")}</h3>
<p>${o.summary}</p>
${facts([
    ["Action", html`<code>${o.action}</code>${o.undo && " (takes back)"}`],
    ["When", html`${instant(o.intendedAt, t.startedAt)} to ${instant(o.endedAt, t.startedAt)}${took}`],
    ["On record", html`intended in ${eventAt(o.intendedSeq)}${o.startedSeq !== null && html`, started in ${eventAt(o.startedSeq)}`}${o.endedSeq !== null && html`, ended in ${eventAt(o.endedSeq)}`}`],
    ["Client request id", html`<code>${o.tag}</code>`],
    ["Azure job", o.handle === null ? "none" : html`<code>${o.handle}</code>${o.adopted && " (found after a lost answer, and adopted)"}`],
  ])}
${o.servers.length > 0 && table([{ label: "Server" }, { label: "Outcome" }, { label: "Test server" }, { label: "Detail" }], o.servers.map((s) => [s.name, chip(s.outcome, tones[s.outcome] ?? ""), s.testServer?.name ?? "–", s.detail]))}
${o.problems.map((p) => html`<div class="against"><p><b>${p.server ?? "The whole operation"}: ${p.message}</b> (${p.code})</p>${p.causes !== "" && html`<p>Possible causes: ${p.causes}</p>`}${p.action !== "" && html`<p>Recommended: ${p.action}</p>`}</div>`)}
${o.tasks.length > 0 && folded("Tasks", table([{ label: "Task" }, { label: "State" }, { label: "From", kind: "time" }, { label: "To", kind: "time" }], o.tasks.map((task) => [taskName(task), chip(task.state, tones[task.state] ?? ""), instant(task.startedAt, t.startedAt), instant(task.endedAt, t.startedAt)])))}
${folded("Input", html`<pre>${JSON.stringify(o.input, null, 2)}</pre>`)}
</div>
`;
}

/** Tasks inside others carry the names of those: the depth says as much in less room. */
function taskName(task: OperationRecord["tasks"][number]): string {
  return `${"· ".repeat(task.depth)}${task.name.split(" › ").at(-1) ?? task.name}`;
}

/** Every request, so that each can be found again in Azure's own logs. */
export function requestsSection(t: Transcript): Html {
  const columns: readonly Column[] = [{ label: "When", kind: "time" }, { label: "For", kind: "name" }, { label: "Request" }, { label: "Status" }, { label: "ms", kind: "num" }];
  const body = t.requests.length === 0 ? html`<p class="dim">None was sent.</p>` : table(columns, t.requests.map((r) => requestRow(r, t)));
  return section("requests", "Every request to Azure", body);
}

function requestRow(r: RequestEntry, t: Transcript): readonly Part[] {
  const ids = [["client", r.clientRequestId], ["request", r.requestId], ["correlation", r.correlationId], ["body SHA-256", r.bodySha256]] as const;
  return [
    instant(r.at, t.startedAt),
    html`${r.about}<br><span class="dim small">event ${r.seq}</span>`,
    html`<b>${r.method}</b> <code>${r.path}</code>${ids.flatMap(([label, id]) => (id === null ? [] : [html`<span class="ids">${label} <code>${id}</code></span>`]))}`,
    r.status === null ? chip("no answer", "warn") : r.status >= 400 ? chip(String(r.status), "bad") : String(r.status),
    String(r.durationMs),
  ];
}
