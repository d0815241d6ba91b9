import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import type { CheckRow } from "../rows.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const figure = z.number().min(0).max(1e9);
const wanted = z
  .strictObject({
    minIops: figure.optional(),
    minMBps: figure.optional(),
    maxLatencyMs: figure.optional(),
    /** What the same load gave before, and how many per cent of it may be lost. */
    baselineIops: figure.optional(),
    mayLosePercent: z.number().min(0).max(100).default(20),
  });
type Wanted = z.infer<typeof wanted>;

type Load = { readonly iops: number; readonly megabytes: number; readonly latencyMs: number | null };

const megabyte = 1_048_576;
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, processEntities: false });

/** The check `diskspd`: a load measured by DiskSPD (`-Rxml`) against a floor and a baseline. */
export const diskspd: FieldTool<Wanted> = {
  type: "diskspd",
  summary: "Storage carries the load that DiskSPD puts on it",
  wanted,
  script: null,
  timeoutMs: 0,
  read(outputs, want) {
    const rows = outputs.flatMap((output) => rowsOf(output, want));
    return { rows, diagnosis: rows.filter((row) => row.verdict === "down").map((row) => `${row.target}: ${row.reason}. The recovery side would be slower than that under the real load: look at its disk tier, cache and resilience before you rely on it.`), good: rows.map((row) => row.status).join("; ") };
  },
};

function rowsOf({ server, text }: ToolOutput, want: Wanted): readonly CheckRow[] {
  const load = loadIn(text);
  if (load === null) return [unreadable(server, "DiskSPD", "this is no DiskSPD result in XML (run it with -Rxml), or nothing was measured")];
  if (want.minIops === undefined && want.minMBps === undefined && want.maxLatencyMs === undefined && want.baselineIops === undefined) {
    return [unreadable(server, "DiskSPD", "the runbook names no floor and no baseline to judge it by")];
  }
  const least = want.baselineIops === undefined ? null : want.baselineIops * (1 - want.mayLosePercent / 100);
  const faults = [
    ...(want.minIops !== undefined && load.iops < want.minIops ? [`${round(load.iops)} IOPS, fewer than ${want.minIops}`] : []),
    ...(least !== null && load.iops < least ? [`${round(load.iops)} IOPS, ${round(100 - (load.iops / (want.baselineIops ?? 1)) * 100)} % below the baseline of ${want.baselineIops}`] : []),
    ...(want.minMBps !== undefined && load.megabytes < want.minMBps ? [`${round(load.megabytes)} MB/s, less than ${want.minMBps}`] : []),
    ...(want.maxLatencyMs !== undefined && (load.latencyMs === null || load.latencyMs > want.maxLatencyMs) ? [load.latencyMs === null ? "no latency was measured: run DiskSPD with -L" : `${load.latencyMs.toFixed(2)} ms on average, more than ${want.maxLatencyMs}`] : []),
  ];
  const status = `${round(load.iops)} IOPS, ${round(load.megabytes)} MB/s${load.latencyMs === null ? "" : `, ${load.latencyMs.toFixed(2)} ms`}`;
  return [{ target: server, label: "DiskSPD", verdict: faults.length === 0 ? "up" : "down", status, reason: faults.length === 0 ? status : faults.join("; "), facts: load }];
}

/** Sums over every thread and target of the first time span; null when there is nothing to sum. */
function loadIn(text: string): Load | null {
  const span = at(parsed(text), "Results", "TimeSpan");
  const first = Array.isArray(span) ? span[0] : span;
  const seconds = Number(at(first, "TestTimeSeconds"));
  const targets = list(at(first, "Thread")).flatMap((thread) => list(at(thread, "Target")));
  if (!(seconds > 0) || targets.length === 0) return null;
  const sum = (tag: string): number => targets.reduce((total: number, target) => total + (Number(at(target, tag)) || 0), 0);
  const count = sum("ReadCount") + sum("WriteCount");
  const weighted = targets.reduce((total: number, target) => total + product(target, "ReadCount", "AverageReadLatencyMilliseconds") + product(target, "WriteCount", "AverageWriteLatencyMilliseconds"), 0);
  if (count === 0) return null;
  const timed = targets.some((target) => at(target, "AverageReadLatencyMilliseconds") !== undefined || at(target, "AverageWriteLatencyMilliseconds") !== undefined);
  return { iops: count / seconds, megabytes: (sum("ReadBytes") + sum("WriteBytes")) / megabyte / seconds, latencyMs: timed ? weighted / count : null };
}

function parsed(text: string): Json {
  const start = text.indexOf("<Results>");
  const end = text.lastIndexOf("</Results>");
  if (start < 0 || end < start) return null;
  try {
    return parser.parse(text.slice(start, end + "</Results>".length)) as Json;
  } catch {
    return null;
  }
}

function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((here, key) => (isRecord(here) ? here[key] : undefined), value);
}

function list(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : value instanceof Array ? value : [value];
}

function product(target: Json | undefined, count: string, latency: string): number {
  return (Number(at(target, count)) || 0) * (Number(at(target, latency)) || 0);
}

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
}
