import type { LintReport } from "./lint.ts";
import type { Diagnostic, Json } from "./runbook.ts";

const helpPage = "docs/runbook-format.md";

/** Where a rule is explained. */
function helpFor(rule: string): string {
  return `${helpPage}#${rule}`;
}

/** For a terminal: one line a diagnostic, what to do below it, and a count. */
export function asText(report: LintReport): string {
  const blocks = report.diagnostics.map((d) => `${place(d)} ${d.severity}: ${d.message} (${d.rule})\n    ${d.suggestion}`);
  const errors = report.diagnostics.filter((d) => d.severity === "error").length;
  const warnings = report.diagnostics.length - errors;
  const count = `${plural(report.files.length, "file")}, ${plural(errors, "error")}, ${plural(warnings, "warning")}`;
  return [...blocks, count].join("\n");
}

/** For a program: every diagnostic with the place in the format page that explains its rule. */
export function asJson(report: LintReport): Json {
  return {
    format: 1,
    files: report.files,
    diagnostics: report.diagnostics.map((d) => ({ ...d, help: helpFor(d.rule) })),
  };
}

/** SARIF 2.1.0, as code hosts and editors read it. Columns count UTF-16 units, ends are exclusive. */
export function asSarif(report: LintReport, version: string): Json {
  const ids = [...new Set(report.diagnostics.map((d) => d.rule))].toSorted();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "drillbook", version, rules: ids.map((id) => ({ id, help: { text: helpFor(id) } })) } },
        columnKind: "utf16CodeUnits",
        artifacts: report.files.map((file) => ({ location: { uri: asUri(file) } })),
        results: report.diagnostics.map((d) => ({
          ruleId: d.rule,
          ruleIndex: ids.indexOf(d.rule),
          level: d.severity,
          message: { text: `${d.message} ${d.suggestion}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: asUri(d.file) },
                region: { startLine: d.from.line, startColumn: d.from.column, endLine: d.to.line, endColumn: d.to.column },
              },
            },
          ],
        })),
      },
    ],
  };
}

function place({ file, from }: Diagnostic): string {
  return `${file.replace(/[\p{Cc}\p{Cf}]/gu, "")}:${from.line}:${from.column}`;
}

function asUri(file: string): string {
  return file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
