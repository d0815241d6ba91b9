import type { Retest } from "../transcript/retests.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { listed } from "../transcript/words.ts";
import { completeness, fieldsOf } from "../transcript/fields.ts";
import { html, type Html } from "./markup.ts";
import { chip, section, table } from "./pieces.ts";

/** What the drill before this one, of the same runbook, left to be shown again. */
export type EarlierRetests = { readonly drill: string; readonly retests: readonly Retest[] };

/** What had to be shown again, what has to be now, when the next test is due, and how complete this record is. */
export function retestSection(t: Transcript, earlier: EarlierRetests | null): Html {
  const next = t.nextTest.due === null ? html`<b>not set</b>: ${t.nextTest.why}` : html`<b>${t.nextTest.due}</b> (${t.nextTest.why})`;
  return section(
    "next",
    "Next test",
    html`<p>Next test due: ${next}. ${completeness(fieldsOf(t))} of <a href="#fields">what auditors ask</a>.</p>
${earlier !== null && earlier.retests.length > 0 && html`<p>Drill ${earlier.drill} left these to be shown again:</p>${table([{ label: "Objective" }, { label: "In the runbook" }, { label: "Then" }, { label: "Now" }], earlier.retests.map((r) => [r.objective, listed(r.segment), chip(r.result, "bad"), now(t, r)]))}`}
${t.retests.length > 0 && html`<p>To be shown again in the next drill of this runbook:</p>${table([{ label: "Objective" }, { label: "In the runbook" }, { label: "Now" }], t.retests.map((r) => [r.objective, listed(r.segment), chip(r.result, r.result === "not met" ? "bad" : "warn")]))}`}`,
  );
}

function now(t: Transcript, retest: Retest): Html {
  const outcome = t.objectives.find((o) => `${o.id} ${o.target}` === retest.objective)?.result;
  if (outcome === undefined) return chip("no longer an objective", "warn");
  return outcome === "met" ? chip(t.mode === "rehearsal" ? "met in rehearsal" : "met", t.mode === "rehearsal" ? "" : "good") : chip(outcome, outcome === "not met" ? "bad" : "warn");
}
