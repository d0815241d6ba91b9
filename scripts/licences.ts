import { readFileSync } from "node:fs";
import { init } from "license-checker-rseidelsohn";
import type { ModuleInfos } from "license-checker-rseidelsohn";

// The licences of everything that is installed for running Drillbook, which is MIT and must stay free to pass on.

const allowed: ReadonlySet<string> = new Set([
  "0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "PSF-2.0", "Python-2.0", "Unlicense",
]);

/** Packages that name no licence in their manifest: where it is stated instead. */
const statedElsewhere: Readonly<Record<string, string>> = {
  "escape-regexp-component@1.0.2": "MIT, in its readme",
};

const { name, version } = JSON.parse(readFileSync("package.json", "utf8"));
const found = await readLicences();
const refused = Object.entries(found).filter(([id, { licenses }]) => !isAllowed(String(licenses)) && !(id in statedElsewhere));

for (const [id, { licenses }] of refused) console.error(`${id} is under ${licenses}, which is not on the list in scripts/licences.ts.`);
console.log(`${Object.keys(found).length} production packages, ${refused.length} under a licence that is not allowed`);
if (refused.length > 0 || Object.keys(found).length === 0) process.exitCode = 1;

/** "A OR B" needs one that is allowed, "A AND B" needs both; whatever is guessed ("MIT*") or unknown is refused. */
function isAllowed(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, "").split(" OR ");
  return alternatives.some((alternative) => alternative.split(" AND ").every((licence) => allowed.has(licence.trim())));
}

function readLicences(): Promise<ModuleInfos> {
  const options = { start: ".", production: true, excludePackages: `${name}@${version}` };
  return new Promise((resolve, reject) => init(options, (error, infos) => (error ? reject(error) : resolve(infos))));
}
