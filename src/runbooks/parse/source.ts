import { createHash } from "node:crypto";
import type { RuleId } from "../rule-ids.ts";
import type { Diagnostic } from "../runbook.ts";
import { diagnostic } from "./diagnostic.ts";
import type { Position } from "./diagnostic.ts";

export const maxBytes = 256 * 1024;

/** A runbook's text with `\n` line ends and no byte-order mark; `hash` is the SHA-256 (hex) of the untouched bytes. */
export type Source = {
  readonly file: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly hash: string;
};

/** Bytes to text, or the one reason why these bytes are no runbook. */
export function readSource(bytes: Uint8Array, file: string): { source: Source } | { refused: Diagnostic } {
  const refuse = (rule: RuleId, at: Position, message: string, suggestion: string) => ({
    refused: diagnostic({ rule, severity: "error", range: { from: at, to: at }, message, suggestion }, file),
  });
  const start = { line: 1, column: 1 };

  if (bytes.length > maxBytes) {
    return refuse("too-large", start, "The file is larger than 256 KB.", "Split the runbook, and keep logs and screenshots out of it.");
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return refuse("not-text", start, "The file is saved as UTF-16.", "Save it as UTF-8.");
  }
  const loose = new TextDecoder("utf-8").decode(bytes).replace(/\r\n?/g, "\n");
  const nul = loose.indexOf("\0");
  if (nul >= 0) {
    return refuse("not-text", positionIn(loose, nul), "The file is not text: it holds a NUL byte.", "Give a Markdown file saved as UTF-8.");
  }
  if (!isUtf8(bytes)) {
    const broken = positionIn(loose, Math.max(0, loose.indexOf("\ufffd")));
    return refuse("not-text", broken, "The file is not valid UTF-8.", "Save it as UTF-8 in your editor.");
  }
  if (loose.trim() === "") {
    return refuse("empty", start, "The file is empty.", "Begin with a title, for example `# Payroll test failover`, and one `##` heading a step.");
  }
  const hash = createHash("sha256").update(bytes).digest("hex");
  return { source: { file, text: loose, lines: loose.split("\n"), hash } };
}

/** Line and column (1-based, in UTF-16 units as editors count them) of an offset into `text`. */
function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
