import type { DrillStore } from "../../drills/ports.ts";
import type { SigningKey } from "../keys.ts";

/**
 * What a drill's final card says of its evidence, for whoever still has the card when a bundle comes: the head after the end
 * and the signing key, in groups of eight that wrap and copy well. null: the drill has not ended.
 */
export async function finalCardLine(store: Pick<DrillStore, "read">, drill: string, key: Pick<SigningKey, "fingerprint">): Promise<string | null> {
  const end = (await store.read(drill)).findLast(({ event }) => event.type === "drill.ended");
  if (end === undefined) return null;
  return `Evidence of ${drill} up to event ${end.event.seq}: head ${inGroups(end.head)}, key ${inGroups(key.fingerprint)}. Keep this: drillbook verify --card holds a bundle against it.`;
}

function inGroups(hex: string): string {
  return hex.replaceAll(/(.{8})(?=.)/g, "$1 ");
}
