/** What stands on a button, and what a person can type instead. */
export type ButtonWords = { readonly title: string; readonly command: string };

/** Every button there is: none is without a command that does the same. Titles are short, because a phone cuts them. */
export const buttons = {
  done: { title: "Done", command: "done" },
  theyKnow: { title: "They know", command: "done" },
  answer: (names: readonly string[]): ButtonWords => ({ title: "Answer", command: `answer ${names.map((name) => `${name}=…`).join(" ")}` }),
  option: (title: string, key: string): ButtonWords => ({ title, command: `choose ${key}` }),
  failed: { title: "Failed", command: "failed because …" },
  skip: { title: "Skip", command: "skip because …" },
  retry: { title: "Try again", command: "retry" },
  cleanUpAndRetry: { title: "Clean up and try again", command: "retry" },
  askAgain: { title: "Ask again", command: "retry" },
  checkAgain: { title: "Check again", command: "retry" },
  waitAgain: { title: "Wait again", command: "retry" },
  goOn: { title: "Record as finding and go on", command: "continue because …" },
  /** Nine of ten is not "passed": whoever goes on says without which ones. */
  goOnWithout: (servers: readonly string[]): ButtonWords => ({ title: servers.length > 2 ? `Go on without ${servers.length} servers` : `Go on without ${servers.join(" and ")}`, command: "continue because …" }),
  giveUp: { title: "Clean up and end", command: "clean up because …" },
  keep: (until: string): ButtonWords => ({ title: "Keep it", command: `keep all until ${until} because …` }),
  pauseDone: { title: "Done: let Azure go on", command: "azure may go on because …" },
  lookAgain: { title: "Look again", command: "look again because …" },
  notStarted: { title: "It did not start", command: "not started because …" },

  approve: (step: number, code: string): ButtonWords => ({ title: "Approve", command: `approve ${step} ${code}` }),
  reject: (step: number, code: string): ButtonWords => ({ title: "Reject", command: `reject ${step} ${code} because …` }),

  undoAgain: { title: "Undo again", command: "undo again" },
  undoDone: { title: "Taken back", command: "undo done" },
  undoFailed: { title: "It failed", command: "undo failed because …" },
  undoNow: { title: "Take it back now", command: "undo now" },
  settle: { title: "This has been done", command: "settle because …" },
  release: { title: "Release, and take it away", command: "release all because …" },
  leave: { title: "Leave it and sign for it", command: "leave it because …" },
  signAsOwner: { title: "Sign as owner", command: "sign as owner" },
  signAsReviewer: { title: "Sign as reviewer", command: "sign as reviewer" },

  pause: { title: "Pause", command: "pause because …" },
  resume: { title: "Resume", command: "resume" },
  askAbort: { title: "Abort…", command: "abort because …" },
  abort: { title: "Abort this drill", command: "abort because …" },
  doNotAbort: { title: "Do not abort", command: "status" },

  start: (runbook: string, title: string): ButtonWords => ({ title: `Start ${title}`, command: `start ${runbook}` }),
  preview: (runbook: string): ButtonWords => ({ title: "Show what will be touched", command: `start ${runbook} name=value …` }),
  launch: (runbook: string): ButtonWords => ({ title: "Start the drill", command: `start ${runbook} … now` }),
  incidentPreview: (runbook: string): ButtonWords => ({ title: "Go on towards a declaration", command: `incident ${runbook} name=value …` }),
  declare: (runbook: string, word: string, code: string): ButtonWords => ({ title: "Declare a real incident", command: `incident ${runbook} … ${word.toLowerCase()} ${code} because <criterion>` }),
};

/** What stands on links and in menus that a client draws. */
export const links = { transcript: "Transcript", refresh: "Refresh" };

/** Where a card has several pages. Whoever types gets the whole of it. */
export const turnButtons = { back: "Back", next: (page: number, pages: number) => `Page ${page} of ${pages}` };
/** What to type for the whole of a card of which the button shows one page. */
export const cardCommand = (which: string): string => `card ${which}`;
