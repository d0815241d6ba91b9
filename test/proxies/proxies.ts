import { spawnSync } from "node:child_process";

/** The programs of other people that this suite compares us with, and the Debian package that brings each. */
const packages = { haproxy: "haproxy", nginx: "nginx-light", openssl: "openssl", "prometheus-blackbox-exporter": "prometheus-blackbox-exporter" } as const;
export type Program = keyof typeof packages;

/**
 * False, with a loud word, where one of the programs is not installed; where proxies are required
 * (DRILLBOOK_REQUIRE_PROXIES=1, as in CI), that is a failure.
 */
export function haveAll(...programs: readonly Program[]): boolean {
  const missing = programs.filter((program) => spawnSync(program, [program === "openssl" ? "version" : program.startsWith("prometheus") ? "--version" : "-v"]).error !== undefined);
  if (missing.length === 0) return true;
  const how = `apt-get install ${missing.map((program) => packages[program]).join(" ")}`;
  if (process.env["DRILLBOOK_REQUIRE_PROXIES"] === "1") throw new Error(`${missing.join(" and ")} required: ${how}`);
  process.stderr.write(`\n  PROXY TESTS SKIPPED: there is no ${missing.join(" and no ")} (${how})\n\n`);
  return false;
}
