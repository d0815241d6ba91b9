import { z } from "zod";
import type { CheckRow } from "../rows.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const wanted = z.strictObject({
  /** Writers that must be there; without it every writer that is listed is judged, and none is missed. */
  writers: z.array(z.string().min(1).max(100)).min(1).max(40).optional(),
});
type Wanted = z.infer<typeof wanted>;

type Writer = { readonly name: string; readonly state: number; readonly words: string; readonly error: string };

const stable = 1;
const hyperV = "Microsoft Hyper-V VSS Writer";

/** The check `vss-writers`: every writer of `vssadmin list writers` is stable and had no error. */
export const vssWriters: FieldTool<Wanted> = {
  type: "vss-writers",
  summary: "Every volume shadow copy writer is stable and without an error",
  wanted,
  script: "vss-writers",
  timeoutMs: 120_000,
  read(outputs, want) {
    const rows = outputs.flatMap((output) => rowsOf(output, want.writers ?? []));
    return { rows, diagnosis: rows.filter((row) => row.verdict === "down").map(explain), good: `${rows.length} writers are stable` };
  },
};

function rowsOf({ server, text }: ToolOutput, required: readonly string[]): readonly CheckRow[] {
  const writers = writersIn(text);
  if (writers.length === 0) return [unreadable(server, "vssadmin", "no writer can be read from it: is this the English output of `vssadmin list writers`, run as administrator?")];
  const missing = required.filter((name) => !writers.some((one) => same(one.name, name)));
  return [
    ...writers.map((one) => rowOf(server, one)),
    ...missing.map((name): CheckRow => ({ target: server, label: name, verdict: "down", status: "missing", reason: `${name} is not listed` })),
  ];
}

function writersIn(text: string): readonly Writer[] {
  const blocks = text.split(/^\s*Writer name:\s*/im).slice(1);
  return blocks.flatMap((block) => {
    const name = /^'([^'\n]{1,100})'/.exec(block)?.[1];
    const [, number, words] = /^\s*State:\s*\[(\d{1,2})\]\s*(.{0,60}?)\s*$/im.exec(block) ?? [];
    const error = /^\s*Last error:\s*(.{1,100}?)\s*$/im.exec(block)?.[1];
    return name === undefined || number === undefined || error === undefined ? [] : [{ name, state: Number(number), words: words ?? "", error }];
  });
}

function rowOf(server: string, { name, state, words, error }: Writer): CheckRow {
  const good = state === stable && /^no error$/i.test(error);
  return {
    target: server,
    label: name,
    verdict: good ? "up" : "down",
    status: `[${state}] ${words}`,
    reason: good ? "stable, no error" : `${name} is in state [${state}] ${words}; last error: ${error}`,
    facts: { state, error },
  };
}

function explain(row: CheckRow): string {
  if (row.status === "missing") return `${row.target}: ${row.label} is not listed. Start the service that brings it, then list the writers again.`;
  if (same(row.label, hyperV)) {
    return `${row.target}: the Hyper-V writer is stuck (${row.status}). A backup was killed or a guest's volume is nearly full: look for event 10102 in Hyper-V-VMMS-Admin and at the free space in every guest before you restart anything. While it is stuck, draining this node fails with "resource has locked status".`;
  }
  return `${row.target}: ${row.reason}. Restart the service behind this writer, then list the writers again; do not begin a backup or a drain before it is stable.`;
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
