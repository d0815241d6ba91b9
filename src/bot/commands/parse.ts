import { commandLines } from "../../texts/commands.ts";
import { nearest } from "../../runbooks/nearest.ts";
import { incidentTexts } from "../../texts/launch.ts";
import { namedValues, withoutQuoted } from "./named-values.ts";

/** What changes nothing, whoever asks. */
type Looking = "help" | "help-all" | "runbooks" | "drills" | "status" | "waiting" | "coverage" | "card";

/** What somebody typed, understood. Nothing here has been checked against a drill or a person yet. */
export type Typed =
  | { readonly type: Looking; /** Named in front of it. */ readonly drill?: string; /** Of a long list, from 1. */ readonly page?: number; /** The step whose card it is, by number or name. */ readonly on?: string }
  | { readonly type: "start"; readonly runbook: string; readonly params: Readonly<Record<string, string>>; readonly now: boolean }
  /** A real incident. `confirmed`: the word that was typed to confirm; "" when there was none. `code`: what stood behind it. */
  | { readonly type: "incident"; readonly runbook: string; readonly params: Readonly<Record<string, string>>; readonly confirmed: string; readonly code: string; readonly reason: string }
  | { readonly type: "verb"; readonly verb: string; readonly code: string; readonly as: string; readonly reason: string; readonly drill: string | null; /** What it is about, by name. Absent: not said. */ readonly on?: string }
  /** `words` as typed: only the step that asks knows the names that may stand before an equals sign. */
  | { readonly type: "values"; readonly words: string; readonly drill: string | null }
  | { readonly type: "note"; readonly text: string; readonly drill: string | null }
  /** `near`: what was probably meant, when that would have changed something and so is not done unasked. */
  | { readonly type: "unknown"; readonly text: string; readonly near: string | null };

/** Every way to write a command with its verb, longest first: "hand over role" must not be read as "hand over". */
const spellings = commandLines.flatMap(({ verb, words }) => words.map((words) => ({ verb, words }))).toSorted((a, b) => b.words.length - a.words.length);

/** A drill's name anywhere in a text; null when there is none. */
export function drillNamed(text: string): string | null {
  return /\b([A-Z]{3}-\d{4,})\b/i.exec(text)?.[1]?.toUpperCase() ?? null;
}

