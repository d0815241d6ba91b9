import { sha256 } from "../hash.ts";
import { readCanonical } from "./canonical-json.ts";
import type { ReadFile } from "./container.ts";
import { fault, type Fault } from "./fault.ts";
import type { History } from "./history.ts";

/**
 * Holds every record against its commitment, and what is missing against what events say was erased. `erased`: how many
 * records and stored files are gone by an event's word. `stored`: the hashes of the files that records name.
 */
export function recordFaults(history: History, files: ReadonlyMap<string, ReadFile>): { readonly faults: readonly Fault[]; readonly erased: number; readonly stored: ReadonlySet<string> } {
  const given = new Set<string>();
  const stored = new Set<string>();
  const faults: Fault[] = [];
  let last = "";
  for (const [index, line] of linesOf(files.get("records.jsonl")?.bytes ?? null).entries()) {
    const where = `records.jsonl, line ${index + 1}`;
    const read = line === null ? "has no end" : wrongWith(line, history, last);
    if (typeof read === "string") return { faults: [fault(where, read)], erased: 0, stored };
    last = read.ref;
    given.add(last);
    if (read.file === null) continue;
    stored.add(read.file);
    if (!files.has(`blobs/${read.file}`)) faults.push(fault(`blobs/${read.file}`, `is missing, and ${last} names it`));
  }
  const missing = [...history.references.keys()].filter((ref) => !given.has(ref));
  const unsaid = missing.find((ref) => !history.erased.has(ref));
  if (unsaid !== undefined) faults.push(fault("records.jsonl", `lacks ${unsaid}, and no event says that it was erased`));
  const kept = [...given].find((ref) => history.erased.has(ref));
  if (kept !== undefined) faults.push(fault("records.jsonl", `still holds ${kept}, which an event says was erased`));
  const blobs = [...history.erased].filter((hash) => history.named.has(hash) && !history.references.has(hash) && !files.has(`blobs/${hash}`)).length;
  return { faults, erased: missing.length + blobs, stored };
}

function linesOf(bytes: Uint8Array | null): readonly (Buffer | null)[] {
  if (bytes === null) return [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: (Buffer | null)[] = [];
  for (let start = 0; start < buffer.length || lines.length === 0; ) {
    const end = buffer.indexOf(0x0a, start);
    if (end < 0) return [...lines, null];
    lines.push(buffer.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function wrongWith(line: Buffer, history: History, last: string): string | { readonly ref: string; readonly file: string | null } {
  const reading = readCanonical(line);
  if ("why" in reading) return reading.why;
  const { value } = reading;
  const members = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  const { ref, salt, value: held } = members;
  if (Object.keys(members).join() !== "ref,salt,value" || typeof ref !== "string" || typeof salt !== "string" || !/^[0-9a-f]{64}$/.test(salt)) return "is no record";
  const expected = history.references.get(ref);
  if (expected === undefined) return `is of ${ref}, which no event names`;
  if (ref <= last) return `stands out of order after ${last}`;
  const isFile = ref.startsWith("h-");
  if (isFile && (typeof held !== "string" || !/^[0-9a-f]{64}$/.test(held))) return "is of a stored file, and holds no SHA-256";
  // The canonical bytes of the value stand in the line itself, between what comes before and the closing brace.
  const before = Buffer.byteLength(`{"ref":${JSON.stringify(ref)},"salt":"${salt}","value":`);
  const bytes = line.subarray(before, line.length - 1);
  return sha256("drillbook/record/1\n", Buffer.from(salt, "hex"), bytes) === expected ? { ref, file: isFile ? String(held) : null } : `does not fit the commitment that an event holds for ${ref}`;
}
