import type { Json } from "../../runbooks/runbook.ts";
import { canonicalBytes } from "../canonical.ts";
import { fieldsOf } from "../transcript/fields.ts";
import type { Transcript } from "../transcript/transcript.ts";

/** The report for programs: the transcript and the fields, as canonical JSON and a newline. */
export function reportData(t: Transcript): Uint8Array {
  const plain = JSON.parse(JSON.stringify({ format: 1, countsAsTest: t.mode !== "rehearsal", transcript: t, fields: fieldsOf(t) })) as Json;
  return Buffer.concat([canonicalBytes(plain), Buffer.from("\n")]);
}

/** The timeline for spreadsheets: RFC 4180, UTF-8. */
export function timelineCsv(t: Transcript): string {
  const head = ["seq", "at", "who", "what", "detail", ...(t.mode === "rehearsal" ? ["counts as test"] : [])];
  const rows = t.timeline.map((e) => [String(e.seq), e.at, e.by, e.what, e.detail, ...(t.mode === "rehearsal" ? ["no: rehearsal"] : [])]);
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** A spreadsheet takes a cell that begins so for a formula and runs it: what people typed stays text. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