/** Understands a message. Forgiving of case, quotes, courtesies, punctuation at the end and a drill's name in front. What goes into the record stays as it was written. */
export function parse(message: string): Typed {
  const written = message.replaceAll(/\s+/g, " ").trim();
  const [, named, rest = ""] = /^(?:[“”„"«»]?([A-Za-z]{3}-\d{4,})[“”"»]?[:,]? )?(.*)$/s.exec(written) ?? [];
  const drill = named === undefined ? null : named.toUpperCase();
  const words = bare(rest.trim()).replace(/^(?:please|pls|ok(?=,)|okay(?=,)|hey|drillbook)[,:]? +(?=\S)/i, "").replace(/^\/(?=[a-z])/i, "");
  const plainWords = unquoted(words).toLowerCase().replace(/[\s.!?,'`‘’*_]+$/, "");
  if (plainWords === "") return { type: "help" };
  const asked = looking.find((line) => line.words.includes(plainWords));
  if (asked !== undefined) return look(asked.verb, drill);
  const [, list = "", page = ""] = /^(.+?) (?:page )?(\d{1,3})$/.exec(plainWords) ?? [];
  const paged = looking.find((line) => line.verb !== "card" && line.words.includes(list));
  if (paged !== undefined) return { ...look(paged.verb, drill), page: Number(page) };
  const found = spelling(words.toLowerCase().replace(/[\s.!?,'`‘’*_]+$/, ""));
  const tail = found === null ? "" : words.slice(found.words.length).replace(/^[“”"»'’`*_]*[\s:,]*/, "");
  switch (found?.verb ?? null) {
    case "start":
    case "incident":
      if (tail !== "") return start(found?.verb === "incident" ? "incident" : "start", tail);
      return { type: "runbooks" };
    case "note":
      return { type: "note", text: tail, drill };
    case "card":
      return { ...look("card", drill), on: unquoted(tail).replace(/^(?:of )?(?:step )?/i, "").replace(/[.!?]+$/, "") };
    case "values":
      if (tail !== "") return { type: "values", words: tail, drill };
      break;
    case null:
      break;
    default:
      if (found !== null && !looking.some((line) => line.verb === found.verb)) return verb(found.verb, tail, drill);
  }
  return misspelt(plainWords, drill) ?? { type: "unknown", text: unquoted(written), near: nearest(plainWords.split(" ")[0] ?? "", changing) };
}

/** Only looking is done for a word that is not quite right; what changes something is asked back. */
const looking = commandLines.filter((line) => line.look === true);
const changing = commandLines.filter((line) => line.look !== true).flatMap((line) => line.words);

/** The longest spelling that these words begin with. */
function spelling(words: string): { readonly verb: string; readonly words: string } | null {
  return spellings.find((s) => words === s.words || (words.startsWith(s.words) && /^[\s:,.!“”"»'’`*_]/.test(words.slice(s.words.length)))) ?? null;
}

function misspelt(words: string, drill: string | null): Typed | null {
  // "stats" is nearer to "status" than "start" is; a short word is near to everything.
  const near = words.includes(" ") || words.length < 4 ? null : nearest(words, [...looking.map((line) => line.words[0] ?? ""), ...changing]);
  const meant = looking.find((line) => line.words[0] === near);
  return meant === undefined ? null : look(meant.verb, drill);
}

function look(verb: string, drill: string | null): Extract<Typed, { type: Looking }> {
  return { type: verb as Looking, ...(drill === null ? {} : { drill }) };
}

const doubleQuotes = /[“”„"«»]/g;

function unquoted(words: string): string {
  return words.replaceAll(doubleQuotes, "").trim();
}

/** Without the quotes or marks around the whole of it; those around a piece of it stay. */
function bare(words: string): string {
  const begun = words.replace(/^[“”„"«»'`‘’*_]+/, "");
  if (begun.length === words.length) return words;
  let open = 0;
  for (const { index } of begun.matchAll(doubleQuotes)) {
    const opens = index === 0 || /[\s=(]/.test(begun[index - 1] ?? "");
    if (!opens && open === 0) return begun.slice(0, index) + begun.slice(index + 1);
    open += opens ? 1 : -1;
  }
  return begun.replace(/['`‘’*_]+$/, "");
}

/** What stands before a reason, and the reason. */
function reasoned(words: string): { readonly before: string; readonly reason: string } {
  const because = /(?:^|\s)because\s+(.*)$/is.exec(words);
  return { before: (because === null ? words : words.slice(0, because.index)).trim(), reason: because?.[1]?.trim() ?? "" };
}

/** What a tooltip says where something is left to be said: pasted as it is, it starts nothing. */
const leftOpen = /…|\.\.\.|<criterion>|\bname=value\b/i;

function start(type: "start" | "incident", tail: string): Typed {
  const { words, back } = withoutQuoted(tail);
  const { before, reason } = reasoned(words);
  const [runbook = "", ...rest] = before.replace(/ page \d{1,3}[\s.!?]*$/iu, "").split(" ");
  const isPasted = leftOpen.test(words);
  const said = rest.join(" ").replace(/[.!?,]+$/, "");
  const [ending, confirmed = "", code = ""] = (type === "start" ? /(?:^|\s)(now)$/i : /(?:^|\s)(\S+?)(?: ([a-z0-9]{4}))?$/i).exec(said) ?? [""];
  const confirms = type === "start" || namedValues(said).before === said || /^(?:now|yes)$/i.test(confirmed) || nearest(confirmed, [incidentTexts.confirmingWord]) !== null;
  const given = namedValues(confirms ? said.slice(0, said.length - ending.length) : said).values;
  const params = isPasted ? {} : Object.fromEntries(Object.entries(given).map(([name, value]) => [name, back(value)]));
  const common = { type, runbook: back(runbook.replace(/[,;:]+$/, "")).toLowerCase(), params };
  const isSaid = confirms && !isPasted;
  if (type === "start") return { ...common, type, now: isSaid && confirmed !== "" };
  return { ...common, type, confirmed: isSaid ? confirmed.toLowerCase() : "", code: isSaid ? code.toUpperCase() : "", reason: isPasted ? "" : back(reason) };
}

function verb(name: string, tail: string, drill: string | null): Typed {
  const { before, reason } = reasoned(tail);
  const about = (name === "record-finding" ? before : unquoted(before)).replace(/[.!?:,]+$/, "").trim();
  const { as, on, code } = tailOf(name, about);
  return { type: "verb", verb: name, code, as, reason: unwrapped(reason), drill, ...(on === "" ? {} : { on }) };
}

/** A reason that is quoted as a whole is the reason. */
function unwrapped(words: string): string {
  const { words: set, back } = withoutQuoted(words);
  return back(set);
}

/** Which words stand behind a verb: what it is about, and whom or when it names. */
function tailOf(name: string, words: string): { readonly as: string; readonly on: string; readonly code: string } {
  const [, on = "", as = ""] = /^(?:(.*) )?(?:to|until) (.*)$/is.exec(words) ?? [];
  switch (name) {
    case "approve":
    case "reject": {
      const [, step = "", last = ""] = /^(?:(.*) )?(\S*)$/s.exec(words) ?? [];
      return { as: "", on: step.replace(/^step /i, ""), code: last.toUpperCase() };
    }
    case "record-finding":
      return { as: "", on: words, code: "" };
    case "sign":
      return { as: words.replace(/^as /i, "").toLowerCase(), on: "", code: "" };
    case "hand-over":
    case "hand-over-role":
    case "hold":
      return { ...(as === "" ? { as: words, on: "" } : { as: as.trim(), on: on.trim() }), code: "" };
    default:
      return { as: "", on: words.replace(/^(?:with|on|at|the)? ?(?:step )?/i, "").trim(), code: "" };
  }
}
