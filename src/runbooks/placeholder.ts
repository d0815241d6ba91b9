/** `$${` writes a literal `${`; everything else between `${` and `}` is taken as a name, right or wrong. */
const form = /\$\$\{|\$\{([^}\n"']*)\}?/g;

export const namePattern = /^[a-z][A-Za-z0-9_-]{0,62}$/;

/** A placeholder in a text; `name` as written, `whole` when the text is nothing else. */
export type Placeholder = { readonly name: string; readonly from: number; readonly to: number; readonly closed: boolean; readonly whole: boolean };

/** Every placeholder in reading order, also one that is not closed or has a name that cannot be: whoever asks says what is wrong. */
export function placeholdersIn(text: string): readonly Placeholder[] {
  return [...text.matchAll(form)].flatMap((found) => {
    const [written, name] = found;
    if (name === undefined) return [];
    const to = found.index + written.length;
    return [{ name, from: found.index, to, closed: written.endsWith("}"), whole: written.length === text.length }];
  });
}

/** Replaces each placeholder once: what a value holds is never looked at again. */
export function replacePlaceholders(text: string, valueOf: (name: string) => string): string {
  return text.replaceAll(form, (written: string, name: string | undefined) => (name === undefined ? written.slice(1) : valueOf(name)));
}
