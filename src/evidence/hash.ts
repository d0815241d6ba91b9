import { hash } from "node:crypto";

/** SHA-256 of the parts one after the other, as lower-case hex. */
export function sha256(...parts: readonly (Uint8Array | string)[]): string {
  const [only = "", ...more] = parts;
  return hash("sha256", more.length === 0 ? only : Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "utf8") : part))), "hex");
}
