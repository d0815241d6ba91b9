import { RE2JS } from "re2js";

/** A pattern that answers in time linear to the text, whatever either says: both come from outside. */
export type Pattern = { readonly found: (text: string) => boolean };

const longest = 500;

/** Compiles a pattern in RE2 syntax. `problem` says why it cannot be: look-around and back references are not linear. */
export function pattern(source: string): Pattern | { readonly problem: string } {
  if (source.length > longest) return { problem: `A pattern has at most ${longest} characters.` };
  try {
    const compiled = RE2JS.compile(source, RE2JS.DOTALL);
    return { found: (text) => compiled.matcher(text).find() };
  } catch (thrown) {
    return { problem: `This is no pattern that can be matched in linear time (${thrown instanceof Error ? thrown.message : "RE2 syntax"}).` };
  }
}

/** A pattern known to compile, because whatever held it was checked. */
export function matches(source: string, text: string): boolean {
  const compiled = pattern(source);
  return "found" in compiled && compiled.found(text);
}
