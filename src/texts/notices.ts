import { listed } from "./words.ts";

/* What the bot says of its own accord: of schedules, of what could not be delivered, and when something takes long or goes wrong. */

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

/** What the people of an exercise are told that stops for a real incident. */
export const standingAsideText = (drill: string, title: string): string =>
  `**REAL INCIDENT**: one was declared on what ${drill} works on. ${drill} (${title}) is an exercise and has stopped: go on with none of its steps. What it started is taken back; if that needs you, its cards say so.`;

/** Why nothing of a due drill could be said. */
export const scheduleRefusals = {
  nobodyReached: (id: string) => [`${id} is due, and none of its people can be reached in person.`, "Let them install the app for themselves, or write to the bot."] as const,
};

export const deliveryTexts = {
  undelivered: (names: readonly string[]) =>
    `${listed(names)} could not be reached in person: Teams does not take messages for them, or they do not have the app. The card in this chat is valid for them too; call them.`,
  absent: (names: readonly string[]) => `Nothing tells ${listed(names)}: they are asked, but are not in this chat, and Drillbook does not reach them in person. Add them to this chat, or call them.`,
  about: (what: string, told: string) => `${what}: ${told}`,
  reachedSince: (what: string) => `${what}: everybody who is asked has been reached since.`,
  chatUnreachable: (drill: string, title: string) =>
    `Teams does not take messages for the chat of ${drill} (${title}): its cards there are not up to date. Check that the app is still installed there. Meanwhile type here: ${drill} status`,
  stillWorking: "Received. Drillbook is still working on it; the answer comes into this chat.",
  answeredBefore: "That reached Drillbook a moment ago, before it was started again; it is not done twice. The newest card shows whether it is recorded: if not, do it again.",
  done: "Done.",
  tooFast: (seconds: number) => `That was a lot at once, so nothing was done with this one. In ${seconds} seconds Drillbook listens to you again.`,
  wentWrong: (reference: string) => `Something went wrong here; nothing was changed. Reference ${reference}`,
};

/** Why what arrived is not taken. */
export const arrivalRefusals = {
  filesInPersonOnly: ["Files are taken in a personal chat with the bot only; nothing was kept.", "Open a chat with Drillbook and send it there."],
  notUnderstood: ["That button sent something that is not understood; nothing was changed.", "Use the newest card, or type `help`."],
  tooLong: (most: number) => [`That message is longer than ${most} characters; nothing was done.`, "Send a shorter one."] as const,
  tooLate: ["This message reached Drillbook more than ten minutes after it was sent; nothing was changed.", "Look at the newest card and do it again if it is still needed."],
  tooManyFiles: (most: number) => [`That is more than ${most} files; none was kept.`, "Send them in smaller lots."] as const,
  fileNotFetched: ["The file could not be fetched; nothing was kept.", "Send it again."],
  filePlaceAnswered: (status: number) => [`The file could not be fetched: its place answered ${status}. Nothing was kept.`, "Send it again."] as const,
  fileTooLarge: (megabytes: number) => [`The file is larger than ${megabytes} MB; it was not kept.`, "Make the picture smaller, or note where the file is kept."] as const,
  fileElsewhere: ["The file lies at an address that Drillbook does not fetch from; it was not kept.", "Attach it in the chat with the bot."],
} as const;

/** Why a message is not shown. */
export const sendRefusals = {
  tooMuch: ["Teams does not take more messages in this chat for the moment; nothing was sent.", "The cards are brought up to date by themselves."],
  noAddress: ["Nobody can be reached there in person.", "Have them write to the bot once."],
  badAddress: ["This conversation's address is not one that Drillbook may send to; nothing was sent.", "Write to the bot again from the chat, so that it learns the address anew."],
  noChat: ["The chat service named no chat of that person's own; nothing was sent.", "Call them; it is tried again in an hour."],
  forbidden: ["That address is not one that Drillbook may send to.", "Write to the bot again from the chat."],
  unknown: ["The message was sent, but no answer came: it may or may not have arrived.", "Do not send it again; the next message says what is valid."],
  unreachable: ["The chat service could not be reached; nothing was sent.", "It is tried again later."],
  gone: ["The message or its conversation is gone.", "Send a fresh one."],
  notAllowed: ["The chat service does not let Drillbook write there.", "Check that the app is installed and not blocked."],
  notTaken: ["The chat service did not take the message: it may be too large.", "Send a smaller one."],
  answered: (status: number) => [`The chat service answered ${status}; the message is not shown.`, "It is tried again later."] as const,
} as const;
