/** Words whose quoted pieces are set aside, so that nothing in them is read as a name, an order or an end. `back`: what was written, without the quotes around it. */
export type Quoting = { readonly words: string; readonly back: (piece: string) => string };

/** Whatever keyboard and language; a single quote counts only where a value begins, because it is an apostrophe elsewhere. */
const quoted = /"[^"]*"|“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|(?<==\s?)['‘‚][^'‘’]*['’](?=[\s,;.!?]|$)/gu;
const mark = /\uE000(\d+)\uE001/gu;

/** Sets quoted pieces aside. The marks that stand in their place are taken out of what was typed first, so that nobody can write one. */
export function withoutQuoted(text: string): Quoting {
  const pieces: string[] = [];
  const words = text.replaceAll(/[\uE000\uE001]/gu, "").replaceAll(quoted, (piece) => `\uE000${pieces.push(piece) - 1}\uE001`);
  const back = (piece: string): string => {
    const bare = piece.trim();
    const [all, only] = /^\uE000(\d+)\uE001$/u.exec(bare) ?? [];
    return all === undefined ? bare.replaceAll(mark, (_, n: string) => pieces[Number(n)] ?? "") : (pieces[Number(only)] ?? "").slice(1, -1).trim();
  };
  return { words, back };
}

/**
 * `site=two words, window=20:00 to 21:00`: a value goes on to the next name, and a comma before that is no part of it. `before`: what
 * stands in front of the first name. Give words whose quoted pieces are set aside.
 */
export function namedValues(words: string, isName: (name: string) => boolean = () => true): { readonly before: string; readonly values: Readonly<Record<string, string>> } {
  const begins = [...words.matchAll(/(?:^|[\s,;])([A-Za-z][A-Za-z0-9_-]{0,62})\s?=\s?/gu)].filter(([, name = ""]) => isName(name));
  const valueOf = (at: number): string => words.slice((begins[at]?.index ?? 0) + (begins[at]?.[0].length ?? 0), begins[at + 1]?.index).replace(/[\s,;]+$/u, "").trim();
  return { before: words.slice(0, begins[0]?.index).trim(), values: Object.fromEntries(begins.map(([, name = ""], at) => [name, valueOf(at)])) };
}
