import { shippedScript, type ShippedScript } from "../shipped-script.ts";

export type ScriptKind = "powershell" | "posix";

/** The two forms of the HTTP probe. */
export function probeScripts(): Readonly<Record<ScriptKind, ShippedScript>> {
  return { powershell: shippedScript(new URL("./scripts/http-probe.ps1", import.meta.url)), posix: shippedScript(new URL("./scripts/http-probe.sh", import.meta.url)) };
}
