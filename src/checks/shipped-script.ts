import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** A script that Drillbook ships. `sha256` (hex) is taken over the UTF-8 bytes of `text`. */
export type ShippedScript = { readonly name: string; readonly text: string; readonly sha256: string };

/** The script in a file of ours, for example `new URL("./scripts/x.ps1", import.meta.url)`. Throws when the installation lacks it. */
export function shippedScript(file: URL): ShippedScript {
  const path = fileURLToPath(file);
  // A checkout with Windows line ends would otherwise change the hash that is approved and recognised.
  const text = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  return { name: basename(path), text, sha256: createHash("sha256").update(text, "utf8").digest("hex") };
}
