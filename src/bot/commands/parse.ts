import { nearest } from "../../runbooks/nearest.ts";

/** What somebody typed, understood. Nothing here has been checked against a drill or a person yet. */
export type Typed =
  | { readonly type: "help" | "runbooks" | "drills" | "status" | "waiting" }
  | { readonly type: "start"; readonly runbook: string; readonly params: Readonly<Record<string, string>>; readonly now: boolean }
  | { readonly type: "verb"; readonly verb: string; readonly code: string; readonly as: string; readonly reason: string; readonly drill: string | null; /** What it is about, by name. Absent: not said. */ readonly on?: string }
  /** `words` as typed: only the step that asks knows the names that may stand before an equals sign. */
  | { readonly type: "values"; readonly words: string; readonly drill: string | null }
  | { readonly type: "note"; readonly text: string; readonly drill: string | null }
  /** `near`: what was probably meant, when that would have changed something and so is not done unasked. */
  | { readonly type: "unknown"; readonly text: string; readonly near: string | null };

/** Words that stand for the same button, longest first so that "not started" is not read as something else. */
const verbs: readonly (readonly [RegExp, string])[] = [
  [/^look again\b/, "look-again"],
  [/^not started\b/, "not-started"],
  [/^clean ?up\b|^give up\b/, "give-up"],
  [/^undo now\b/, "order-undo"],
  [/^undo done\b/, "undo-done"],
  [/^undo failed\b/, "undo-failed"],
  [/^hand ?over role\b/, "hand-over-role"],
  [/^hand ?over\b/, "hand-over"],
  [/^add approver\b/, "propose-approver"],
  [/^admit\b/, "admit-approver"],
  [/^keep\b/, "hold"],
  [/^release\b/, "release"],
  [/^settled?\b/, "settle"],
  [/^finding\b/, "record-finding"],
  [/^undo again\b/, "retry-undo"],
  [/^leave it\b/, "accept-debt"],
  [/^done\b|^ok done\b|^finished\b/, "done"],
  [/^fail(ed)?\b/, "failed"],
  [/^skip(ped)?\b/, "skipped"],
  [/^retry\b|^try again\b|^again\b|^ask again\b|^check again\b/, "retry"],
  [/^continue\b|^go on\b/, "continue"],
  [/^approve[d]?\b/, "approve"],
  [/^reject(ed)?\b|^decline\b/, "reject"],
  [/^pause\b|^hold\b/, "pause"],
  [/^resume\b/, "resume"],
  [/^abort\b|^stop\b|^cancel\b/, "abort"],
  [/^sign\b/, "sign"],
];

/** A drill's name anywhere in a text; null when there is none. */
export function drillNamed(text: string): string | null {
  return /\b([A-Z]{3}-\d{4,})\b/i.exec(text)?.[1]?.toUpperCase() ?? null;
}

/** Understands a message. Forgiving of case, quotes, punctuation at the end and a drill's name in front. */
export function parse(message: string): Typed {
  const clean = message.replaceAll(/[“”„"«»]/g, "").replaceAll(/\s+/g, " ").trim();
  const [, named, rest] = /^(?:([A-Za-z]{3}-\d{4,})[:,]? )?(.*)$/s.exec(clean) ?? [];
  const drill = named === undefined ? null : named.toUpperCase();
  const words = unquoted((rest ?? "").trim());
  const plainWords = words.toLowerCase().replace(/[.!?]+$/, "");
  if (["help", "hello", "hi", "?", ""].includes(plainWords)) return { type: "help" };
  if (["runbooks", "runbook", "list"].includes(plainWords)) return { type: "runbooks" };
  if (plainWords === "drills" || plainWords === "drill") return { type: "drills" };
  if (plainWords === "status" || plainWords === "where are we") return { type: "status" };
  if (["waiting for me", "waiting", "what waits for me", "todo"].includes(plainWords)) return { type: "waiting" };
  if (plainWords.startsWith("start ")) return start(words.slice(6));
  if (plainWords.startsWith("note ")) return { type: "note", text: words.slice(5).trim(), drill };
  const answer = /^(?:answer|choose) +(.*)$/is.exec(words);
  if (answer !== null) return { type: "values", words: (answer[1] ?? "").trim(), drill };
  return verb(words, drill) ?? misspelt(plainWords) ?? { type: "unknown", text: clean, near: nearest(plainWords.split(" ")[0] ?? "", changing) };
}

/** Only looking is done for a word that is not quite right; what changes something is asked back. */
const looking = ["help", "runbooks", "drills", "status", "waiting"] as const;
const changing = ["start", "done", "failed", "skip", "retry", "continue", "approve", "reject", "abort", "sign", "note", "clean up", "finished", "answer", "choose", "pause", "resume"];

function misspelt(words: string): Typed | null {
  // "stats" is nearer to "status" than "start" is; a short word is near to everything.
  const near = words.includes(" ") || words.length < 4 ? null : nearest(words, [...looking, ...changing]);
  const meant = looking.find((word) => word === near);
  return meant === undefined ? null : { type: meant };
}

function unquoted(words: string): string {
  return words.replaceAll(/^['`‘’*_]+|['`‘’*_]+$/g, "");
}

function start(words: string): Typed {
  const [runbook = "", ...rest] = words.trim().split(" ");
  const now = rest.at(-1)?.toLowerCase() === "now";
  const pairs = rest.flatMap((word) => {
    const at = word.indexOf("=");
    return at > 0 ? [[word.slice(0, at), word.slice(at + 1)] as const] : [];
  });
  return { type: "start", runbook: runbook.toLowerCase(), params: Object.fromEntries(pairs), now };
}

function verb(words: string, drill: string | null): Typed | null {
  const lower = words.toLowerCase();
  for (const [pattern, name] of verbs) {
    const match = pattern.exec(lower);
    if (match === null) continue;
    const tail = words.slice(match[0].length).trim();
    const because = /(?:^|\s)because\s+(.*)$/is.exec(tail);
    const before = (because === null ? tail : tail.slice(0, because.index)).replace(/[.!?:,]+$/, "").trim();
    const code = name === "approve" || name === "reject" ? (before.split(" ").at(-1) ?? "").toUpperCase() : "";
    const { as, on } = tailOf(name, before);
    return { type: "verb", verb: name, code, as, reason: because?.[1]?.trim() ?? "", drill, ...(on === "" ? {} : { on }) };
  }
  return null;
}

/** Which words stand behind a verb: what it is about, and whom or when it names. */
function tailOf(name: string, words: string): { readonly as: string; readonly on: string } {
  const [, on = "", as = ""] = /^(?:(.*) )?(?:to|until) (.*)$/is.exec(words) ?? [];
  switch (name) {
    case "approve":
    case "reject":
      return { as: "", on: "" };
    case "sign":
      return { as: words.replace(/^as /i, "").toLowerCase(), on: "" };
    case "hand-over":
    case "hand-over-role":
    case "hold":
      return as === "" ? { as: words, on: "" } : { as: as.trim(), on: on.trim() };
    default:
      return { as: "", on: words.replace(/^(?:with|on|at|the)? ?(?:step )?/i, "").trim() };
  }
}
