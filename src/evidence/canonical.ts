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
  const ordered = inOrder(value, 0);
  if (ordered !== undefined) return Buffer.from(JSON.stringify(ordered), "utf8");
  requireExact(value, "$", 0);
  const text = canonicalize(value);
  if (text === undefined) throw refused("$", "has no JSON form");
  return Buffer.from(text, "utf8");
}

/**
 * A copy whose keys stand in order, so that JSON.stringify writes the canonical form in a third of the time; RFC 8785 takes
 * text and numbers from there. Undefined: it is not that simple, and the long way says what is to be refused. An object
 * puts keys that look like numbers first, and has a meaning of its own for `__proto__`.
 */
function inOrder(value: unknown, depth: number): Json | undefined {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return value.isWellFormed() ? value : undefined;
  if (typeof value === "number") return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value)) ? value : undefined;
  if (typeof value !== "object" || depth >= greatestDepth) return undefined;
  if (Array.isArray(value)) {
    const copy: Json[] = [];
    for (let i = 0; i < value.length; i += 1) {
      const member = inOrder(value[i], depth + 1);
      if (member === undefined) return undefined;
      copy.push(member);
    }
    return copy;
  }
  if (!isPlain(value)) return undefined;
  const copy: { [key: string]: Json } = {};
  for (const key of Object.keys(value).sort()) {
    const member = inOrder((value as Readonly<Record<string, unknown>>)[key], depth + 1);
    if (member === undefined || isDigit(key.charCodeAt(0)) || key === "__proto__" || !key.isWellFormed()) return undefined;
    copy[key] = member;
  }
  return copy;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
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
  if (!hasPlainPrototype(value)) throw refused(path, "is not a plain object");
  if (!isPlain(value)) throw refused(path, "has a key that is not text");
}

function isPlain(value: object): boolean {
  return hasPlainPrototype(value) && Object.getOwnPropertySymbols(value).length === 0;
}

function hasPlainPrototype(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refused(path: string, why: string): DrillbookError {
  return new DrillbookError(
    "bad-input",
    `This cannot become evidence: ${path} ${why}.`,
    "Give plain JSON values only; null stands for nothing.",
  );
}
