import { resultName } from "./live-card.ts";

/** What the bot answers in the chat to what is typed, pressed or sent. */
export const chatTexts = {
  notKnown: (words: string) => `I do not know what "${words}" means. Type help to see what I understand.`,
  didYouMean: (near: string, words: string) => `Did you mean "${near}"? Nothing was done with "${words}". Type it again, or help to see what I understand.`,
  hasEnded: (drill: string, result: string) => `${drill} has ended: ${resultName(result)}.`,
  waitingFor: (whom: string) => `Waiting for ${whom}.`,
  recordedAs: (step: string, answer: string) => `Recorded${step} as ${answer}.`,
  recorded: (step: string) => `Recorded${step}.`,
  settled: (what: string) => `Recorded as done: ${what}.`,
  left: (what: string) => `Recorded: you sign for what is left behind, ${what}.`,
  ofStep: (title: string) => ` "${title}"`,
  approved: "Recorded: you approved.",
  rejected: "Recorded: you rejected it.",
  noted: "Noted.",
  signed: (as: string) => `Recorded: you signed as ${as}.`,
  aborting: "Aborting.",
  abortAsked: "Nothing is aborted yet: the form is the newest message here.",
  cleaningUp: "Cleaning up.",
  nothingElsewhere: "No drill is under way here. Begin with: runbooks",
  elsewhere: (lines: readonly string[]) => `No drill is under way here. Elsewhere: ${lines.join("; ")}`,
  noRole: "You have no role in it.",
  youCanType: (words: readonly string[]) => `You can type: ${words.join(", ")}.`,
  underWay: (drill: string, whom: string, may: string) => `${drill} is under way here and waits for ${whom}. ${may}`,
  nobody: "nothing",
  nothingWaits: "No drill waits for you.",
  theseWait: (lines: readonly string[]) => ["These drills wait for you:", ...lines.map((line) => `- ${line}`)].join("\n"),
  waitsLine: (drill: string, steps: string, words: readonly string[]) => `${drill}, ${steps}. Type: ${words.map((word) => `${drill} ${word}`).join(", or ")}`,
  nothingForReader: "Nothing here waits for you. Type waiting to see what does.",
  youDecided: (time: string) => `You approved this at ${time}. The others who are asked have yet to.`,
  nothingForAnybody: "Nothing waits here any more.",
};

/** What to type for a page of an answer. */
export const turnTexts = { typed: (asked: string, page: number) => `${asked} page ${page}` };

/** What becomes of files that somebody sends. */
export const fileTexts = {
  notKept: (name: string) => `**${name}** was not kept: pictures (PNG, JPEG, GIF), PDF and plain text are.`,
  refused: (name: string, why: string) => `**${name}** was not kept: ${why}`,
  atStep: (step: string, drill: string) => `"${step}" of ${drill}`,
  kept: (name: string, where: string, kilobytes: number, mediaType: string, sha256: string) => `**${name}** is kept as evidence at ${where}: ${kilobytes} KB, ${mediaType}, SHA-256 ${sha256}…`,
  picture: "picture",
};

/** Why something typed or pressed is not done: what is so, and what to do instead. */
export const chatRefusals = {
  notOurButton: ["That button is not one of ours.", "Use the newest card."],
  replaced: ["This card has been replaced by a newer one.", "Use the newest card of this drill, or type: status"],
  elsewhere: ["An approval counts only on the card that Drillbook itself posted, in the chat where it stands.", "Use that card, or type: waiting"],
  noDrillHere: ["No drill is under way in this chat.", "Type runbooks to see what can be started, or put the drill's name in front: PAY-0042 status"],
  notADrillWord: (verb: string) => [`"${verb}" is not something a drill understands.`, "Type: help"] as const,
  nothingAsked: ["Nothing is being asked of approvers now.", "Type: status"],
  whatIsApproved: (step: string, what: string, number: number, code: string) =>
    [
      `What would be approved at "${step}":  \n${what}\n\n`,
      `If you agree, type: approve ${number} ${code}. If not: reject ${number} ${code} because …`,
    ] as const,
  untilWhen: ["Until when is not said.", "For example: keep web-01 until 2026-12-01 12:00 because its log shows errors"],
  noSuchStep: (named: string, open: readonly string[]) => [`No step that is open is called "${named}".`, `Open now: ${open.join("; ") || "none"}.`] as const,
  severalSteps: (word: string, titles: readonly string[]) => [`Several steps wait for that: ${titles.join("; ")}.`, `Say which one. For example: ${word} ${titles[0] ?? ""}`] as const,
} as const;
