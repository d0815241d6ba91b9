import { sayDuration } from "../../runbooks/duration-text.ts";
import type { StepRecord } from "../transcript/records.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { measuredDuration } from "../transcript/words.ts";
import { html, type Html } from "./markup.ts";
import { chip, instant, list, section, table, type Tone } from "./pieces.ts";

const tones: Readonly<Record<StepRecord["status"], Tone>> = {
  pending: "", open: "open", failing: "bad", passed: "good", failed: "bad", skipped: "warn", continued: "warn", "left-out": "",
};

const said: Readonly<Record<StepRecord["status"], string>> = {
  pending: "not reached", open: "open", failing: "waiting for a decision", passed: "passed", failed: "failed", skipped: "skipped", continued: "failed, passed over", "left-out": "not on this branch",
};

/** Every step in the runbook's order: when, by whom, and how its time was spent. */
export function stepsSection(t: Transcript): Html {
  const columns = [
    { label: "Step", kind: "title" as const }, { label: "Result" }, { label: "Opened", kind: "time" as const }, { label: "Closed", kind: "time" as const }, { label: "By", kind: "name" as const },
    { label: "Planned", kind: "num" as const }, { label: "Machine", kind: "num" as const }, { label: "People", kind: "num" as const }, { label: "Waiting", kind: "num" as const },
  ];
  const rows = t.steps.map((s) => [
    titled(s),
    html`${chip(said[s.status], tones[s.status])}${s.rounds > 1 && html`<br><span class="dim small">attempt ${s.rounds}</span>`}`,
    instant(s.openedAt, t.startedAt),
    instant(s.closedAt, t.startedAt),
    s.closedBy === "" && s.openedAt !== null ? "Drillbook" : s.closedBy,
    s.plannedMs === null ? "–" : sayDuration(s.plannedMs),
    spent(s.machineMs),
    spent(s.peopleMs),
    spent(s.waitingMs),
  ]);
  const { totalMs, machineMs, peopleMs, waitingMs } = t.clocks;
  return section(
    "steps",
    "Steps",
    html`${table(columns, rows)}
<p class="dim small">The whole drill took ${measuredDuration(totalMs)}: machine ${measuredDuration(machineMs)}, people working ${measuredDuration(peopleMs)}, waiting for people ${measuredDuration(waitingMs)}, cleanup and signatures included.</p>`,
  );
}

function titled(step: StepRecord): Html {
  const ticked = step.items.map((item) => html`${item.ticked ? "☑" : "☐"} ${item.text}`);
  return html`${step.title}${step.guard && html` <span class="chip">guard</span>`}<br><span class="dim small">${step.phase} · ${step.kind}</span>${step.reason !== "" && html`<br><span class="small">${step.reason}</span>`}${ticked.length > 0 && html`<span class="small">${list(ticked)}</span>`}`;
}

function spent(ms: number): string {
  return ms === 0 ? "–" : measuredDuration(ms);
}
