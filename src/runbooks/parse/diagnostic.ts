import type { RuleId } from "../rule-ids.ts";
import type { Diagnostic } from "../runbook.ts";

export type Position = Diagnostic["from"];

/** 1-based; `to` is exclusive. */
export type Range = { readonly from: Position; readonly to: Position };

export const startOfFile: Range = { from: { line: 1, column: 1 }, to: { line: 1, column: 1 } };

/** A fault before it knows its file. Stages pass these around; the file is added at the end. */
export type Fault = {
  readonly rule: RuleId;
  readonly severity: Diagnostic["severity"];
  readonly range: Range;
  readonly message: string;
  readonly suggestion: string;
};

/** A fault with its file, in the shape that leaves the compiler. */
export function diagnostic(fault: Fault, file: string): Diagnostic {
  const { rule, severity, range, message, suggestion } = fault;
  return { rule, severity, file, from: range.from, to: range.to, message, suggestion };
}

/** A fault that keeps the runbook from being used. */
export function errorAt(rule: RuleId, range: Range, message: string, suggestion: string): Fault {
  return { rule, severity: "error", range, message, suggestion };
}

/** A fault that the runbook can be used in spite of. */
export function warningAt(rule: RuleId, range: Range, message: string, suggestion: string): Fault {
  return { rule, severity: "warning", range, message, suggestion };
}

/** From `column` (1-based) of a line to the end of what is written on it. */
export function restOfLine(line: number, column: number, text: string): Range {
  return { from: { line, column }, to: { line, column: Math.max(column, text.trimEnd().length + 1) } };
}

/** What an author wrote, fit to be repeated in a message: short, and without bytes that steer a terminal. */
export function quoted(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}]/gu, "");
  return `\`${plain.length > 60 ? `${plain.slice(0, 57)}...` : plain}\``;
}

/** In reading order, whatever stage found them. */
export function inReadingOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) => a.from.line - b.from.line || a.from.column - b.from.column || compareText(a.rule, b.rule),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
