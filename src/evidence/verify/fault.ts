/** What is wrong, and where: the record, file or container field by name. */
export type Fault = { readonly where: string; readonly why: string };

export function fault(where: string, why: string): Fault {
  return { where, why };
}
