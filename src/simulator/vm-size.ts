/** vCPUs by a size's name, as `Standard_E8s_v5` says eight; two when the name says nothing. */
export function vcpusOf(size: string): number {
  const digits = /^Standard_[A-Z]+(\d+)/i.exec(size)?.[1];
  return digits === undefined ? 2 : Number(digits);
}

/** The family whose quota a size uses, as `Standard_E8s_v5` is of `standardESv5Family`. */
export function familyOf(size: string): string {
  const parts = /^Standard_([A-Z]+)\d+(?:-\d+)?([a-z]*)(?:_(v\d+))?/i.exec(size);
  return parts === null ? "standardFamily" : `standard${(parts[1] ?? "").toUpperCase()}${(parts[2] ?? "").toUpperCase()}${parts[3] ?? ""}Family`;
}
