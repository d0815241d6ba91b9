/** What is wrong, and where: the record, file or container field by name. */
export type Fault = { readonly where: string; readonly why: string };

/** `where` names a record, file or field; `why` goes on from it as a sentence does. */
export function fault(where: string, why: string): Fault {
  return { where, why };
}
