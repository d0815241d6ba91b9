import { resultName } from "./live-card.ts";

/** What is so, and what to do instead: the two halves of every refusal. */
export type Said = readonly [message: string, suggestion: string];

const newestCard = "Use the newest card.";
const ask = (names: string): string => `Ask ${names}.`;

/** Why a command is refused by the roles of the drill. */
export const permissionTexts = {
  noSuchStep: ["There is no such step.", newestCard],
  noSuchApproval: ["There is no such approval.", newestCard],
  /** What the roles are asked for, read after "may not". */
  mayNot: {
    pause: "pause or resume this drill",
    end: "end this drill",
    owed: "decide what is owed",
    handOverRole: "hand over a role that is not theirs",
    propose: "propose an approver",
    admit: "admit an approver",
    add: "add to this drill",
    perform: "perform this step",
    orderUndo: "order an undo",
    takeBack: "take this step back",
    signAsOwner: "sign for the drill",
    signAsReviewer: "review this drill",
  },
  forRole: (name: string, what: string, role: string, names: string): Said => [`${name} may not ${what}: that is for the role "${role}".`, ask(names)],
  forRoleToStart: (name: string, title: string, role: string, names: string): Said => [`${name} may not start ${title}: that is for the role "${role}".`, ask(names)],
  handedOver: (to: string): Said => [`This step was handed over to ${to}.`, `Ask ${to}, or let an operator take it back.`],
  approvedThis: (name: string, names: string): Said => [`${name} approved this part, so somebody else has to perform it.`, ask(names)],
  performsSoNoUndo: (name: string, names: string): Said => [`${name} performs this drill, and so cannot order its undo alone.`, ask(names)],
  askedForApprover: (name: string, names: string): Said => [`${name} asked for this approver, and so cannot admit them.`, ask(names)],
  performsSoNotAdmit: (name: string, names: string): Said => [`${name} performs this drill, and so cannot admit them.`, ask(names)],
  performsSoNotApprove: (name: string, names: string): Said => [`${name} launched this drill or performs steps of it, and so cannot approve it.`, ask(names || "an approver")],
  notApprover: (name: string, approvers: string): Said => [`${name} is not an approver of this drill.`, `The approvers are ${approvers || "not known yet"}.`],
  tookPart: (name: string, names: string): Said => [`${name} took part in this drill, and a reviewer must not have.`, ask(names)],
  noLongerInGroup: (name: string, roles: readonly string[]): Said => [
    `${name} had the role ${roles.map((role) => `"${role}"`).join(" and ")} when this drill began, and is no longer in its group.`,
    "Ask somebody who is, or have the group put right.",
  ],
  notInItsGroup: (name: string, role: string): Said => [`${name} is not in the group that fills the role "${role}", and could do nothing with it.`, "Have them put into the group first, or hand the role to somebody who is in it."],
  anyOf: (names: readonly string[]) => names.join(" or "),
  somebodyIn: (role: string) => `somebody with the role "${role}"`,
} as const;

