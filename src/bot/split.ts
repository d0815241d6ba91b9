import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";

/** What of some parts fits into `room` units of JSON, and what is left over, in order and whole between them. */
export type Taken = { readonly taken: readonly Json[]; readonly left: readonly Json[] };

/** Less than this is not worth beginning a part in: it would stand there in shreds. */
const leastUnits = 600;

/** Length of a part as it is sent, in UTF-16 units. */
export function unitsOf(part: Json): number {
  return JSON.stringify(part).length;
}

/**
 * Takes parts from the top while there is room; a part that is too large is begun here and goes on in a part of its own kind. With
 * `mustTake`, something is taken even where nothing fits: what cannot be divided is shortened then.
 */
export function take(parts: readonly Json[], room: number, mustTake: boolean): Taken {
  const taken: Json[] = [];
  let free = room;
  for (const [i, part] of parts.entries()) {
    const units = unitsOf(part) + 1;
    if (units <= free) {
      taken.push(part);
      free -= units;
      continue;
    }
    const halves = free >= leastUnits ? divided(part, free - 1) : null;
    if (halves !== null) return { taken: [...taken, halves[0]], left: [halves[1], ...parts.slice(i + 1)] };
    if (taken.length > 0 || !mustTake) return { taken, left: parts.slice(i) };
    return { taken: [shortened(part, room - 1)], left: parts.slice(i + 1) };
  }
  return { taken, left: [] };
}

/** A part as two of the same kind, of which the first fits; null: it cannot be divided there. */
function divided(part: Json, room: number): readonly [Json, Json] | null {
  if (!isRecord(part)) return null;
  if (typeof part["text"] === "string") return dividedText(part, "text", room);
  if (typeof part["title"] === "string" && typeof part["value"] === "string" && part["type"] === undefined) return dividedText(part, "value", room);
  for (const key of ["columns", "cells"]) {
    const list = part[key];
    // A table has columns, too, and its rows are what is divided.
    if (Array.isArray(list) && part["rows"] === undefined) return sideBySide(part, key, list as readonly Json[], room);
  }
  for (const key of ["rows", "items", "facts"]) {
    const list = part[key];
    if (Array.isArray(list)) return dividedList(part, key, list as readonly Json[], room);
  }
  return null;
}

/** A table's headings stand over its further rows as well. */
function dividedList(part: Shape, key: string, list: readonly Json[], room: number): readonly [Json, Json] | null {
  const heads = key === "rows" && part["firstRowAsHeaders"] === true ? 1 : 0;
  const shell = { ...part, [key]: list.slice(0, heads) };
  const { taken, left } = take(list.slice(heads), room - unitsOf(shell) - 1, false);
  if (taken.length === 0 || left.length === 0) return null;
  return [{ ...part, [key]: [...list.slice(0, heads), ...taken] }, { ...part, [key]: [...list.slice(0, heads), ...left] }];
}

/** Columns are read beside each other: each goes on in the same place, and what cannot be begun waits for the next. */
function sideBySide(part: Shape, key: string, columns: readonly Json[], room: number): readonly [Json, Json] | null {
  const free = room - unitsOf({ ...part, [key]: [] });
  const small = columns.map((column) => unitsOf(column) + 1).filter((units) => units <= free / columns.length);
  const share = Math.floor((free - small.reduce((sum, units) => sum + units, 0)) / Math.max(1, columns.length - small.length));
  const halves = columns.map((column): readonly [Json, Json] => {
    if (unitsOf(column) < share || unitsOf(column) < free / columns.length) return [column, emptied(column)];
    return divided(column, share - 1) ?? [emptied(column), column];
  });
  const firsts = halves.map(([first]) => first);
  if (unitsOf(firsts) <= unitsOf(columns.map(emptied))) return null;
  return [{ ...part, [key]: firsts }, { ...part, [key]: halves.map(([, second]) => second) }];
}

function emptied(column: Json): Json {
  return isRecord(column) ? { ...column, items: [] } : column;
}

type Shape = { readonly [key: string]: Json };

function dividedText(part: Shape, key: "text" | "value", room: number): readonly [Json, Json] | null {
  const text = String(part[key]);
  const end = endOf(text, room - unitsOf({ ...part, [key]: "" }));
  return end <= 0 || end >= text.length ? null : [{ ...part, [key]: text.slice(0, end) }, { ...part, [key]: text.slice(end) }];
}

/** Where a text is best cut so that what stands before needs at most `room` units: after a line, else after a word. */
function endOf(text: string, room: number): number {
  let [fits, not] = [0, Math.min(text.length, Math.max(0, room)) + 1];
  while (not - fits > 1) {
    const middle = (fits + not) >> 1;
    if (unitsOf(text.slice(0, middle)) - 2 <= room) fits = middle;
    else not = middle;
  }
  const window = text.slice(0, fits);
  for (const gap of ["\n", " "]) {
    const at = window.lastIndexOf(gap) + 1;
    if (at > fits / 2 && isWhole(text, at)) return at;
  }
  let end = fits;
  while (end > 0 && !isWhole(text, end)) end -= 1;
  return end;
}

/** Neither half a character, nor a mark without the backslash before it, nor half a moment of the card language. */
function isWhole(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  if (before >= 0xd800 && before <= 0xdbff) return false;
  const opened = text.lastIndexOf("{{", at - 1);
  if (opened !== -1 && opened > at - 60) {
    const closed = text.indexOf("}}", opened);
    if (closed !== -1 && closed + 2 > at && closed - opened < 60) return false;
  }
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 0;
}

/** The last resort, for what nothing is left of to divide: every text in it is cut, and a list loses its end. */
function shortened(part: Json, room: number): Json {
  for (let most = 2_000; most >= 20; most = Math.floor(most / 2)) {
    const cut = cutTo(part, most);
    if (unitsOf(cut) <= room) return cut;
  }
  return { type: "TextBlock", text: "…" };
}

function cutTo(part: Json, most: number): Json {
  if (typeof part === "string") return part.length <= most ? part : `${part.slice(0, wholeCharacters(part, most - 1))}…`;
  if (Array.isArray(part)) return (part as readonly Json[]).slice(0, most).map((one) => cutTo(one, most));
  if (!isRecord(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, cutTo(value, most)]));
}

/** Half a character is refused as JSON by some and shown as a box by others. */
export function wholeCharacters(text: string, most: number): number {
  const last = text.charCodeAt(most - 1);
  return last >= 0xd800 && last <= 0xdbff ? most - 1 : most;
}
