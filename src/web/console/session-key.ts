import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The key of the session cookies of the console or another door, kept so that a restart signs nobody out. Made on first use. */
export function openSessionKey(folder: string, name = "console-session.key"): Buffer {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  if (existsSync(file)) {
    const key = Buffer.from(readFileSync(file, "utf8").trim(), "base64url");
    if (key.length >= 32) return key;
  }
  const key = randomBytes(32);
  writeFileSync(file, `${key.toString("base64url")}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return key;
}
