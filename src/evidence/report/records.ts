import type { Transcript } from "../transcript/transcript.ts";
import { counted } from "../../texts/words.ts";
import { html, type Html, type Part } from "./markup.ts";
import { chip, facts, instant, section, table, type Column, type Tone } from "./pieces.ts";

const when: Column = { label: "When", kind: "time" };

/** What went otherwise than the runbook says, with the reason that people gave. */
export function deviationsSection(t: Transcript): Html {
  const rows = t.deviations.map((d) => [instant(d.at, t.startedAt), d.by, d.what, d.why]);
  return section("deviations", "Deviations", orNone(rows, [when, { label: "Who", kind: "name" }, { label: "What" }, { label: "Why" }], "The drill went as planned."));
}

/** What people wrote down, beside the step at which they did. */
export function notesSection(t: Transcript): Html {
  const rows = t.notes.map((n) => [instant(n.at, t.startedAt), n.by, n.about, n.text]);
  return section("notes", "Notes", orNone(rows, [when, { label: "Who", kind: "name" }, { label: "At" }, { label: "Note" }], "None was taken."));
}

const debtTones: Readonly<Record<Transcript["cleanup"]["debts"][number]["status"], Tone>> = { owed: "bad", undoing: "open", failed: "bad", undone: "good", accepted: "warn", kept: "good" };

/** What existed because of the drill, and that it is gone. */
export function cleanupSection(t: Transcript): Html {
  const { servers, debts, why, reason } = t.cleanup;
  const removed = servers.filter((s) => s.removedAt !== null).length;
  const began = why === null ? "Cleanup has not begun." : `Cleanup began because the drill ${why === "finished" ? "was finished" : `was ${why}`}${reason === "" ? "" : `: ${reason}`}.`;
  const serverRows = servers.map((s) => [html`${s.name}<br><code class="small">${s.id}</code>`, s.removedAt === null ? chip("still there", "bad") : html`removed ${instant(s.removedAt, t.startedAt)}`]);
  const debtRows = debts.map((d) => [d.what, chip(d.status, debtTones[d.status]), counted(d.attempts, "attempt"), d.detail]);
  return section(
    "cleanup",
    "Cleanup",
    html`<p>${began} ${servers.length > 0 && `${counted(servers.length, "test server")} created, ${removed} removed.`}</p>
${serverRows.length > 0 && table([{ label: "Created by the drill" }, { label: "Afterwards", kind: "time" }], serverRows)}
${debtRows.length > 0 && table([{ label: "To be taken back" }, { label: "Status" }, { label: "Attempts" }, { label: "Detail" }], debtRows)}`,
  );
}

/** Everybody who had a role, also who took no part: an empty seat is a result. */
export function participantsSection(t: Transcript): Html {
  const rows = t.participants.map((p) => [p.person.name, p.roles.join(", "), p.did.length === 0 ? html`<span class="dim">took no part</span>` : p.did.join(", "), html`<code class="small">${p.person.id}</code>`]);
  return section("participants", "Participants", table([{ label: "Who", kind: "name" }, { label: "Roles at launch" }, { label: "Did" }, { label: "Id" }], rows));
}

/** What the runbook was launched with; names of resources stand in full. */
export function parametersSection(t: Transcript): Html {
  return section("parameters", "Parameters", t.parameters.length === 0 ? html`<p class="dim">The runbook takes none.</p>` : facts(t.parameters.map((p) => [p.label, html`<code>${p.value}</code>`] as const)));
}

/** Every event, numbered as in the bundle, so that each line can be looked up there. */
export function timelineSection(t: Transcript): Html {
  const rows = t.timeline.map((e) => [String(e.seq), instant(e.at, t.startedAt), e.by === "" ? html`<span class="dim">Drillbook</span>` : e.by, e.what, html`<span class="dim">${e.detail}</span>`]);
  return section("timeline", "Every event", table([{ label: "No.", kind: "num" }, when, { label: "Who", kind: "name" }, { label: "What" }, { label: "Detail" }], rows));
}

function orNone(rows: readonly (readonly Part[])[], columns: readonly Column[], none: string): Html {
  return rows.length === 0 ? html`<p class="dim">${none}</p>` : table(columns, rows);
}
