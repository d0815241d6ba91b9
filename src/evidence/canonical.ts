import canonicalize from "canonicalize";
import { DrillbookError } from "../errors.ts";
import type { Json } from "../runbooks/runbook.ts";

/** Deeper values are refused: nothing of ours nests so far, and readers may be recursive. */
const greatestDepth = 100;

/**
 * The RFC 8785 form of a value, as UTF-8. Throws `bad-input` for whatever JSON would drop, round or replace in silence
 * (undefined, functions, dates, NaN, integers beyond 2^53, lone surrogates), naming where it stands.
 */
export function canonicalBytes(value: Json): Uint8Array {
  requireExact(value, "$", 0);
  const text = canonicalize(value);
  if (text === undefined) throw refused("$", "has no JSON form");
  return Buffer.from(text, "utf8");
}

function requireExact(value: unknown, path: string, depth: number): void {
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") return requireWellFormed(value, path);
  if (typeof value === "number") return requireExactNumber(value, path);
  if (typeof value !== "object") throw refused(path, `is ${typeof value}, which JSON does not know`);
  if (depth >= greatestDepth) throw refused(path, `nests deeper than ${greatestDepth} levels`);
  if (Array.isArray(value)) {
    // An index loop, because forEach passes over the holes of a sparse array.
    for (let i = 0; i < value.length; i += 1) requireExact(value[i], `${path}[${i}]`, depth + 1);
    return;
  }
  requirePlain(value, path);
  for (const [key, member] of Object.entries(value)) {
    requireWellFormed(key, path);
    requireExact(member, `${path}.${key}`, depth + 1);
  }
}

function requireWellFormed(text: string, path: string): void {
  if (!text.isWellFormed()) throw refused(path, "holds half a character (a lone surrogate)");
}

function requireExactNumber(value: number, path: string): void {
  if (!Number.isFinite(value)) throw refused(path, `is ${value}`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw refused(path, `is ${value}, an integer too large to be exact: write it as text`);
  }
}

/** A Date, Map or Buffer has a JSON form of its own making that differs from what was meant. */
function requirePlain(value: object, path: string): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refused(path, "is not a plain object");
  if (Object.getOwnPropertySymbols(value).length > 0) throw refused(path, "has a key that is not text");
}

function refused(path: string, why: string): DrillbookError {
  return new DrillbookError(
    "bad-input",
    `This cannot become evidence: ${path} ${why}.`,
    "Give plain JSON values only; null stands for nothing.",
  );
}
