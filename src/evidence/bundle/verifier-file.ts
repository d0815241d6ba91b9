import { readFileSync } from "node:fs";

const name = "verify_bundle.py";

/**
 * The second verifier, one file that needs nothing but Python. It travels along for whoever has no Drillbook; whoever
 * distrusts the sender takes it from elsewhere, as README.txt says.
 */
export function verifierFile(): readonly (readonly [string, Uint8Array])[] {
  return [[name, readFileSync(new URL(`../../../verifiers/${name}`, import.meta.url))]];
}
