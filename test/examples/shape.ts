import type { Json } from "../../src/runbooks/runbook.ts";

/** A place in an answer: `value[].properties.state`. List entries share one place. */
type Place = { readonly types: Set<string>; readonly words: Set<string> };
type Shape = ReadonlyMap<string, Place>;

export type Difference = { readonly place: string; readonly kind: "missing" | "type" | "word"; readonly text: string };

/** Fields whose texts come from a closed list: their words are compared, not their form alone. */
const worded = new Set([
  "type", "protectionState", "protectionStateDescription", "testFailoverState", "testFailoverStateDescription", "activeLocation", "replicationHealth", "health",
  "bcdrState", "kekState", "pairingStatus", "groupType", "failoverDeploymentModel", "taskType", "targetInstanceType", "state", "stateDescription",
  "currentScenarioStatus", "currentScenarioStatusDescription", "recoveryPointType", "eventType", "severity", "allowedOperations[]", "allowedActions[]",
]);
/** Maps by free keys: what stands inside has no names to compare. */
const opaque = new Set(["affectedObjectDetails", "categorizedResourceCounts"]);

/**
 * How our answer differs from an official one: fields that we lack, other types, and words that no example and no
 * documented list (`alsoKnown`) has. Empty lists, nulls and details of another provider cannot be compared.
 */
export function differences(official: Json, ours: Json, known: ReadonlyMap<string, ReadonlySet<string>>): readonly Difference[] {
  const skipped = foreignDetails(official, ours, "");
  const theirs = shapeOf(official);
  const mine = shapeOf(ours);
  const found: Difference[] = [];
  for (const [place, { types }] of theirs) {
    if (skipped.some((prefix) => place.startsWith(prefix)) || insideEmptyList(place, mine)) continue;
    const own = mine.get(place);
    if (own === undefined) found.push({ place, kind: "missing", text: `${place} is missing` });
    else if (![...types].some((one) => own.types.has(one) || one === "null" || own.types.has("null"))) found.push({ place, kind: "type", text: `${place} is ${[...own.types].join("|")}, officially ${[...types].join("|")}` });
  }
  for (const [place, { words }] of mine) {
    const leaf = leafOf(place);
    const list = known.get(leaf);
    if (!worded.has(leaf) || list === undefined) continue;
    for (const word of words) if (!list.has(word)) found.push({ place, kind: "word", text: `${place} says "${word}", which no example has` });
  }
  return found;
}

/** The words that the examples use, by field. */
export function wordsOf(bodies: readonly Json[]): ReadonlyMap<string, ReadonlySet<string>> {
  const words = new Map<string, Set<string>>();
  for (const shape of bodies.map(shapeOf)) {
    for (const [place, found] of shape) {
      const leaf = leafOf(place);
      if (worded.has(leaf)) words.set(leaf, new Set([...(words.get(leaf) ?? []), ...found.words]));
    }
  }
  return words;
}

function shapeOf(json: Json): Shape {
  const shape = new Map<string, Place>();
  const visit = (value: Json, place: string): void => {
    const here = shape.get(place) ?? { types: new Set(), words: new Set() };
    shape.set(place, here);
    here.types.add(value === null ? "null" : Array.isArray(value) ? "list" : typeof value);
    if (typeof value === "string") here.words.add(value);
    if (isList(value)) for (const one of value) visit(one, `${place}[]`);
    else if (value !== null && typeof value === "object" && !opaque.has(leafOf(place))) for (const [name, one] of Object.entries(value)) visit(one, place === "" ? name : `${place}.${name}`);
  };
  visit(json, "");
  return shape;
}

/** Places where both sides have details of a kind, and not of the same kind. */
function foreignDetails(official: Json, ours: Json, place: string): readonly string[] {
  if (isList(official) || isList(ours)) {
    const [one] = isList(official) ? official : [];
    const [other] = isList(ours) ? ours : [];
    return one === undefined || other === undefined ? [] : foreignDetails(one, other, `${place}[]`);
  }
  if (official === null || ours === null || typeof official !== "object" || typeof ours !== "object") return [];
  const kind = (json: { readonly [key: string]: Json }) => json["instanceType"];
  if (kind(official) !== undefined && kind(official) !== kind(ours)) return [`${place}.`];
  const same = new Map(Object.entries(ours));
  return Object.entries(official).flatMap(([name, one]) => {
    const other = same.get(name);
    return other === undefined ? [] : foreignDetails(one, other, place === "" ? name : `${place}.${name}`);
  });
}

function insideEmptyList(place: string, mine: Shape): boolean {
  const parts = place.split("[]");
  return parts.slice(1).some((_, index) => {
    const list = parts.slice(0, index + 1).join("[]");
    return (mine.get(list)?.types.has("list") ?? false) && !mine.has(`${list}[]`) || (mine.get(list)?.types.has("null") ?? false);
  });
}

function leafOf(place: string): string {
  return place.split(".").at(-1) ?? place;
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
