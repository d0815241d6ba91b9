import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";

const second = 1_000;

/**
 * How long a balancer takes with its documented defaults until a change of a server counts: its intervals and retries, and
 * for Traffic Manager the minute for which resolvers keep its answer. Milliseconds, by the first part of a profile's name.
 */
const notices: readonly (readonly [system: string, ms: number])[] = [
  // 30 s apart, three failures tolerated, 10 s for the last one to time out; then a TTL of 60 s.
  ["azure-traffic-manager", (4 * 30 + 10 + 60) * second],
  // 30 s apart, three failures, 30 s for the last one to time out.
  ["azure-application-gateway", (3 * 30 + 30) * second],
  // 15 s apart by the API's model, two failures.
  ["azure-load-balancer", 2 * 15 * second],
  // 9 s apart, two retries, 4 s to connect.
  ["kemp-loadmaster", (3 * 9 + 4) * second],
  // 2 s apart, three failures.
  ["haproxy", 3 * 2 * second],
];

/** The longest of the views that a check asks as; 0 for a browser and for what nobody knows. */
export function noticeMs(input: Json): number {
  const as = isRecord(input) ? input["as"] : undefined;
  const names = Array.isArray(as) ? (as as readonly Json[]).map(String) : [String(as ?? "")];
  return Math.max(0, ...names.flatMap((name) => notices.filter(([system]) => name.startsWith(system)).map(([, ms]) => ms)));
}
