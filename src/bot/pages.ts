import { isInput, listOf, plain, small, text, type CardJson } from "../dialogs/card.ts";
import { isRecord } from "../runbooks/json.ts";
import type { Json } from "../runbooks/runbook.ts";
import { turnButtons } from "../texts/buttons.ts";
import { cardTexts } from "../texts/card.ts";
import { pageTexts } from "../texts/lists.ts";
import { take, unitsOf } from "./split.ts";

/** Of one card, in UTF-16 units: phones are happier with less than Teams takes, and the summary stands beside it. */
export const mostCardUnits = 25_000;
export const mostActions = 6;

/** How the pages of one card are turned: what the button carries beside the page's number, and what can be typed instead. */
export type Turn = { readonly data: CardJson; readonly command: (page: number) => string };

/** What goes out now: one page, and of how many. */
export type Page = { readonly card: CardJson; readonly page: number; readonly pages: number };

/** Whoever has to stop a drill does not leaf for it; and a link decides nothing. */
const atHand: ReadonlySet<string> = new Set(["pause", "resume", "ask-abort"]);

/**
 * One page of a card, from 1; a page that is not there is the nearest one that is. Every card that Teams would not take, or that
 * has more buttons than it shows, is drawn in pages: computed anew from the drawn card each time, so that nothing is stored.
 */
export function pageOf(card: CardJson, wanted: number, turn: Turn): Page {
  const pages = pagesOf(card, turn);
  const page = Math.min(Math.max(1, Number.isSafeInteger(wanted) ? wanted : 1), pages.length);
  return { card: pages[page - 1] ?? card, page, pages: pages.length };
}

/**
 * All pages of a card. Its head stands on each. What people fill in and the buttons come after everything that there is to read, so
 * that whoever decides was led through all of it; where buttons need several pages, what is filled in stands with each lot.
 */
export function pagesOf(card: CardJson, turn: Turn): readonly CardJson[] {
  const actions = listOf(card["actions"]);
  if (unitsOf(card) <= mostCardUnits && actions.length <= mostActions) return [card];
  const { head, read, inputs } = partsOf(listOf(card["body"]));
  const always = actions.filter(isAlwaysThere);
  const pressed = actions.filter((action) => !isAlwaysThere(action));
  const [lots, decides] = [chunks(pressed, mostActions - 2 - always.length), pressed.length > 0];
  const frame = (body: readonly Json[], lot: readonly Json[], page: number, pages: number): CardJson => ({
    ...card,
    ...refreshed(card, page),
    body: [...head, small(pageTexts.of(page, pages, decides, plain(turn.command(page + 1))), { spacing: "Small" }), ...body],
    actions: [...lot, ...turns(turn, page, pages), ...always],
  });
  const room = mostCardUnits - unitsOf(frame([], [], 111, 222));
  const onLast = room - Math.max(...lots.map(unitsOf)) - unitsOf(inputs);
  const bodies = spread(read, room, Math.max(0, onLast));
  const drafts = [...bodies.slice(0, -1).map((body) => ({ body, lot: [] as readonly Json[] })), ...lots.map((lot, i) => ({ body: [...(i === 0 ? (bodies.at(-1) ?? []) : []), ...inputs], lot }))];
  return drafts.map(({ body, lot }, i) => frame(body, lot, i + 1, drafts.length));
}

/**
 * Pages of `room` units, and a last one of `onLast` with as many whole parts of the end as it has room for: what is decided on
 * stands beside the buttons that decide it.
 */
function spread(parts: readonly Json[], room: number, onLast: number): readonly (readonly Json[])[] {
  let from = parts.length;
  while (from > 0 && unitsOf(parts.slice(from - 1)) <= onLast) from -= 1;
  const pages: (readonly Json[])[] = [];
  let rest: readonly Json[] = parts.slice(0, from);
  while (rest.length > 0) {
    const { taken, left } = take(rest, room, true);
    pages.push(taken);
    rest = left;
  }
  return [...pages, parts.slice(from)];
}

/** The head says which drill and step it is: without it nobody knows what a page belongs to. */
function partsOf(body: readonly Json[]): { readonly head: readonly Json[]; readonly read: readonly Json[]; readonly inputs: readonly Json[] } {
  const headed = body[0] !== undefined && !isInput(body[0]) && unitsOf(body[0]) <= mostHeadUnits;
  const rest = body.slice(headed ? 1 : 0);
  const { inputs, listed } = roomFor(rest.filter(isInput));
  return { head: body.slice(0, headed ? 1 : 0), read: [...rest.filter((part) => !isInput(part)), ...listed], inputs };
}

const mostHeadUnits = 4_000;
const mostInputUnits = 12_000;

/** Choices that find no room beside the other inputs are listed to be read, and the one that is meant is typed. */
function roomFor(inputs: readonly Json[]): { readonly inputs: readonly Json[]; readonly listed: readonly Json[] } {
  if (unitsOf(inputs) <= mostInputUnits) return { inputs, listed: [] };
  const listed: Json[] = [];
  const brief = inputs.map((input): Json => {
    if (!isRecord(input) || input["type"] !== "Input.ChoiceSet" || unitsOf(input) <= 1_000) return input;
    const { choices, style: _, value, ...kept } = input;
    const titles = listOf(choices).flatMap((choice) => (isRecord(choice) ? [{ title: String(choice["title"]), value: String(choice["value"]) }] : []));
    listed.push(text(pageTexts.choices(plain(String(kept["label"] ?? ""))), { weight: "Bolder", spacing: "Medium" }));
    listed.push(...titles.map(({ title }) => text(plain(title), { spacing: "None" })));
    const chosen = titles.find((choice) => choice.value === value)?.title ?? String(value ?? "");
    return { ...kept, type: "Input.Text", maxLength: 1_000, value: chosen, placeholder: pageTexts.typeChoice };
  });
  return { inputs: take(brief, mostInputUnits, true).taken, listed };
}

/** Turning sends nothing that is filled in, and asks for nothing that has to be. */
function turns({ data, command }: Turn, page: number, pages: number): readonly Json[] {
  const to = (title: string, wanted: number): Json => ({ type: "Action.Execute", title, verb: "page", data: { ...data, page: wanted }, associatedInputs: "none", tooltip: `${cardTexts.typeInstead}${command(wanted)}` });
  return [...(page > 1 ? [to(turnButtons.back, page - 1)] : []), ...(page < pages ? [to(turnButtons.next(page + 1, pages), page + 1)] : [])];
}

/** A refresh that somebody asks for brings the page again that they see. */
function refreshed(card: CardJson, page: number): CardJson {
  const refresh = card["refresh"];
  const action = isRecord(refresh) ? refresh["action"] : undefined;
  if (!isRecord(refresh) || !isRecord(action)) return {};
  return { refresh: { ...refresh, action: { ...action, data: { ...(isRecord(action["data"]) ? action["data"] : {}), page } } } };
}

function isAlwaysThere(action: Json): boolean {
  return isRecord(action) && (action["type"] !== "Action.Execute" || atHand.has(String(action["verb"])));
}

function chunks(all: readonly Json[], most: number): readonly (readonly Json[])[] {
  const lots: (readonly Json[])[] = [];
  for (let from = 0; from < all.length; from += Math.max(1, most)) lots.push(all.slice(from, from + Math.max(1, most)));
  return lots.length === 0 ? [[]] : lots;
}
