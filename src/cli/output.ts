import { readFileSync } from "node:fs";
import { asText } from "../runbooks/lint-report.ts";
import type { Diagnostic } from "../runbooks/runbook.ts";

/** The version in package.json; empty when it names none. */
export function version(): string {
  const about: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return typeof about === "object" && about !== null && "version" in about ? String(about.version) : "";
}

/** Data for another program, on stdout. */
export function print(data: object | null | string | number | boolean): void {
  console.log(JSON.stringify(data, null, 2));
}

/** What the compiler said, for a terminal. */
export function told(diagnostics: readonly Diagnostic[]): string {
  return asText({ files: [...new Set(diagnostics.map((d) => d.file))], diagnostics });
}
