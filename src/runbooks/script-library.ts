import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The scripts of the runbook repository, by their names in it. null: there is none of that name. */
export type ScriptLibrary = (name: string) => { readonly text: string; readonly sha256: string } | null;

/** Longer than this, and a card could not show it whole to who approves it. */
const longestScript = 8_000;

// Directions of writing and control characters would show another script than the one that runs.
const invisible = /(?![\t\n\r])[\p{Cc}\p{Cf}\u2028\u2029]/u;

/**
 * The scripts of a runbook repository: files that end in .ps1 or .sh in its folder `scripts`, by name. They are listed and
 * compared, so that a name never becomes a path; links are not followed; what an approver could not see whole and as it is
 * is not a script.
 */
export function scriptsIn(folder: string): ScriptLibrary {
  return (name) => {
    const path = join(folder, "scripts");
    const file = namesIn(path).find((one) => one === name);
    if (file === undefined) return null;
    const bytes = readFileSync(join(path, file));
    const text = decoded(bytes);
    return text === null ? null : { text, sha256: createHash("sha256").update(bytes).digest("hex") };
  };
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).filter((name) => /\.(ps1|sh)$/i.test(name) && lstatSync(join(path, name)).isFile() && lstatSync(join(path, name)).size <= longestScript);
  } catch {
    return [];
  }
}

function decoded(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return invisible.test(text) ? null : text;
  } catch {
    return null;
  }
}
