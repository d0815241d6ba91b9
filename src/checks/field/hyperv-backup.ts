import { z } from "zod";
import type { CheckRow } from "../rows.ts";
import { readCsv } from "./csv.ts";
import { readKnownProblems } from "./known-problems.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const wanted = z.strictObject({
  /** Further numbers of events or error codes that must not be there. */
  codes: z.array(z.number().int().min(1).max(4_294_967_295)).max(50).default([]),
});
type Wanted = z.infer<typeof wanted>;

/** What the catalogue says of a number in the host's log. */
const meanings: ReadonlyMap<number, string> = new Map(readKnownProblems().flatMap(({ codes, meaning, cure }) => codes.map((code) => [code, `${meaning}. ${cure.replace(/\.$/, "")}`] as const)));

/** The check `hyperv-backup`: no known error of backing up guests in the log Hyper-V-VMMS-Admin. */
export const hypervBackup: FieldTool<Wanted> = {
  type: "hyperv-backup",
  summary: "The host logged no known error while backing up its guests",
  wanted,
  script: "hyperv-backup",
  timeoutMs: 180_000,
  read(outputs, want) {
    const rows = outputs.flatMap((output) => rowsOf(output, want));
    return { rows, diagnosis: rows.filter((row) => row.verdict === "down").map((row) => `${row.target}: ${row.reason}.`), good: "No known error was logged" };
  },
};

function rowsOf({ server, text }: ToolOutput, want: Wanted): readonly CheckRow[] {
  if (/^\s*no events\s*$/im.test(text)) return [{ target: server, label: "events", verdict: "up", status: "none", reason: "no warning or error was logged" }];
  const events = readCsv(text, ["Id", "TimeCreated", "Message"]);
  if (events === null || events.length === 0) return [unreadable(server, "Get-WinEvent", "the columns Id, TimeCreated and Message are not there, nor the words `no events`")];
  const codes = [...meanings.keys(), ...want.codes];
  const found = codes.flatMap((code) => {
    const hits = events.filter((one) => one["Id"] === String(code) || new RegExp(`(?<!\\d)${code}(?!\\d)`).test(one["Message"] ?? ""));
    const last = hits.map((one) => one["TimeCreated"] ?? "").sort().at(-1);
    return last === undefined ? [] : [{ code, count: hits.length, last }];
  });
  if (found.length === 0) return [{ target: server, label: "events", verdict: "up", status: `${events.length} others`, reason: "none of the known errors" }];
  return found.map(({ code, count, last }) => ({ target: server, label: String(code), verdict: "down", status: `${count} times`, reason: `${code}, last at ${last}: ${meanings.get(code) ?? "named by the runbook"}` }));
}
