import { isRecord } from "../../runbooks/json.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { turnTexts } from "../../texts/chat.ts";
import type { Inbound } from "../message.ts";
import { unitsOf } from "../split.ts";
import type { Turn } from "../pages.ts";
import { parse } from "./parse.ts";
import type { Of } from "./parts.ts";

/** Cards before a drill: they are asked for again with what was filled in, and change nothing. */
const asking: ReadonlySet<string> = new Set(["form", "preview", "incident-preview"]);

/** More than this is not carried by a button, for it would be the page: such an answer is turned by typing. */
const mostCarried = 6_000;
const longestAsked = 1_000;

/** How the pages of an answer are turned: by asking again what was asked, for nothing of an answer is kept. */
export function turnOfAnswer(inbound: Inbound): Turn {
  if (inbound.kind !== "click") {
    const asked = questionIn(inbound.text);
    return { data: asked.length > longestAsked ? {} : { asked }, command: (page) => turnTexts.typed(asked, page) };
  }
  const given = isRecord(inbound.data) ? inbound.data : {};
  const kept = Object.fromEntries(Object.entries(given).filter(([key, value]) => typeof value === "string" && (key === "runbook" || key.startsWith("p_"))));
  const params = Object.entries(kept).flatMap(([key, value]) => (key.startsWith("p_") ? [[key.slice(2), String(value)] as const] : []));
  const asked = launchQuestion(inbound.verb === "incident-preview" ? "incident" : "start", String(kept["runbook"] ?? ""), params);
  const data = { pressed: inbound.verb, given: kept };
  return { data: unitsOf(data) > mostCarried ? {} : data, command: (page) => turnTexts.typed(asked, page) };
}

/** What was typed without its page, and without what would carry it out. */
function questionIn(text: string): string {
  const typed = parse(text);
  const carriesOut = (typed.type === "start" && typed.now) || (typed.type === "incident" && typed.confirmed !== "");
  return carriesOut ? launchQuestion(typed.type, typed.runbook, Object.entries(typed.params)) : withoutPage(text);
}

function launchQuestion(word: "start" | "incident", runbook: string, params: readonly (readonly [string, string])[]): string {
  return [word, runbook, ...params.map(([name, value]) => `${name}=${quotedIfLong(value)}`)].join(" ");
}

/** What would be read as something else between names and values. */
function quotedIfLong(value: string): string {
  return /[\s=]/u.test(value) ? `"${value.replaceAll('"', "'")}"` : value;
}

/** The question behind a page's button, as it was first asked; null: there is none, or it would change something. */
export function askedAgain(inbound: Of<"click">, data: { readonly [key: string]: Json }): Inbound | null {
  const { person, conversation, account, reader } = inbound;
  const { asked, pressed, given } = data;
  // Part of a question would be another one: it could offer to launch with half of what was typed.
  if (typeof asked === "string") return asked.length <= longestAsked && changesNothing(asked) ? { person, conversation, account, reader, kind: "text", text: asked } : null;
  if (typeof pressed !== "string" || !asking.has(pressed)) return null;
  return { ...inbound, verb: pressed, data: isRecord(given) ? given : {} };
}

/** The page that a press or a typed question asks for. */
export function pageAsked(inbound: Inbound): number {
  const page = inbound.kind === "click" ? (isRecord(inbound.data) ? inbound.data["page"] : 1) : Number(/ page (\d{1,3})[\s.!?]*$/iu.exec(inbound.text)?.[1] ?? 1);
  return typeof page === "number" ? page : 1;
}

function withoutPage(text: string): string {
  return text.replace(/ page \d{1,3}[\s.!?]*$/iu, "");
}

/** A button's own data is as hostile as everything else that arrives: only what looks may be asked by it. */
function changesNothing(text: string): boolean {
  const typed = parse(text);
  switch (typed.type) {
    case "help":
    case "help-all":
    case "runbooks":
    case "drills":
    case "status":
    case "waiting":
    case "coverage":
    case "card":
      return true;
    case "start":
      return !typed.now;
    case "incident":
      return typed.confirmed === "";
    default:
      return false;
  }
}
