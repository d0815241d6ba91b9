import type { Json } from "./runbook.ts";

/** Puts parameter values in place of `${name}`, inside strings only. Unknown names stay as they are. */
export function fill(input: Json, params: Readonly<Record<string, string>>): Json {
  if (typeof input === "string") return input.replaceAll(/\$\{([a-zA-Z][\w-]*)\}/g, (whole, name: string) => params[name] ?? whole);
  if (Array.isArray(input)) return input.map((item: Json) => fill(item, params));
  if (input !== null && typeof input === "object") {
    return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, fill(value, params)]));
  }
  return input;
}
