import { stepOf, type DrillState } from "../../drills/state.ts";
import { asDrillbookError } from "../../errors.ts";
import { deliveryTexts as t } from "../../texts/notices.ts";
import { stillWaits, type PersonalCard } from "../personal-surfaces.ts";
import type { SurfaceRow } from "../surface-store.ts";
import { edit, post, shows } from "./one-surface.ts";
import type { ShowingParts } from "./parts.ts";
import { freshRow, idOf } from "./places.ts";
import { stoodAside } from "./stood-aside.ts";

/** Whether a surface is word of something, and no card itself. */
export function isNotice(surface: string): boolean {
  return surface === stoodAside || surface.startsWith("unreached:");
}

/**
 * Tells the drill's chat whom no card reaches: one message for all who are asked the same, once for each attempt of a step, and again
 * only when it says something else. True when something was sent. Throws what the transport throws.
 */
export async function tellUnreached(parts: ShowingParts, state: DrillState, unreached: readonly PersonalCard[], rows: ReadonlyMap<string, SurfaceRow>): Promise<boolean> {
  if (state.status === "ended") return false;
  let sent = false;
  for (const surface of new Set(unreached.map((card) => card.surface))) {
    const told = tellingOf(parts, state, surface, unreached.filter((card) => card.surface === surface));
    const row = rows.get(noticeName(state, surface)) ?? null;
    if (row !== null && shows(row, told)) continue;
    await post(parts, state, freshRow(parts, state, noticeName(state, surface), (row?.generation ?? 0) + 1), told);
    sent = true;
  }
  return (await takeBack(parts, state, unreached, rows)) || sent;
}

/** Whom a message names who was reached since: nobody has to call them any more. */
async function takeBack(parts: ShowingParts, state: DrillState, unreached: readonly PersonalCard[], rows: ReadonlyMap<string, SurfaceRow>): Promise<boolean> {
  let sent = false;
  for (const { step } of state.steps) {
    const surface = `step:${step.id}`;
    const row = rows.get(noticeName(state, surface));
    const message = { text: t.reachedSince(step.title), card: null };
    if (row === undefined || row.messageId === null || row.state !== "shown" || !stillWaits(state, surface) || shows(row, message) || unreached.some((card) => card.surface === surface)) continue;
    await edit(parts, state, row, message);
    sent = true;
  }
  return sent;
}

function noticeName(state: DrillState, surface: string): string {
  return `unreached:${surface}:${stepOf(state, surface.replace(/^step:/u, ""))?.round ?? 0}`;
}

/** Who does not see the drill's chat either is told by nothing at all, and comes first. */
function tellingOf(parts: ShowingParts, state: DrillState, surface: string, cards: readonly PersonalCard[]): { readonly text: string; readonly card: null } {
  const isAway = ({ person }: PersonalCard): boolean => parts.addresses.isIn(idOf(state.conversation), person) === false;
  const away = cards.filter(isAway).map(({ name }) => name);
  const here = cards.filter((card) => !isAway(card)).map(({ name }) => name);
  const told = [...(away.length > 0 ? [t.absent(away)] : []), ...(here.length > 0 ? [t.undelivered(here)] : [])].join(" ");
  return { text: t.about(stepOf(state, surface.replace(/^step:/u, ""))?.step.title ?? state.runbook.title, told), card: null };
}

/** A chat that the bot was thrown out of tells nobody: whoever performs the drill hears of it in person. True when that is so. */
export async function tellOperators(parts: ShowingParts, state: DrillState, fault: unknown): Promise<boolean> {
  if (!["not-allowed", "not-found"].includes(asDrillbookError(fault).code)) return false;
  for (const { id } of state.roles["operator"] ?? []) {
    const address = parts.addresses.personal(id);
    if (address === null) continue;
    await parts.transport.send(address, { text: t.chatUnreachable(state.id, state.runbook.title), card: null }).catch((thrown: unknown) => parts.onFault(state.id, thrown));
  }
  return true;
}
