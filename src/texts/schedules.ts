import { listed } from "./words.ts";

/** What people are told of a runbook that is drilled by a schedule. `when` carries its time zone. */
export const scheduleTexts = {
  inRole: (role: string, names: readonly string[]) => `${role} (${names.join(", ") || "nobody yet"})`,
  announced: (title: string, when: string, needed: readonly string[], owner: string) =>
    `${title} is due on ${when}. It needs ${listed(needed)}. It starts by itself, up to the first step that waits for people. Keep the time free; if you cannot, tell ${owner || "an operator"} now, so that somebody stands in for you.`,
  tomorrow: (title: string, when: string) => `Tomorrow: ${title} is due on ${when}.`,
  asks: (title: string, unset: readonly string[], id: string) => `${title} is due now, and it needs to know: ${unset.join(", ")}. Start it: start ${id}`,
  refused: (title: string, why: string, id: string) => `${title} is due now and did not start. ${why} Then: start ${id}`,
  notRun: (title: string, when: string, owner: string, next: string) => `${title} was due on ${when} and was not run to a good end.${owner === "" ? "" : ` Its owner is ${owner}.`} ${next}`,
  startNow: (id: string) => `Start it now: start ${id}`,
  stillOpen: (drill: string) => `${drill} is under way and waits for somebody. See what waits for you: waiting`,
};

/** Why nothing of a due drill could be said. */
export const scheduleRefusals = {
  nobodyReached: (id: string) => [`${id} is due, and none of its people can be reached in person.`, "Let them install the app for themselves, or write to the bot."] as const,
};
