import { z } from "zod";
import type { CheckRow } from "../rows.ts";
import { numberOf, readCsv, type CsvRow } from "./csv.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const name = z.string().min(1).max(63);
const wanted = z.strictObject({
  /** Every node that must be there. */
  nodes: z.array(name).min(1).max(64).optional(),
  /** Nodes that are expected to be paused, as during maintenance; any other paused node fails. */
  paused: z.array(name).max(64).default([]),
});
type Wanted = z.infer<typeof wanted>;

/** The check `cluster-nodes`: what `Get-ClusterNode` says of every node, and whether one more may be lost. */
export const clusterNodes: FieldTool<Wanted> = {
  type: "cluster-nodes",
  summary: "Every node of the failover cluster is in the state it ought to be in",
  wanted,
  script: "cluster-nodes",
  timeoutMs: 120_000,
  read(outputs, want) {
    const rows = outputs.flatMap((output) => rowsOf(output, want));
    const diagnosis = rows.filter((row) => row.verdict === "down").map((row) => explain(row));
    return { rows, diagnosis, good: `${rows.length} nodes are as they ought to be` };
  },
};

function rowsOf({ server, text }: ToolOutput, want: Wanted): readonly CheckRow[] {
  const listed = readCsv(text, ["Name", "State"]);
  if (listed === null || listed.length === 0) return [unreadable(server, "Get-ClusterNode", "the columns Name and State are not there: is the failover cluster module installed, and is the cluster service running?")];
  const missing = (want.nodes ?? []).filter((node) => !listed.some((one) => same(one["Name"] ?? "", node)));
  return [
    ...listed.map((one) => rowOf(one, want)),
    ...missing.map((node): CheckRow => ({ target: node, label: "node", verdict: "down", status: "missing", reason: `${node} is no node of this cluster` })),
  ];
}

function rowOf(one: CsvRow, want: Wanted): CheckRow {
  const node = one["Name"] ?? "";
  const state = one["State"] ?? "";
  const meant = want.paused.some((paused) => same(paused, node)) ? "Paused" : "Up";
  const drain = one["DrainStatus"] ?? "";
  const badDrain = meant === "Paused" && /^(?:failed|inprogress)$/i.test(drain);
  const good = same(state, meant) && !badDrain;
  const reason = badDrain ? `${node} is paused, but its drain is ${drain}` : good ? state : `${node} is ${state === "" ? "in no state" : state}, and ought to be ${meant}`;
  return { target: node, label: "node", verdict: good ? "up" : "down", status: badDrain ? `${state}, drain ${drain}` : state, reason, facts: { state, drain, votes: numberOf(one["DynamicWeight"]) } };
}

function explain(row: CheckRow): string {
  if (row.status === "missing") return `${row.reason}. Compare the list of nodes in the runbook with the cluster.`;
  if (/drain/i.test(row.status)) return `${row.reason}. If the reason is "resource has locked status", a snapshot is stuck: list the VSS writers of the node before you try again.`;
  if (/paused/i.test(row.status)) return `${row.target} is paused and nobody said it would be: somebody else is working on it. Ask before you resume it with \`Resume-ClusterNode -Name ${row.target} -Failback Immediate\`.`;
  return `${row.reason}. Do not take another node away: look at the quorum with \`Get-ClusterQuorum\` and at the node's own console first.`;
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
