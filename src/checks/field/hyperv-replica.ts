import { z } from "zod";
import { parseDuration } from "../../runbooks/duration.ts";
import { durationText, sayDuration } from "../../runbooks/duration-text.ts";
import type { CheckRow } from "../rows.ts";
import { numberOf, readCsv, type CsvRow } from "./csv.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const wanted = z.strictObject({
  /** How old the last replication of a virtual machine may be. */
  maxLag: durationText({ min: 30_000, max: 30 * 86_400_000 }).default("15m"),
  /** Virtual machines that must be replicated; one that is not listed fails. */
  machines: z.array(z.string().min(1).max(100)).min(1).max(200).optional(),
});
type Wanted = z.infer<typeof wanted>;

/** The check `hyperv-replica`: what `Measure-VMReplication` says of every virtual machine, its health, state and age. */
export const hypervReplica: FieldTool<Wanted> = {
  type: "hyperv-replica",
  summary: "Hyper-V Replica is healthy and recent for every virtual machine",
  wanted,
  script: "hyperv-replica",
  timeoutMs: 120_000,
  read(outputs, want, at) {
    const rows = outputs.flatMap((output) => rowsOf(output, want, at));
    const missing = (want.machines ?? []).filter((name) => !rows.some((row) => row.label.toLowerCase() === name.toLowerCase()));
    const absent = missing.map((name): CheckRow => ({ target: outputs.map((o) => o.server).join(", "), label: name, verdict: "down", status: "not replicated", reason: `${name} is not replicated from here` }));
    const all = [...rows, ...absent];
    return { rows: all, diagnosis: all.filter((row) => row.verdict === "down").map(explain), good: `${all.length} virtual machines replicate and are recent` };
  },
};

function rowsOf({ server, text }: ToolOutput, want: Wanted, at: Date): readonly CheckRow[] {
  const listed = readCsv(text, ["Name", "State", "Health", "LReplTime"]);
  if (listed === null) return [unreadable(server, "Measure-VMReplication", "the columns Name, State, Health and LReplTime are not there")];
  if (listed.length === 0) return [{ target: server, label: "replication", verdict: "down", status: "none", reason: "no virtual machine is replicated" }];
  return listed.map((one) => rowOf(server, one, want, at));
}

function rowOf(server: string, one: CsvRow, want: Wanted, at: Date): CheckRow {
  const name = one["Name"] ?? "";
  const last = Date.parse(one["LReplTime"] ?? "");
  const lagMs = Number.isNaN(last) ? null : at.getTime() - last;
  const facts = { state: one["State"] ?? "", health: one["Health"] ?? "", lastReplication: one["LReplTime"] ?? "", pendingBytes: numberOf(one["PReplSize"]) };
  const why = problem(one, lagMs, parseDuration(want.maxLag) ?? 0, want.maxLag);
  return { target: server, label: name, verdict: why === null ? "up" : "down", status: `${facts.state}, ${facts.health}`, reason: why ?? `replicated ${sayDuration(Math.max(0, lagMs ?? 0))} ago`, facts };
}

/** State and health as Hyper-V names them: Replicating and Normal are the only good ones. */
function problem(one: CsvRow, lagMs: number | null, mostMs: number, most: string): string | null {
  if (one["State"]?.toLowerCase() !== "replicating") return `the state is ${one["State"] === "" ? "empty" : one["State"]}, not Replicating`;
  if (one["Health"]?.toLowerCase() !== "normal") return `the health is ${one["Health"] === "" ? "empty" : one["Health"]}, not Normal`;
  if (lagMs === null) return "it has never replicated";
  if (lagMs < -300_000) return "its last replication lies in the future: compare the clocks";
  return lagMs > mostMs ? `its last replication is ${sayDuration(lagMs)} old, more than ${most}` : null;
}

function explain(row: CheckRow): string {
  if (row.status === "not replicated") return `${row.label} is not protected by Hyper-V Replica from here: enable it, or say in the plan what protects it instead.`;
  if (/resynchroni/i.test(row.status)) return `${row.label} on ${row.target} waits for resynchronisation (${row.status}): start it with \`Resume-VMReplication -VMName "${row.label}" -Resynchronize\` outside working hours; it reads every block.`;
  if (/suspended/i.test(row.status)) return `${row.label} on ${row.target} is suspended: find out who suspended it and why, then \`Resume-VMReplication -VMName "${row.label}"\`.`;
  return `${row.label} on ${row.target}: ${row.reason}. A failover now loses what was written since. Look at the event log Hyper-V-VMMS-Admin on both sides, at the free space of the replica volume and at the link.`;
}
