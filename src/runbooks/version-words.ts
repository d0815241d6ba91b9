import type { Runbook } from "./runbook.ts";

/** Which version of a runbook this is, for people: its content, and where it was committed. Plain text. */
export function versionWords({ hash, checkout, stale }: Pick<Runbook, "hash" | "checkout" | "stale">): string {
  const committed = checkout === undefined ? "" : ` · commit ${checkout.commit.slice(0, 7)} by ${checkout.author}${checkout.changed ? ", changed since" : ""}`;
  return `version ${hash.slice(0, 7)}${committed}${stale === true ? " · the last good version: the file no longer compiles" : ""}`;
}
