import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ShippedScript } from "../http/probe-scripts.ts";

/** The script of a tool, read from the file beside this one. Throws when the installation lacks it. */
export function fieldScript(name: string): ShippedScript {
  // A checkout with Windows line ends would otherwise change the hash that evidence names.
  const text = readFileSync(new URL(`./scripts/${name}.ps1`, import.meta.url), "utf8").replaceAll("\r\n", "\n");
  return { name: `${name}.ps1`, text, sha256: createHash("sha256").update(text, "utf8").digest("hex") };
}
