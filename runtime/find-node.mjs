import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Plain JavaScript that Node 18 can read: this runs before it is known which Node there is.

const here = dirname(fileURLToPath(import.meta.url));

/** The oldest major version of Node that Drillbook runs on, as `engines` in package.json says. */
export const oldestMajor = Number(/\d+/.exec(manifest(join(here, "..")).engines?.node ?? "")?.[0]);

/** @typedef {{ platform: string, arch: string, version: string, execPath: string, musl: boolean }} Machine */

/** The machine and the Node that this process runs on. */
export const thisMachine = () => ({
  platform: process.platform,
  arch: process.arch,
  version: process.versions.node,
  execPath: process.execPath,
  musl: process.platform === "linux" && !reportsGlibc(),
});

/** @param {Machine} machine */
export const isNewEnough = (machine) => Number.parseInt(machine.version, 10) >= oldestMajor;

/**
 * The name of the package that carries Node for a machine; null when none does.
 * @param {Machine} machine
 */
export function carrier(machine) {
  // The packages hold glibc builds and do not say so: on Alpine they would install and then fail to start.
  if (machine.musl) return null;
  const name = `node-${machine.platform === "win32" ? "win" : machine.platform}-${machine.arch}`;
  return name in (manifest(here).optionalDependencies ?? {}) ? name : null;
}

/**
 * The Node to run on: the machine's own, the one that was fetched, or the sentence that says what to install.
 * @param {Machine} machine
 * @param {string} [folder] where the fetched Node lies
 * @returns {{ node: string } | { missing: string }}
 */
export function findNode(machine, folder = here) {
  if (isNewEnough(machine)) return { node: machine.execPath };
  const name = carrier(machine);
  const fetched = name === null ? null : binary(folder, name);
  if (fetched !== null) return { node: fetched };
  return { missing: whatToInstall(machine, name) };
}

/**
 * @param {Machine} machine
 * @param {string | null} name
 */
function whatToInstall(machine, name) {
  const install = `install Node ${oldestMajor} or newer from https://nodejs.org`;
  const fetch = name === null ? "" : ", or run `node runtime/fetch-node.mjs` to fetch one for Drillbook alone";
  return `Drillbook needs Node ${oldestMajor} or newer and this is Node ${machine.version}: ${install}${fetch}.`;
}

/**
 * @param {string} folder
 * @param {string} name
 */
function binary(folder, name) {
  const root = join(folder, "node_modules", name);
  if (!existsSync(join(root, "package.json"))) return null;
  const path = join(root, manifest(root).bin?.node ?? "bin/node");
  return existsSync(path) ? path : null;
}

/**
 * @param {string} folder
 * @returns {{ engines?: { node?: string }, bin?: { node?: string }, optionalDependencies?: Record<string, string> }}
 */
function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function reportsGlibc() {
  // Some builds have no report; then nothing speaks against glibc.
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } } | undefined} */ (process.report?.getReport());
  return report === undefined || Boolean(report.header?.glibcVersionRuntime);
}
