import type { Json } from "./runbook.ts";

/** Whether plain data is an object with keys: neither a list nor null nor a single value. */
export function isRecord(data: Json | undefined): data is { readonly [key: string]: Json } {
  return data !== undefined && data !== null && typeof data === "object" && !Array.isArray(data);
}
