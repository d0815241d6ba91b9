const [quote, backslash, openArray, closeArray, openObject, closeObject] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Whether JSON text nests at most so deep, told without building anything: a body of brackets alone is small on the wire and
 * a hundred times as large once it is parsed.
 */
export function isShallowJson(text: string, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === backslash) i += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (code === openArray || code === openObject) {
      depth += 1;
      if (depth > most) return false;
    } else if (code === closeArray || code === closeObject) depth -= 1;
  }
  return true;
}
