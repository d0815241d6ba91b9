import { z } from "zod";
import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import type { CheckRow } from "../rows.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const wanted = z.strictObject({
  minReadyNodes: z.number().int().min(1).max(5_000).default(1),
  /** Namespaces whose pods are judged; without it all of them. */
  namespaces: z.array(z.string().regex(/^[a-z0-9-]{1,63}$/)).min(1).max(50).optional(),
  /** Nodes that are expected to be away: their being not ready fails nothing. */
  lost: z.array(z.string().min(1).max(253)).max(100).default([]),
});
type Wanted = z.infer<typeof wanted>;

/** The check `kubernetes`: what `kubectl get nodes,pods --all-namespaces -o json` says of nodes and workloads. */
export const kubernetes: FieldTool<Wanted> = {
  type: "kubernetes",
  summary: "Enough nodes are ready, and every pod runs on one of them",
  wanted,
  script: "kubernetes",
  timeoutMs: 120_000,
  read(outputs, want) {
    const rows = outputs.flatMap((output) => rowsOf(output, want));
    return { rows, diagnosis: rows.filter((row) => row.verdict === "down").map(explain), good: `${rows.length} nodes and pods are well` };
  },
};

function rowsOf({ server, text }: ToolOutput, want: Wanted): readonly CheckRow[] {
  const items = itemsIn(text);
  const nodes = items.filter((one) => one["kind"] === "Node");
  if (nodes.length === 0) return [unreadable(server, "kubectl", "no node is in it: paste the JSON of `kubectl get nodes,pods --all-namespaces -o json`")];
  const nodeRows = nodes.map((node) => nodeRow(node, want));
  const ready = nodes.filter(isReady).length;
  const enough: CheckRow = { target: server, label: "ready nodes", verdict: ready >= want.minReadyNodes ? "up" : "down", status: `${ready} of ${nodes.length}`, reason: ready >= want.minReadyNodes ? "enough" : `${ready} nodes are ready, fewer than ${want.minReadyNodes}` };
  const pods = items.filter((one) => one["kind"] === "Pod" && (want.namespaces === undefined || want.namespaces.includes(word(one, "metadata", "namespace"))));
  return [enough, ...nodeRows, ...pods.map((pod) => podRow(pod, nodes))];
}

type Item = { readonly [key: string]: Json };

function itemsIn(text: string): readonly Item[] {
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}");
  if (start < 0 || end < start) return [];
  try {
    const read = JSON.parse(text.slice(start, end + 1)) as Json;
    const items = isRecord(read) ? read["items"] : null;
    return items instanceof Array ? items.filter(isRecord) : [];
  } catch {
    return [];
  }
}

function nodeRow(node: Item, want: Wanted): CheckRow {
  const name = word(node, "metadata", "name");
  const ready = isReady(node);
  const away = want.lost.includes(name);
  return { target: name, label: "node", verdict: ready || away ? "up" : "down", status: ready ? "ready" : away ? "away, as expected" : "not ready", reason: ready || away ? "as expected" : `node ${name} is not ready` };
}

/** A finished pod is no workload. One that is bound to a node that is away still says Running. */
function podRow(pod: Item, nodes: readonly Item[]): CheckRow {
  const name = `${word(pod, "metadata", "namespace")}/${word(pod, "metadata", "name")}`;
  const phase = word(pod, "status", "phase");
  const on = word(pod, "spec", "nodeName");
  const host = nodes.find((node) => word(node, "metadata", "name") === on);
  const why =
    phase === "Succeeded" ? null
    : phase !== "Running" ? `pod ${name} is ${phase || "in no phase"}`
    : host === undefined || !isReady(host) ? `pod ${name} is bound to ${on || "no node"}, which is not ready`
    : !conditionIs(pod, "Ready") ? `pod ${name} runs on ${on} and is not ready`
    : null;
  return { target: name, label: "pod", verdict: why === null ? "up" : "down", status: phase, reason: why ?? `on ${on}`, facts: { node: on } };
}

function isReady(node: Item): boolean {
  return conditionIs(node, "Ready");
}

function conditionIs(item: Item, type: string): boolean {
  const status = item["status"];
  const conditions = isRecord(status) ? status["conditions"] : null;
  return conditions instanceof Array && conditions.some((one) => isRecord(one) && one["type"] === type && one["status"] === "True");
}

function word(item: Item, ...path: readonly string[]): string {
  const found = path.reduce<Json | undefined>((here, key) => (isRecord(here) ? here[key] : undefined), item);
  return typeof found === "string" ? found.slice(0, 253) : "";
}

function explain(row: CheckRow): string {
  if (row.label === "node") return `${row.reason}. Pods that were on it are moved after the toleration time, five minutes unless it was changed: look with \`kubectl describe node ${row.target}\`.`;
  if (row.label === "pod") return `${row.reason}. Look at \`kubectl describe pod\` for it: no room on another node, a volume that is still attached elsewhere, or an image that cannot be fetched.`;
  return `${row.target}: ${row.reason}.`;
}
