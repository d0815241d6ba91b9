import { z } from "zod";
import { sayDuration } from "../../runbooks/duration-text.ts";
import type { CheckRow } from "../rows.ts";
import { numberOf, readCsv, type CsvRow } from "./csv.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const wanted = z.strictObject({
  /** Kinds of jobs that may run, by a part of their name: Optimize and Rebalance move data about and repair nothing. */
  allow: z.array(z.string().min(1).max(60)).max(10).default([]),
});
type Wanted = z.infer<typeof wanted>;

const over = /^(?:completed|completedwitherrors)$/i;

/** The check `storage-jobs`: no repair or resynchronisation runs, and every virtual disk is healthy. The gate between two nodes. */
export const storageJobs: FieldTool<Wanted> = {
  type: "storage-jobs",
  summary: "No storage repair is under way and every virtual disk is healthy",
  wanted,
  script: "storage-jobs",
  timeoutMs: 120_000,
  read(outputs, want) {
    const rows = outputs.flatMap((output) => [...jobRows(output, want), ...diskRows(output)]);
    return { rows, diagnosis: rows.filter((row) => row.verdict === "down").map(explain), good: "No repair is under way, and every virtual disk is healthy" };
  },
};

/** The script prints the disks first; the jobs follow under their own header, or `no jobs`. */
function jobRows({ server, text }: ToolOutput, want: Wanted): readonly CheckRow[] {
  if (/^\s*no jobs\s*$/im.test(text)) return [];
  const jobs = readCsv(afterDisks(text), ["Name", "JobState"]);
  if (jobs === null) return [unreadable(server, "Get-StorageJob", "the columns Name and JobState are not there, nor the words `no jobs`")];
  return jobs.filter((one) => !over.test(one["JobState"] ?? "") || /errors/i.test(one["JobState"] ?? "")).map((one) => jobRow(server, one, want));
}

function afterDisks(text: string): string {
  const at = text.search(/^"?Name"?,"?JobState/im);
  return at < 0 ? text : text.slice(at);
}

function jobRow(server: string, one: CsvRow, want: Wanted): CheckRow {
  const name = one["Name"] ?? "";
  const percent = numberOf(one["PercentComplete"]);
  const allowed = want.allow.some((part) => name.toLowerCase().includes(part.toLowerCase()));
  return {
    target: server,
    label: name,
    verdict: allowed ? "up" : "down",
    status: `${one["JobState"]}${percent === null ? "" : `, ${percent} %`}`,
    reason: allowed ? "may run" : `${name} is ${one["JobState"]}${percent === null ? "" : ` at ${percent} %`}`,
    facts: { percent, bytesLeft: left(one), elapsed: elapsedOf(one) },
  };
}

function left(one: CsvRow): number | null {
  const total = numberOf(one["BytesTotal"]);
  const done = numberOf(one["BytesProcessed"]);
  return total === null || done === null ? null : Math.max(0, total - done);
}

function elapsedOf(one: CsvRow): string {
  const seconds = numberOf(one["ElapsedSeconds"]);
  return seconds === null ? "" : sayDuration(seconds * 1000);
}

function diskRows({ server, text }: ToolOutput): readonly CheckRow[] {
  const end = text.search(/^"?Name"?,"?JobState|^\s*no jobs\s*$/im);
  const disks = readCsv(end < 0 ? text : text.slice(0, end), ["FriendlyName", "HealthStatus", "OperationalStatus"]);
  if (disks === null || disks.length === 0) return [unreadable(server, "Get-VirtualDisk", "the columns FriendlyName, HealthStatus and OperationalStatus are not there")];
  return disks.map((one) => {
    const healthy = /^healthy$/i.test(one["HealthStatus"] ?? "") && /^ok$/i.test(one["OperationalStatus"] ?? "");
    const status = `${one["HealthStatus"]}, ${one["OperationalStatus"]}`;
    return { target: server, label: one["FriendlyName"] ?? "", verdict: healthy ? "up" : "down", status, reason: healthy ? "healthy" : `virtual disk ${one["FriendlyName"]} is ${status}` };
  });
}

function explain(row: CheckRow): string {
  if (row.reason.startsWith("virtual disk")) return `${row.target}: ${row.reason}. Taking another node away now can take the volume offline: wait until it is Healthy, and look at \`Get-PhysicalDisk\` if it does not get there.`;
  return `${row.target}: ${row.reason}. The copies are not equal yet: do not pause the next node before this has ended (minutes to hours).`;
}
