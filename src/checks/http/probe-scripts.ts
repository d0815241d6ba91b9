import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A script that Drillbook ships. `sha256` (hex) is taken over the UTF-8 bytes of `text`. */
export type ShippedScript = { readonly name: string; readonly text: string; readonly sha256: string };

export type ScriptKind = "powershell" | "posix";

/** The two forms of the HTTP probe, read from the files beside this one. Throws when the installation lacks them. */
export function probeScripts(): Readonly<Record<ScriptKind, ShippedScript>> {
  return { powershell: shipped("http-probe.ps1"), posix: shipped("http-probe.sh") };
}

function shipped(name: string): ShippedScript {
  // A checkout with Windows line ends would otherwise change the hash that is approved and recognised.
  const text = readFileSync(new URL(`./scripts/${name}`, import.meta.url), "utf8").replaceAll("\r\n", "\n");
  return { name, text, sha256: createHash("sha256").update(text, "utf8").digest("hex") };
}
