/** Words that every kind of card shares. What comes in as an argument has been made safe to show. */
export const cardTexts = {
  /** Before the command, in a button's tooltip. */
  typeInstead: "or type: ",
  /** What to type for a button, where a card is told in words. */
  typeFor: (title: string, command: string) => `${title}: type "${command}"`,
  product: "Drillbook",
  wouldFailNow: (obstacle: string) => `**Would fail now:** ${obstacle}`,
  tryThis: (advice: string) => `**Try:** ${advice}`,
  /** Of many choices the first ones: a summary is short, and whoever knows another name may type it. */
  filledIn: (label: string, value: string, choices: readonly string[]) =>
    `${label}${value === "" ? "" : `: ${value}`}${choices.length === 0 ? "" : ` (${value === "" ? "one of" : "or"}: ${choices.slice(0, 12).join(", ")}${choices.length > 12 ? ` and ${choices.length - 12} more` : ""})`}`,
  picture: (instead: string) => `Picture: ${instead}`,
};

/** A mark that stands alone is a sign for the eye: in words it is what it means. */
export const markWords: Readonly<Record<string, string>> = { "✓": "done", "✗": "failed", "▶": "now", "○": "to come", "–": "skipped", "!": "finding", "·": "left out" };

/** A line to write in: what it is for, and an example of a good answer. */
export type Field = { readonly label: string; readonly placeholder: string };

/** The reasons and remarks that cards ask for. */
export const reasons = {
  toGoOnOrEnd: { label: "Reason (needed to go on or to end)", placeholder: "for example: known, ticket 4711" },
  toGoOnKeepOrEnd: { label: "Reason (needed to go on, to keep or to end)", placeholder: "for example: web-02 is not needed for this test" },
  toGoOnOrEndCheck: { label: "Reason (needed to go on or to end)", placeholder: "for example: known, change 4711" },
  judgedScreens: { label: "What you judge the screens to show (needed to go on or to end)", placeholder: "for example: web-01-test shows its sign-in page" },
  toGoOnOrEndWait: { label: "Reason (needed to go on or to end)", placeholder: "for example: the balancer is slow today, it will come" },
  toSkipWait: { label: "Reason (needed to skip)", placeholder: "for example: DNS answers everywhere already" },
  toReject: { label: "Reason (needed to reject)", placeholder: "for example: month-end run until 22:00" },
  toEnd: { label: "Reason (needed to end the drill)", placeholder: "for example: we try again on Thursday" },
  toAbort: { label: "Reason (needed)", placeholder: "for example: a real outage has priority" },
  pauseDone: { label: "What you did (needed; Azure keeps it with the job)", placeholder: "for example: the licence server knows the new address" },
  seen: { label: "What you saw (needed)", placeholder: "for example: the portal shows no job since 21:00" },
  remarkManual: { label: "Remark (needed when it failed or is skipped)", placeholder: "for example: sign-in took 40 s" },
  remarkAnnounce: { label: "Remark (needed when it failed or is skipped)", placeholder: "for example: the switchboard reads it out" },
  remarkAsk: { label: "Remark (needed when it cannot be answered)", placeholder: "for example: the vendor does not answer" },
  remarkDecide: { label: "Remark (needed when it cannot be decided)", placeholder: "for example: the vendor does not answer" },
  remarkUndo: { label: "Remark (needed when it failed or stays)", placeholder: "for example: the record is back since 22:10" },
  toLeaveFailed: { label: "Reason (needed to leave it behind)", placeholder: "for example: deleted by hand at 22:10" },
  toLeaveInUse: { label: "Reason (needed to leave it behind)", placeholder: "for example: users work there now" },
  toLeaveOwed: { label: "Reason (needed to leave it behind)", placeholder: "for example: protected in the other direction at 22:10" },
  toLeaveBehind: { label: "Reason (needed to leave it behind)", placeholder: "for example: it runs in the other region now" },
} satisfies Record<string, Field>;
