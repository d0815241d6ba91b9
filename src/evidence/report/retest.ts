import type { EarlierRetests } from "../../drills/events.ts";
import type { ObjectiveOutcome } from "../transcript/objectives.ts";
import { shownAgain } from "../transcript/retests.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { listed } from "../../texts/words.ts";
import { completeness, fieldsOf } from "../transcript/fields.ts";
import { html, type Html } from "./markup.ts";
import { chip, section, table } from "./pieces.ts";

/** What had to be shown again, what has to be now, when the next test is due, and how complete this record is. */
export function retestSection(t: Transcript, earlier: EarlierRetests | null): Html {
  const next = t.nextTest.due === null ? html`<b>not set</b>: ${t.nextTest.why}` : html`<b>${t.nextTest.due}</b> (${t.nextTest.why})`;
  return section(
    "next",
    "Next test",
    html`<p>Next test due: ${next}. ${completeness(fieldsOf(t))} of <a href="#fields">what auditors ask</a>.</p>
${earlier !== null && earlier.retests.length > 0 && html`<p>Drill ${earlier.drill} left these to be shown again:</p>${table([{ label: "Objective" }, { label: "In the runbook" }, { label: "Then" }, { label: "Now" }], shownAgain(earlier, t.objectives).map(({ retest: r, outcome }) => [r.objective, listed(r.segment), chip(r.result, r.result === "not met" ? "bad" : "warn"), now(t, r.objective, outcome)]))}`}
${t.retests.length > 0 && html`<p>To be shown again in the next drill of this runbook:</p>${table([{ label: "Objective" }, { label: "In the runbook" }, { label: "Now" }], t.retests.map((r) => [r.objective, listed(r.segment), chip(r.result, r.result === "not met" ? "bad" : "warn")]))}`}`,
  );
}

function now(t: Transcript, was: string, outcome: ObjectiveOutcome | null): Html {
  if (outcome === null) return chip("no longer an objective", "warn");
  const changed = `${outcome.id} ${outcome.target}` === was ? "" : ` (the target is ${outcome.target} now)`;
  const words = outcome.result === "met" && t.mode === "rehearsal" ? "met in rehearsal" : outcome.result === "not measured" ? "not shown again" : outcome.result;
  return html`${chip(words, outcome.result === "not met" ? "bad" : outcome.result === "met" && t.mode !== "rehearsal" && changed === "" ? "good" : "warn")}${changed}`;
}
