import type { Command } from "./commands.ts";

/** What a digest is computed over, or names something: it stays as it is. */
const kept: ReadonlySet<string> = new Set(["subject", "previews", "input", "digest", "tag", "operation", "step", "sha256", "card", "handle", "code"]);

/** A command in which every text that people or machines gave has passed through `clean`, before anything is decided or kept. */
export function cleaned<C extends Command>(command: C, clean: (text: string) => string): C {
  return within(command, clean) as C;
}

function within(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((member: unknown) => within(member, clean));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]: [string, unknown]) => [key, kept.has(key) ? member : within(member, clean)]));
}
