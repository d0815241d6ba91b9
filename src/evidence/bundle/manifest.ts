import type { Mode } from "../../runbooks/runbook.ts";
import { sha256 } from "../hash.ts";

/** What the manifest says of the drill before it lists the files. */
export type ManifestHead = {
  readonly drill: string;
  readonly mode: Mode;
  readonly events: number;
  readonly head: string;
};

/** The text that is signed: format, drill, head, and every other file by SHA-256 and size, in order of name. */
export function manifestText(about: ManifestHead, files: ReadonlyMap<string, Uint8Array>): string {
  const names = [...files.keys()].sort();
  const lines = [
    "drillbook bundle 1",
    `drill ${about.drill}`,
    `mode ${about.mode}`,
    `events ${about.events}`,
    `head ${about.head}`,
    ...names.map((name) => {
      const bytes = files.get(name)!;
      return `file ${sha256(bytes)} ${bytes.length} ${name}`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}
