import { z } from "zod";
import type { CheckRow } from "../rows.ts";
import { numberOf, readCsv, type CsvRow } from "./csv.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const wanted = z.strictObject({
  minFreePercent: z.number().min(0).max(99).default(10),
  minFreeGB: z.number().min(0).max(100_000).default(1),
  /** File systems that may be there; without it any may. */
  fileSystems: z.array(z.enum(["NTFS", "ReFS", "CSVFS", "FAT32", "exFAT"])).min(1).optional(),
});
type Wanted = z.infer<typeof wanted>;

const gigabyte = 1_073_741_824;

/** The check `volumes`: what `Get-Volume` says of every fixed volume, its health and its free space. */
export const volumes: FieldTool<Wanted> = {
  type: "volumes",
  summary: "Every volume is healthy and has room left",
  wanted,
  script: "volumes",
  timeoutMs: 120_000,
  read(outputs, want) {
    const rows = outputs.flatMap((output) => rowsOf(output, want));
    return { rows, diagnosis: rows.filter((row) => row.verdict === "down").map(explain), good: `${rows.length} volumes are healthy and have room` };
  },
};

function rowsOf({ server, text }: ToolOutput, want: Wanted): readonly CheckRow[] {
  const listed = readCsv(text, ["FileSystem", "HealthStatus", "SizeRemaining", "Size"]);
  if (listed === null) return [unreadable(server, "Get-Volume", "the columns FileSystem, HealthStatus, SizeRemaining and Size are not there")];
  const fixed = listed.filter((one) => (numberOf(one["Size"]) ?? 0) > 0);
  if (fixed.length === 0) return [unreadable(server, "Get-Volume", "no volume with a size is listed")];
  return fixed.map((one) => rowOf(server, one, want));
}

function rowOf(server: string, one: CsvRow, want: Wanted): CheckRow {
  const size = numberOf(one["Size"]) ?? 0;
  const free = numberOf(one["SizeRemaining"]) ?? 0;
  const percent = Math.floor((free / size) * 1000) / 10;
  const letter = one["DriveLetter"] ?? "";
  const label = letter !== "" ? `${letter}:` : one["FileSystemLabel"] || one["Path"] || "volume";
  const healthy = /^healthy$/i.test(one["HealthStatus"] ?? "");
  const why = !healthy
    ? `${label} is ${one["HealthStatus"] || "in no known health"}`
    : want.fileSystems !== undefined && !want.fileSystems.some((fs) => fs.toLowerCase() === (one["FileSystem"] ?? "").toLowerCase())
      ? `${label} is ${one["FileSystem"] || "not formatted"}, and ought to be ${want.fileSystems.join(" or ")}`
      : percent < want.minFreePercent || free < want.minFreeGB * gigabyte
        ? `${label} has ${gigabytes(free)} free of ${gigabytes(size)} (${percent} %)`
        : null;
  return { target: server, label, verdict: why === null ? "up" : "down", status: `${percent} % free`, reason: why ?? `${gigabytes(free)} free`, facts: { free, size, fileSystem: one["FileSystem"] ?? "" } };
}

function gigabytes(bytes: number): string {
  return `${(bytes / gigabyte).toFixed(1)} GB`;
}

function explain(row: CheckRow): string {
  if (/free of/.test(row.reason)) return `${row.target}: ${row.reason}. Shadow copies need room: clear at least 1 GB, better 10 to 15 %, or backups of the whole host can hang its Hyper-V writer (event 10102).`;
  return `${row.target}: ${row.reason}. Find out why before anything rests on this volume.`;
}
