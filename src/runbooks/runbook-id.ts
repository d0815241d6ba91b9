/** Ids are looked up, never joined to a path. */
export const runbookIdPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** "Payroll – Test failover.md" becomes "payroll-test-failover"; a name without letters falls back on the content. */
export function idFromFile(file: string, hash: string): string {
  const name = (file.split(/[\\/]/).at(-1) ?? "").replace(/\.(md|markdown)$/i, "");
  const id = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");
  return id === "" ? `runbook-${hash.slice(0, 8)}` : id;
}

/** A step's id from the titles above it and its own, so that it stays the same wherever the step moves. */
export function stepId(titles: readonly string[]): string {
  return titles.map(slug).join(".");
}

/** Letters and digits of every script stay, because headings are written in every script. */
function slug(title: string): string {
  const kept = title.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  return [...kept].slice(0, 60).join("").replace(/-+$/, "") || "step";
}
