import type { Json } from "../../runbooks/runbook.ts";

export type Members = { readonly [key: string]: Json };

/** A list among values from events: their shape is not known here. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** An object among values from events, and neither a list nor null. */
export function isMembers(value: Json | undefined): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
