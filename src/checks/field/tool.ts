import type { z } from "zod";
import type { CheckRow } from "../rows.ts";
import { shippedScript, type ShippedScript } from "../shipped-script.ts";

/** What a tool printed on one server, or what a person pasted; `server` is a name for people. */
export type ToolOutput = { readonly server: string; readonly text: string };

/** Structured findings: one row for each thing that was judged, and what to do about the bad ones, in words. */
export type Reading = {
  readonly rows: readonly CheckRow[];
  readonly diagnosis: readonly string[];
  /** The sentence that holds when every row is up. */
  readonly good: string;
};

/**
 * A tool of the field as a check: the script that runs it on a server, and the parser that reads what it prints. The same
 * parser reads what a person pasted.
 */
export type FieldTool<Wanted> = {
  readonly type: string;
  readonly summary: string;
  /** What a runbook may expect, beside where to look. */
  readonly wanted: z.ZodObject<z.ZodRawShape>;
  /** Name of the shipped script without its ending; null: the output can only be pasted. */
  readonly script: string | null;
  /** How long the tool may take, in milliseconds. */
  readonly timeoutMs: number;
  read(outputs: readonly ToolOutput[], wanted: Wanted, at: Date): Reading;
};

/** The script of a tool; null: it has none. Throws when the installation lacks it. */
export function scriptOf({ script }: Pick<FieldTool<never>, "script">): ShippedScript | null {
  return script === null ? null : shippedScript(new URL(`./scripts/${script}.ps1`, import.meta.url));
}

/** A row that says why an output proves nothing. */
export function unreadable(server: string, label: string, why: string): CheckRow {
  return { target: server, label, verdict: "unknown", status: "not read", reason: why };
}
