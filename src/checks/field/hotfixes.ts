import { z } from "zod";
import type { CheckRow } from "../rows.ts";
import { readCsv } from "./csv.ts";
import { readKnownProblems } from "./known-problems.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const kb = z.string().regex(/^KB\d{5,8}$/i, { error: "Write the number of an update as KB5003171." });
const wanted = z.strictObject({
  /** Updates that every node must have, and those that none may have. */
  required: z.array(kb).max(50).default([]),
  forbidden: z.array(kb).max(50).default([]),
  /** Updates that the catalogue of known problems calls bad, without the one that mends them, fail too. */
  known: z.boolean().default(true),
  /** Every node must have the same updates. */
  equal: z.boolean().default(true),
});
type Wanted = z.infer<typeof wanted>;
type Node = { readonly name: string; readonly updates: ReadonlySet<string> };

const problems = readKnownProblems().filter(({ kind }) => kind === "bad-update");

/** The check `hotfixes`: what `Get-HotFix` lists on several nodes, compared with each other and with what must and must not be there. */
export const hotfixes: FieldTool<Wanted> = {
  type: "hotfixes",
  summary: "The nodes have the same updates, those they need, and none that is known to be bad",
  wanted,
  script: "hotfixes",
  timeoutMs: 180_000,
  read(outputs, want) {
    const nodes = nodesIn(outputs);
    const unread = outputs.filter((output) => readCsv(output.text, ["CSName", "HotFixID"]) === null).map(({ server }) => unreadable(server, "Get-HotFix", "the columns CSName and HotFixID are not there"));
    const lonely = want.equal && nodes.length === 1 && unread.length === 0 ? [unreadable(nodes[0]?.name ?? "", "comparison", "there is only one node to compare")] : [];
    const rows = [...unread, ...lonely, ...nodes.map((node) => rowOf(node, nodes, want))];
    return { rows, diagnosis: rows.filter((row) => row.verdict === "down").map(explain), good: `${nodes.length} nodes have the same updates` };
  },
};

/** By the computer's own name, because one pasted output may speak of several. */
function nodesIn(outputs: readonly ToolOutput[]): readonly Node[] {
  const listed = outputs.flatMap(({ text }) => readCsv(text, ["CSName", "HotFixID"]) ?? []);
  const byName = Map.groupBy(listed, (one) => (one["CSName"] ?? "").toUpperCase());
  return [...byName].map(([name, rows]) => ({ name, updates: new Set(rows.flatMap((row) => (/^KB\d+$/i.test(row["HotFixID"] ?? "") ? [(row["HotFixID"] ?? "").toUpperCase()] : []))) }));
}

function rowOf(node: Node, nodes: readonly Node[], want: Wanted): CheckRow {
  const everywhere = new Set(nodes.flatMap((one) => [...one.updates]));
  const lacks = want.equal ? [...everywhere].filter((update) => !node.updates.has(update)) : [];
  const needed = want.required.map((one) => one.toUpperCase()).filter((update) => !node.updates.has(update) && !lacks.includes(update));
  const bad = want.forbidden.map((one) => one.toUpperCase()).filter((update) => node.updates.has(update));
  const suspect = want.known ? problems.filter(({ updates, mendedBy }) => updates.some((one) => node.updates.has(one)) && !mendedBy.some((one) => node.updates.has(one))) : [];
  const reasons = [
    ...suspect.map(({ updates, mendedBy, meaning }) => `has ${updates.join(", ")} without ${mendedBy.join(" or ")}: ${meaning}`),
    ...(lacks.length > 0 ? [`lacks ${lacks.sort().join(", ")}, which another node has`] : []),
    ...(needed.length > 0 ? [`lacks ${needed.join(", ")}, which it needs`] : []),
    ...(bad.length > 0 ? [`has ${bad.join(", ")}, which it must not have`] : []),
  ];
  return { target: node.name, label: "updates", verdict: reasons.length === 0 ? "up" : "down", status: `${node.updates.size} updates`, reason: reasons.length === 0 ? "the same as the others" : `${node.name} ${reasons.join("; ")}` };
}

function explain(row: CheckRow): string {
  return `${row.reason}. Make the nodes equal before the drill: update tools may say "not applicable" where an update was wrongly marked as superseded, so install it by hand and compare again.`;
}
