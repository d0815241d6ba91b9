import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const fromPeers = createRequire(new URL("peers/package.json", import.meta.url));

/** A package of bench/peers; null, and a word on stderr, when the peers are not installed. */
export async function peer<Module>(name: string): Promise<Module | null> {
  try {
    return (await import(pathToFileURL(fromPeers.resolve(name)).href)) as Module;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    console.error(`Without ${name}, which is not installed: npm ci --prefix bench/peers brings what the benches compare with.`);
    return null;
  }
}
