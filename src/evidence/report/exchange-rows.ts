import type { Json } from "../../runbooks/runbook.ts";
import { isList, isMembers } from "../transcript/json.ts";
import { exchangeNotes } from "./exchange-notes.ts";

/** One request and its answer in the result of an HTTP check. Whatever the check left out is empty. */
export type ExchangeRow = {
  readonly target: string;
  readonly host: string;
  readonly label: string;
  readonly decides: boolean;
  readonly verdict: string;
  readonly status: string;
  readonly reason: string;
  readonly sent: string;
  readonly received: string;
  readonly receivedBytes: number | null;
  readonly cut: boolean;
  /** What the runbook expected and did not get; empty when it did. */
  readonly unmet: string;
  readonly notes: readonly string[];
};

/** null when the result has another shape. */
export function exchangeRows(result: Json): readonly ExchangeRow[] | null {
  if (!isMembers(result) || !isList(result.rows)) return null;
  const rows = result.rows.map((row): ExchangeRow | null => {
    if (!isMembers(row) || typeof row.target !== "string" || typeof row.verdict !== "string") return null;
    return {
      target: row.target,
      host: text(row.host),
      label: text(row.label) || text(row.profile),
      decides: row.decides !== false,
      verdict: row.verdict,
      status: text(row.status),
      reason: text(row.reason),
      sent: text(row.sent),
      received: text(row.received),
      receivedBytes: typeof row.receivedBytes === "number" ? row.receivedBytes : null,
      cut: row.cut === true,
      unmet: text(row.unmet),
      notes: exchangeNotes(row),
    };
  });
  return rows.every((row) => row !== null) ? rows : null;
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
