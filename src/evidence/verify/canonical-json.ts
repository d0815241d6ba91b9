/** What nests deeper was not written by us, and might exhaust a stack. */
const greatestDepth = 100;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A value read from canonical bytes, or why they are not the RFC 8785 form of anything. */
export type Reading = { readonly value: unknown } | { readonly why: string };

/**
 * Reads JSON and writes it again by the rules of RFC 8785: only bytes that come out the same are accepted, which leaves
 * no room for doubled keys, other spellings of a number, spaces or escapes.
 */
export function readCanonical(bytes: Uint8Array): Reading {
  try {
    const text = decoder.decode(bytes);
    const value: unknown = JSON.parse(text);
    if (!isPlainly(value, text) && rewrite(value, 0) !== text) return { why: "is not in canonical form" };
    return { value };
  } catch (error) {
    return { why: error instanceof NotCanonical ? error.message : "is not JSON in UTF-8" };
  }
}

/**
 * The quick way for what is almost always there: the platform writes the same text again, and keys come in order. It says
 * no when in doubt (keys that look like numbers change their order, half characters are written as escapes), and then the
 * whole is written again by hand.
 */
function isPlainly(value: unknown, text: string): boolean {
  return !text.includes("\\ud") && inOrder(value, 0) && JSON.stringify(value) === text;
}

function inOrder(value: unknown, depth: number): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth >= greatestDepth) return false;
  if (Array.isArray(value)) return value.every((member) => inOrder(member, depth + 1));
  const members = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(members);
  // An index, because this is run for every member of every event.
  for (let i = 0; i < keys.length; i += 1) {
    if (i > 0 && keys[i]! <= keys[i - 1]!) return false;
    if (!inOrder(members[keys[i]!], depth + 1)) return false;
  }
  return true;
}

/** The RFC 8785 form of a part of what was read. */
export function canonicalText(part: unknown): string {
  return inOrder(part, 0) ? JSON.stringify(part) : rewrite(part, 0);
}

class NotCanonical extends Error {}

function rewrite(value: unknown, depth: number): string {
  if (typeof value === "string") return rewriteText(value);
  if (typeof value === "number") return rewriteNumber(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (depth >= greatestDepth) throw new NotCanonical(`nests deeper than ${greatestDepth} levels`);
  if (Array.isArray(value)) return `[${value.map((member) => rewrite(member, depth + 1)).join(",")}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${rewriteText(key)}:${rewrite(member, depth + 1)}`).join(",")}}`;
}

function rewriteText(text: string): string {
  if (!text.isWellFormed()) throw new NotCanonical("holds half a character (a lone surrogate)");
  return JSON.stringify(text);
}

function rewriteNumber(value: number): string {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new NotCanonical("holds an integer too large to be exact");
  return JSON.stringify(value);
}
