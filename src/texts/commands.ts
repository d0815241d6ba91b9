/**
 * Everything that can be typed, in one table: the parser understands it, help shows it, and the app package puts it into the
 * menu of Teams. `look`: changes nothing, and is done even when it is a little misspelt.
 */
export type CommandLine = {
  /** What it is to the program: a verb of a button where there is one. */
  readonly verb: string;
  /** Ways to write it, in lower case; the first is the one that is shown. */
  readonly words: readonly string[];
  /** The whole of it. */
  readonly form: string;
  readonly says: string;
  readonly look?: true;
  /** Whether it stands in the menu of Teams, which holds ten. */
  readonly menu?: true;
};

export const commandLines: readonly CommandLine[] = [
  { verb: "runbooks", words: ["runbooks", "runbook", "list"], form: "runbooks", says: "Runbooks that can be started", look: true, menu: true },
  { verb: "start", words: ["start"], form: "start <runbook>", says: "Start a drill: choose, see what would be touched, confirm", menu: true },
  { verb: "waiting", words: ["waiting", "waiting for me", "what waits for me", "todo"], form: "waiting", says: "What waits for you, in every drill", look: true, menu: true },
  { verb: "status", words: ["status", "where are we", "where do we stand"], form: "status", says: "Where the drill of this chat stands", look: true, menu: true },
  { verb: "card", words: ["card", "show card", "show step", "show"], form: "card <step>", says: "The whole card of a step in words; card alone: what waits now", look: true },
  { verb: "done", words: ["done", "ok done", "finished", "all done"], form: "done", says: "The step is done; failed and skip need a reason: failed because …", menu: true },
  { verb: "failed", words: ["failed", "fail"], form: "failed because …", says: "The step failed" },
  { verb: "skipped", words: ["skip", "skipped"], form: "skip because …", says: "Leave the step out" },
  { verb: "values", words: ["answer", "choose"], form: "answer <name>=<value> …, choose <option>", says: "Answer what a step asks" },
  { verb: "approve", words: ["approve", "approved"], form: "approve <step> <code>", says: "Approve what is asked; approve alone says what that is", menu: true },
  { verb: "reject", words: ["reject", "rejected", "decline"], form: "reject <step> <code> because …", says: "Reject what is asked" },
  { verb: "note", words: ["note", "remark"], form: "note …", says: "Write into the record", menu: true },
  { verb: "record-finding", words: ["finding"], form: "finding … because …", says: "Record something to be put right" },
  { verb: "retry", words: ["retry", "try again", "again", "ask again", "check again", "wait again"], form: "retry", says: "Try a failed step again" },
  { verb: "continue", words: ["continue", "go on"], form: "continue because …", says: "Go on past a failed step, with a finding" },
  { verb: "hand-over", words: ["hand over", "handover"], form: "hand over to <name> because …", says: "Give the step to somebody" },
  { verb: "hand-over-role", words: ["hand over role", "handover role"], form: "hand over role <role> to <name> because …", says: "Give your role to somebody" },
  { verb: "propose-approver", words: ["add approver"], form: "add approver <name> because …", says: "Ask for one more approver" },
  { verb: "admit-approver", words: ["admit"], form: "admit <name>", says: "Admit an approver that somebody asked for" },
  { verb: "pause", words: ["pause", "hold"], form: "pause because …", says: "Hold the drill" },
  { verb: "resume", words: ["resume"], form: "resume", says: "Go on with a drill that is paused" },
  { verb: "hold", words: ["keep"], form: "keep <server> until <time> because …", says: "Keep a server for investigation" },
  { verb: "release", words: ["release"], form: "release <server> because …", says: "Let go of a server that is kept" },
  { verb: "answer-pause", words: ["azure may go on"], form: "azure may go on because …", says: "What a recovery plan waits for is done" },
  { verb: "look-again", words: ["look again"], form: "look again because …", says: "Look once more what became of an action" },
  { verb: "not-started", words: ["not started"], form: "not started because …", says: "Say that an action never began" },
  { verb: "order-undo", words: ["undo now"], form: "undo now", says: "Order an undo in live" },
  { verb: "undo-done", words: ["undo done"], form: "undo done", says: "You have taken a step back" },
  { verb: "undo-failed", words: ["undo failed"], form: "undo failed because …", says: "It could not be taken back" },
  { verb: "retry-undo", words: ["undo again"], form: "undo again", says: "Try a failed undo again" },
  { verb: "accept-debt", words: ["leave it"], form: "leave it because …", says: "Sign for something left behind" },
  { verb: "settle", words: ["settle", "settled"], form: "settle <obligation> because …", says: "An obligation is fulfilled" },
  { verb: "give-up", words: ["clean up", "cleanup", "give up"], form: "clean up because …", says: "End the drill after a failure and take back what it started" },
  { verb: "abort", words: ["abort", "stop", "cancel"], form: "abort because …", says: "End the drill and take back what it started", menu: true },
  { verb: "sign", words: ["sign"], form: "sign as owner, sign as reviewer", says: "Sign what happened" },
  { verb: "incident", words: ["incident"], form: "incident <runbook>", says: "Declare a real incident: asked twice, never by this word alone" },
  { verb: "drills", words: ["drills", "drill"], form: "drills", says: "Drills that are under way or ended", look: true },
  { verb: "coverage", words: ["coverage", "what was exercised"], form: "coverage", says: "What was exercised for real, and what needs a test", look: true },
  { verb: "help-all", words: ["help all", "all commands"], form: "help all", says: "Everything that can be typed", look: true },
  { verb: "help", words: ["help", "hello", "hi", "?"], form: "help", says: "What you can type, and what waits here", look: true, menu: true },
];

/** The commands of the menu in Teams. */
export const menuLines = commandLines.filter((line) => line.menu === true);
