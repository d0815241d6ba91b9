import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { DrillbookError } from "../errors.ts";
import type { Json } from "../runbooks/runbook.ts";

/**
 * SHA-256 (hex) over the RFC 8785 form of plain data: equal data give equal digests whatever the order of keys. Throws
 * `internal` for anything else.
 */
export function digestOf(data: Json): string {
  const text = canonicalize(data);
  if (text === undefined) {
    throw new DrillbookError("internal", "A digest was asked of something that is not plain data.", "Report this fault.");
  }
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** No vowels and no look-alikes: a code that is read from a phone at night and typed once, and spells no word. */
const codeLetters = "BCDFGHJKLMNPQRSTVWXZ23456789";

/** Four letters of a digest that a person can type to say which approval is meant. A hint, never the proof: the digest is. */
export function codeOf(digest: string): string {
  let rest = BigInt(`0x${digest.slice(0, 16)}`);
  let code = "";
  for (let i = 0; i < 4; i += 1) {
    code += codeLetters[Number(rest % BigInt(codeLetters.length))];
    rest /= BigInt(codeLetters.length);
  }
  return code;
}
