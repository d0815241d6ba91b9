import { CST, Lexer } from "yaml";
import { hiddenCharacters } from "../hidden-characters.ts";
import type { RuleId } from "../rule-ids.ts";

export const maxDepth = 32;
const maxLexemes = 40_000;

type Refusal = { readonly rule: RuleId; readonly span: readonly [number, number]; readonly message: string; readonly suggestion: string };

/**
 * Looks at the lexemes alone, before any parser builds a tree: composing a tree recurses, and a deep one has been seen to
 * kill a process in spite of try and catch. Depth by indentation needs no bound here, the size of the file gives one.
 */
export function refuseBeforeParsing(text: string): Refusal | null {
  const hidden = text.search(hiddenCharacters);
  if (hidden >= 0) {
    const span = [hidden, hidden + 1] as const;
    return { rule: "yaml-syntax", span, message: "There is an invisible control character here.", suggestion: "Delete it and type the text again." };
  }
  if (isPlain(text)) return null;
  let offset = 0;
  let flow = 0;
  let compact = 0;
  let count = 0;
  let marked = false;
  for (const lexeme of new Lexer().lex(text)) {
    // Before each scalar and document the lexer puts a mark of its own, which the text does not hold.
    const kind: CST.TokenType | null = marked ? null : CST.tokenType(lexeme);
    marked = kind === "scalar";
    const span = [offset, offset + lexeme.length] as const;
    if (kind === "flow-map-start" || kind === "flow-seq-start") flow += 1;
    if (kind === "flow-map-end" || kind === "flow-seq-end") flow -= 1;
    if (kind === "seq-item-ind" || kind === "explicit-key-ind") compact += 1;
    if (kind === "newline") compact = 0;
    count += 1;
    if (flow > maxDepth || compact > maxDepth) {
      return { rule: "too-deep", span, message: `The values are nested deeper than ${maxDepth} levels.`, suggestion: "Make it flatter." };
    }
    if (count > maxLexemes) {
      return { rule: "too-large", span, message: "There are too many values here.", suggestion: "Split the runbook." };
    }
    if (kind === "directive-line" || kind === "doc-start" || kind === "doc-end") {
      return { rule: "yaml-not-allowed", span, message: "Directives and document markers are not part of a runbook.", suggestion: "Delete this line." };
    }
    if (kind !== "doc-mode" && kind !== "flow-error-end" && kind !== "scalar") offset += lexeme.length;
  }
  return null;
}

/** Whether a text is too short and too flat to reach any limit, so that it need not be taken apart twice. */
function isPlain(text: string): boolean {
  return text.length <= 8_000 && !/^(?:---|\.\.\.|%)/m.test(text) && (text.match(/[[{]|[-?][ \t]/g)?.length ?? 0) <= maxDepth;
}
