type Words = { readonly message: string; readonly suggestion: string };

const known: Readonly<Record<string, Words>> = {
  DUPLICATE_KEY: { message: "This key is there twice.", suggestion: "Keep one of the two." },
  TAB_AS_INDENT: { message: "There is a tab in the indentation.", suggestion: "Indent with spaces." },
  BAD_INDENT: { message: "The indentation does not fit, or a bracket is not closed.", suggestion: "Line up keys of one level, and close every [ and {." },
  BLOCK_AS_IMPLICIT_KEY: { message: "There is a second `key: value` where one value is expected.", suggestion: "Put it on its own line with the right indentation, or put quotes around the text." },
  MULTILINE_IMPLICIT_KEY: { message: "A key reaches over more than one line.", suggestion: "Check the indentation, and that every key ends with a colon and a space." },
  NON_STRING_KEY: { message: "A key must be a plain word.", suggestion: "Put quotes around text that begins with [ or {." },
  BAD_SCALAR_START: { message: "Text cannot begin with this character.", suggestion: "Put quotes around the text." },
  BAD_DQ_ESCAPE: { message: "This is not an escape that double quotes know.", suggestion: "Write \\\\ for a backslash, or use single quotes." },
  TAG_RESOLVE_FAILED: { message: "Tags (`!`) are not part of a runbook.", suggestion: "Put quotes around the value if it is text." },
  BAD_ALIAS: { message: "Aliases (`*`) are not part of a runbook.", suggestion: "Put quotes around the value if it is text." },
  MISSING_CHAR: { message: "A closing quote, a comma or a colon is missing.", suggestion: "Close the quotes, and separate values inside [ ] and { } with commas." },
};

/** What the YAML library reports, said to somebody who does not know YAML's grammar. */
export function inPlainWords(code: string, message: string, line: string): Words {
  if (/[[{,].*\$\{/.test(line) && code !== "DUPLICATE_KEY") {
    return { message: "A `${name}` inside [ ] or { } needs quotes.", suggestion: 'Write "${name}" with quotes around it.' };
  }
  return known[code] ?? { message: `This is not valid YAML: ${message.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 200)}.`, suggestion: "Check indentation, colons and quotes." };
}