/** Why a command is refused in the state that the drill is in. */
export const refusalTexts = {
  reasonNeeded: (what: string): Said => [`${what} needs a reason.`, "Write one short sentence: it is kept in the record."],
  seeNewestCard: "The newest card shows what the drill waits for.",
  /** What needs a reason, read before "needs a reason". */
  needing: {
    ending: "Ending a drill",
    outcome: "Saying what became of it",
    pausing: "Pausing a drill",
    pauseDone: "Letting Azure go on",
    failing: "Failing a step",
    skipping: "Skipping a step",
    continuing: "Continuing past a failure",
    rejecting: "Rejecting",
    releasing: "Releasing a server",
    settling: "Settling an obligation",
    leaving: "Leaving something behind",
    undoFailed: "An undo that failed",
    holding: "Holding a server",
    handingOver: "Handing over a step",
    handingOverRole: "Handing over a role",
    addingApprover: "Adding an approver",
  },
  ended: (drill: string, result: string): Said => [`${drill} has ended (${resultName(result)}).`, "Its page shows what happened."],
  paused: (drill: string, by: string, reason: string): Said => [`${drill} is paused by ${by}: ${reason}`, "Type: resume"],
  drillbook: "Drillbook",
  alreadyEnding: (drill: string, cleaningUp: boolean) => `${drill} is already ${cleaningUp ? "cleaning up" : "waiting for its signatures"}.`,
  waitsNoLonger: "It does not wait there any more.",
  toldAlready: "Azure is being told already: look at what it does now.",
  nothingUnknown: "Nobody needs to say what became of that operation any more.",
  approvalNotHandedOver: "An approval belongs to its approvers and cannot be handed over.",
  notRunning: (drill: string) => `${drill} is not running.`,
  pausedAlready: (drill: string) => `${drill} is paused already.`,
  notPaused: (drill: string) => `${drill} is not paused.`,
  emptyNote: ["A note needs some text.", "For example: note replication paused at 21:10."],
  attachmentsFull: (drill: string, most: number): Said => [
    `${drill} holds ${most} attachments already.`,
    "Put the rest where the runbook's owner keeps such things, and add a note that says where.",
  ],
  noSuchStep: ["There is no such step.", newestCard],
  stepMovedOn: (step: string, status: string) => `"${step}" is ${status} and no longer waits for this.`,
  openAgain: (attempt: number) => `open again (attempt ${attempt})`,
  waitsForDecision: "waiting for a decision",
  notThatAnswer: (step: string) => `"${step}" is not waiting for that answer.`,
  cannotSkip: (step: string, why: string): Said => [`"${step}" ${why} and cannot be skipped.`, "Retry it, or abort the drill."],
  cannotContinue: (step: string, why: string): Said => [`"${step}" ${why}: the drill cannot go on past it.`, "Retry it, or abort the drill."],
  isGuard: "is a guard",
  isNeeded: "asks for what later steps may need",
  underWay: (step: string) => `"${step}" is under way.`,
  stillUnderWay: (step: string) => `"${step}" is still under way.`,
  needsAttachment: (step: string, evidence: readonly string[]): Said => [`"${step}" needs something attached: ${evidence.join(", ")}.`, "Attach it to this step first, then say that it is done."],
  notAllTicked: ["Not every item is ticked.", "Tick them all, or say that the step failed and why."],
  noRetry: "That step is not waiting for a retry.",
  undoFirst: (step: string): Said => [`"${step}" left something that has to be taken back before it can run again.`, "Continue without it, or end the drill and order the undo."],
  noDecision: "That step is not waiting for a decision.",
  nothingAsked: "Nothing is being asked of approvers there yet.",
  decidedAlready: (name: string, approved: boolean, time: string) => `${name} ${approved ? "approved" : "rejected"} this at ${time} UTC already.`,
  approvalIs: (status: string) => `This approval is ${status}.`,
  approvalExpired: ["This approval has expired.", "The operator can ask for it again."],
  wrongCode: (code: string): Said => [`The code does not belong to what is being asked now, which is ${code}.`, "Read what is asked now before you decide: it may be something else."],
  noSignatures: "This drill is not waiting for signatures.",
  signedAlready: (name: string, as: string) => `${name} has signed as ${as} already.`,

  nothingHeld: "Nothing of that is held.",
  noObligation: "That obligation is not open.",
  noUndo: "That undo is not waiting for a decision.",
  noWayBack: ["A point of no return was passed since: this cannot be taken back any more.", "Go on forward, run the failback's runbook, or sign for it."],
  notToOrder: "That undo does not wait for an order.",
  notItsTurn: "It is not the turn of that undo.",
  nothingToHold: "There is nothing left of that to hold.",
  noSuchServer: (servers: readonly string[]): Said => ["That operation has no such server.", `Name one of: ${servers.join(", ") || "it has none"}.`],
  holdUntil: ["A server is held until a time within the next 30 days.", "For example: tomorrow at noon."],

  approversFixed: (role: string): Said => [`The people of "${role}" approve: they were fixed at the launch.`, "Propose another approver; an approver decides."],
  noSuchRole: (role: string, roles: readonly string[]): Said => [`This drill has no role "${role}".`, `Its roles are ${roles.join(", ")}.`],
  nobodyApproves: (role: string, roles: readonly string[]): Said => [`Nobody approves in the role "${role}".`, `Name one of: ${roles.join(", ") || "this runbook has no approvals"}.`],
  approvesAlready: (name: string) => `${name} approves already.`,
  noProposal: "That proposal is not open.",
  emptyFinding: ["A finding needs some text.", "For example: finding the recovery network lacks a route to the payroll database."],
  noDate: ["The date does not read as year-month-day.", "For example: 2027-03-31."],
  nobodyOfName: ["Nobody in this drill has exactly this name.", "Write the full name of somebody who has a role in the drill."],
  movedOn: "The drill has moved on.",
  newer: (drill: string): Said => [`A newer release of Drillbook goes on with ${drill}; nothing was changed here.`, "Press again in a moment. Where it stays so, Drillbook is just being updated: ask whoever runs it."],
  elsewhere: ["Another replica has this drill.", "It goes on there."],
} as const;

