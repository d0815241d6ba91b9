import { isDeepStrictEqual } from "node:util";
import type { DrillState } from "../../drills/state.ts";
import { asDrillbookError } from "../../errors.ts";
import { cardsInPerson, personalName, personalSurface, stillWaits, type PersonalCard } from "../personal-surfaces.ts";
import type { SurfaceRow } from "../surface-store.ts";
import { bringSurface } from "./one-surface.ts";
import type { ShowingParts } from "./parts.ts";
import type { PersonalChats } from "./personal-chats.ts";
import { chatOf, freshRow } from "./places.ts";

export type BroughtInPerson = {
  readonly edited: boolean;
  /** Whose card could not be brought to them, of those who are to have one now. */
  readonly unreached: readonly PersonalCard[];
  /** What trying again may help against; one of them holds up nobody else's card. */
  readonly faults: readonly unknown[];
};

type Result = "nothing" | "sent" | "unreached";

/** Brings everybody's own cards up to date. Whoever cannot be reached has a row that waits until they can be. */
export async function bringPersonal(parts: ShowingParts, chats: PersonalChats, now: () => DrillState, rows: ReadonlyMap<string, SurfaceRow>): Promise<BroughtInPerson> {
  const wanted = new Map(cardsInPerson(now()).map((card) => [personalName(card), card]));
  const names = [...new Set([...wanted.keys(), ...rows.keys()])].filter((name) => personalSurface(name) !== null);
  let edited = false;
  const unreached: PersonalCard[] = [];
  const faults: unknown[] = [];
  for (const name of names) {
    const card = wanted.get(name);
    try {
      const result = await bringOne(parts, chats, now(), name, rows.get(name) ?? null);
      edited ||= result === "sent";
      if (card === undefined) continue;
      if (result === "unreached") unreached.push(card);
      else chats.served(name);
    } catch (thrown) {
      faults.push(thrown);
      if (card !== undefined && chats.failed(name)) unreached.push(card);
    }
  }
  return { edited, unreached, faults };
}

async function bringOne(parts: ShowingParts, chats: PersonalChats, state: DrillState, name: string, found: SurfaceRow | null): Promise<Result> {
  const { person, surface } = personalSurface(name) ?? { person: "", surface: "" };
  if (found?.state === "retired") return "unreached";
  if (state.status === "ended" && (found === null || found.state === "wanted")) return letGo(parts, found);
  if (found !== null && waitsForAddress(found) && !stillWaits(state, surface)) return "unreached";
  const near = chatOf(parts, state);
  let row = found;
  // Once more where the address was an old one: opening the chat gives the one that there is now.
  for (let tries = 1; tries <= 2; tries += 1) {
    const place = await chats.reach(person, near);
    if (place === "unknown" && row === null && parts.addresses.isIn(near.id, person) !== false) return "nothing";
    if (typeof place === "string") break;
    try {
      return (await bringSurface(parts, state, name, row)) ? "sent" : "nothing";
    } catch (thrown) {
      const { code } = asDrillbookError(thrown);
      if (!["not-allowed", "not-found", "bad-input"].includes(code)) throw thrown;
      parts.onFault(state.id, thrown);
      row = unreachedRow(parts, state, row ?? freshRow(parts, state, name, 1));
      if (code === "bad-input") return leave(parts, { ...row, state: "retired" }, found);
      chats.lost(person, place);
    }
  }
  return leave(parts, unreachedRow(parts, state, row ?? freshRow(parts, state, name, 1)), found);
}

/** Of a posting that is uncertain only the next one may be shown; of one that was shown, its buttons count until then. */
function unreachedRow(parts: ShowingParts, state: DrillState, row: SurfaceRow): SurfaceRow {
  const next = row.state === "posting" || row.state === "lost" ? freshRow(parts, state, row.surface, row.generation + 1) : row;
  return { ...next, state: "wanted", conversation: next.messageId === null ? null : next.conversation };
}

/** Whether it is no failure of the moment that this row was not shown. */
function waitsForAddress({ state, conversation, messageId }: SurfaceRow): boolean {
  return state === "wanted" && (conversation === null || messageId !== null);
}

async function leave(parts: ShowingParts, row: SurfaceRow, found: SurfaceRow | null): Promise<Result> {
  if (!isDeepStrictEqual(row, found)) await parts.surfaces.putSurface(row);
  return "unreached";
}

async function letGo(parts: ShowingParts, row: SurfaceRow | null): Promise<Result> {
  if (row !== null) await parts.surfaces.putSurface({ ...row, state: "retired" });
  return "nothing";
}
