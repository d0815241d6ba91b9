import { drillOf, source } from "../../../bench/evidence-drill.ts";
import { sha256 } from "../../../src/evidence/hash.ts";
import { renumbered, type Told } from "./seeded-pages.ts";

/** A drill of so many events, most of them looks at one operation. */
export function longDrill(drill: string, count: number): Told {
  return renumbered({ events: drillOf(count), blobs: new Map([[sha256(source), source]]) }, drill);
}
