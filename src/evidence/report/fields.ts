import { completeness, fieldsOf, standards, type FieldStatus } from "../transcript/fields.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { html, type Html } from "./markup.ts";
import { chip, section, table, type Tone } from "./pieces.ts";

const tones: Readonly<Record<FieldStatus, Tone>> = { present: "good", missing: "bad", excepted: "warn" };

/** What auditors ask of an exercise, field by field, and how firmly each standard asks. */
export function fieldsSection(t: Transcript): Html {
  const fields = fieldsOf(t);
  const rows = fields.map((f) => [f.name, chip(f.status, tones[f.status]), f.why, ...standards.map((s) => f.asked[s])]);
  const columns = ["Field", "Status", "Where, or why not", ...standards].map((label) => ({ label }));
  return section("fields", "What auditors ask", html`<p>${completeness(fields)}.</p>${table(columns, rows)}
<p class="dim small">R: required by text that was read. E: expected by auditors. –: not said. ISO 22301 is known from summaries only. Whether an answer is good enough is for the auditor to say.</p>`);
}
