import { z } from "zod";
import type { CheckRow } from "../rows.ts";
import { unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

const wanted = z.strictObject({
  /** Warnings that are accepted, by the name of their test; each wants a finding with an owner elsewhere. */
  accept: z.array(z.string().min(3).max(150)).max(50).default([]),
});
type Wanted = z.infer<typeof wanted>;

const results = ["Success", "Warning", "Failed", "Not Applicable", "Canceled", "Cancelled", "Information"] as const;
const line = new RegExp(`^(.{3,150}?)[\\s:|,"]+(${results.join("|")})["\\s]*$`, "i");

/** The check `cluster-validation`: the report of the validation wizard (`Test-Cluster`). Supported means that every test passed. */
export const clusterValidation: FieldTool<Wanted> = {
  type: "cluster-validation",
  summary: "The cluster validation report has no failure and no unexplained warning",
  wanted,
  script: null,
  timeoutMs: 0,
  read(outputs, want) {
    const rows = outputs.flatMap((output) => rowsOf(output, want));
    return { rows, diagnosis: rows.filter((row) => row.verdict === "down").map(explain), good: `${rows.length} tests passed` };
  },
};

function rowsOf({ server, text }: ToolOutput, want: Wanted): readonly CheckRow[] {
  const tests = plainLines(text).flatMap((one) => {
    const [, name, result] = line.exec(one) ?? [];
    return name === undefined || result === undefined || !/\s/.test(name.trim()) ? [] : [{ name: name.trim(), result: result.toLowerCase() }];
  });
  if (tests.length === 0) return [unreadable(server, "validation report", "no test with its result can be read: paste the summary of the report, or the report's text")];
  return tests.map(({ name, result }) => {
    const accepted = result === "warning" && want.accept.some((one) => one.toLowerCase() === name.toLowerCase());
    const good = accepted || ["success", "not applicable", "information"].includes(result);
    return { target: server, label: name, verdict: good ? "up" : result.startsWith("cancel") ? "unknown" : "down", status: accepted ? "warning, accepted" : result, reason: good ? result : `${name}: ${result}` };
  });
}

/** The report is HTML; a table row is one line of it, and everything between angle brackets goes. */
function plainLines(text: string): readonly string[] {
  return text
    .replace(/<\/tr\s*>|<br\s*\/?>|<\/p\s*>/gi, "\n")
    .replace(/<\/t[dh]\s*>/gi, "\t")
    .replace(/<[^<>]{0,500}>/g, "")
    .split(/[\r\n]+/)
    .map((one) => one.replaceAll("&nbsp;", " ").trim())
    .filter((one) => one.length > 0 && one.length < 200);
}

function explain(row: CheckRow): string {
  return `${row.target}: ${row.reason}. ${row.status === "failed" ? "The configuration is not supported as it stands: mend it and validate again." : "Read the report's own words for it; record a finding with an owner, or name the test under accept:."}`;
}