/** Why a drill is not launched, or a step of it cannot go on. */
export const drillRefusals = {
  declarationNeeded: (criteria: readonly string[]): Said => [
    "An incident opens with a declaration: which criterion is met?",
    criteria.length === 0 ? "Say in a sentence why this is an incident." : `Name one of: ${criteria.join("; ")}.`,
  ],
  noPastTime: (said: string): Said => [`"${said}" is no time in the past.`, "For example: 2026-11-20T21:40Z"],
  held: (drill: string, runbook: string, age: string, since: string): Said => [
    `${drill} (${runbook}) holds what this drill needs, for ${age}: since ${since} UTC.`,
    `Finish or abort ${drill} first: one drill at a time may work on it.`,
  ],
  notSigned: [
    "The approval of this live step does not lie under a signed checkpoint: nothing was sent.",
    "Whoever runs Drillbook has to see why the evidence cannot be signed (the key, the disk, Key Vault). Then retry this step; the approval still holds.",
  ],
  notApproved: ["This step has not been approved.", "Ask for the approval first."],
  guardGone: (guard: string, seen: string) => `The guard "${guard}" no longer holds: ${seen}`,
  mendGuard: "Mend it, then retry this step.",
  tooFewApprovers: (quorums: readonly { readonly role: string; readonly quorum: number }[], able: number, short: string): Said => [
    `This needs ${quorums.map(({ role, quorum }) => (quorums.length === 1 ? `${quorum} approvers` : `${quorum} of "${role}"`)).join(" and ")} who neither launched nor perform the drill; there are ${able}.`,
    `Add people to the group behind the role "${short}", or let somebody else launch the drill.`,
  ],
  cannotGoOn: (action: string): Said => [`${action} cannot be told to go on.`, "Let it go on in the Azure portal."],
  noAction: (type: string): Said => [`There is no action "${type}" here.`, "Was it removed since the drill began?"],
  noCheck: (type: string): Said => [`There is no check "${type}" here.`, "Was it removed since the drill began?"],
  noDrill: ["There is no such drill.", "Type `drills` to see what there is."],
} as const;

/** Why the directory or the people file gives no answer. */
export const peopleRefusals = {
  groupTooLarge: (group: string, most: number): Said => [`The group ${group} has more than ${most} members.`, "Name a group of those who take part in drills."],
  directorySilent: ["The directory cannot be asked who is in the group now, and what is known of it is too old.", "Try again in a moment; if it lasts, see that Drillbook may read the group."],
  noGroup: (role: string, alias: string, known: readonly string[]): Said => [
    `The role "${role}" is filled by the group "${alias}", and there is no such group.`,
    `Add the group "${alias}" to the people file, or name one of ${known.join(", ")} in the runbook.`,
  ],
  addGroups: (aliases: readonly string[], known: readonly string[]) => `Add the groups ${aliases.map((alias) => `"${alias}"`).join(", ")} to the people file, or name others of ${known.join(", ")} in the runbook.`,
  groupOfDirectory: (role: string, alias: string, known: readonly string[]): Said => [
    `The role "${role}" is filled by the group "${alias}", and only the directory knows who is in it.`,
    `Add the group "${alias}" to the people file, or name one of ${known.join(", ")} in the runbook.`,
  ],
} as const;
