import { counted } from "./words.ts";

/** The cards of steps, whatever their kind. What comes in as an argument has been made safe to show. */
export const stepTexts = {
  attempt: (round: number) => ` · attempt ${round}`,
  where: (drill: string, number: number, steps: number, phase: string, attempt: string) => `${drill} · step ${number} of ${steps} · ${phase}${attempt}`,
  /** Whose turn it is, and since when. */
  turn: (people: string, since: string) => ` · ${people === "" ? "" : `for ${people}, `}since ${since}`,
  anyOf: (people: number, role: string) => `any of ${people} (${role})`,
  rehearsal: "rehearsal · ",
  told: (time: string, people: string, role: string, reason: string) => `**Told** ${time}: ${people || "nobody"} (${role}). ${reason}`,
  guardFailed: "**Try:** put right what is named above, then launch the drill again. Nothing was started in Azure and nothing is owed.",
  answerBy: (time: string) => `Answer by ${time}: after that the step has failed.`,
  evidence: (asked: string, there: string) => `**Evidence:** ${asked}. ${there}`,
  nothingAttached: "Nothing is attached yet: send the file in this chat.",
  attached: (files: readonly string[], more: number) => `Attached: ${files.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
  takenBackLater: (how: string) => `Taken back later: ${how}`,
  nothingToTakeBack: (why: string) => `Nothing to take back: ${why}`,
  to: (audience: string) => `To: ${audience}`,
};

/** What has become of a step, on its card once it is closed. */
export const closedWords = {
  pending: "waits for its turn again",
  open: "stopped",
  failing: "failed, and stopped",
  passed: "done",
  failed: "failed",
  skipped: "skipped",
  "left-out": "not on this branch",
  continued: "failed, recorded as a finding",
};

/** What a step asks for or does, beside the kind of event. */
export const asks = {
  manual: "your step",
  failed: "step failed",
  announcement: "announcement",
  answer: "your answer",
  decision: "your decision",
  checklist: (items: number, role: string) => `checklist of ${items}, for ${role}`,
  waiting: "waiting",
  waitedInVain: "waited in vain",
  looking: "looking",
  checkPassed: "check passed",
  checkFailed: "check failed",
  notProved: "not proved",
  aboutToStart: "about to start",
  underWay: "under way in Azure",
  waitsForPeople: "Azure waits for people",
  nothingSent: "nothing was sent",
  nothingStarted: "nothing was started",
  failedInAzure: "failed in Azure",
  unknown: "nobody knows whether it started",
  readingTargets: "reading what would be touched",
  approval: "your approval is asked",
  approvalNotAsked: "could not be asked",
  approvalVoid: "approval is void",
  approvalExpired: "approval expired",
  rejected: "rejected",
};

export const askTexts = { paste: "Paste what the tool printed" };

export const waitTexts = {
  goesOn: (time: string) => `Goes on by itself at ${time}.`,
  notLooked: "Not looked yet.",
  looked: (count: number, last: string, held: number, times: number) => `Looked ${counted(count, "time")}, last at ${last}; held ${held} of ${times} in a row.`,
  givesUp: (looked: string, time: string) => `${looked} Gives up at ${time}.`,
};

/** A checklist that is too long to be ticked item by item. */
export const checklistTexts = {
  item: (item: string) => `☐ ${item}`,
  all: (count: number) => `All ${count} of them are done`,
};

export const checkTexts = {
  asking: "Asking now.",
  askedAgain: (times: number, last: string) => `Asked ${times} times, last at ${last}.`,
  worthKnowing: "Worth knowing",
  why: "Why, and what to try",
  node: "node",
  up: "up",
  notAsExpected: (status: string) => `up · ${status}, **not as expected**`,
};

/** What the bot does in Azure. */
export const actionTexts = {
  readingOnceMore: "Reading the targets and the guards once more.",
  sending: "Sending it; Azure has not answered yet.",
  answerLate: "No answer came in time: it may be lost. Drillbook looks in Azure for what it sent, and sends nothing twice.",
  started: "Started; waiting for Azure's first word.",
  took: (lasted: string, since: string, adopted: boolean) => `took ${lasted} · started ${since}${foundAgain(adopted)}`,
  soFar: (lasted: string, since: string, adopted: boolean) => `${lasted} so far · started ${since}${foundAgain(adopted)}`,
  since: (since: string, adopted: boolean) => `started ${since}${foundAgain(adopted)}`,
  waitsFor: (name: string) => `**Azure waits for people: ${name}**`,
  noInstructions: "The recovery plan does not say what to do. Ask whoever owns the plan.",
  goesOnAfter: "Do this first. Azure goes on only when somebody says here that it is done, or in the portal.",
  beingTold: (name: string, at: string) => `${name} said at ${at} that it is done. Azure is being told.`,
  wasTold: (name: string, at: string) => `${name} said at ${at} that it is done. Azure was told and goes on shortly.`,
  notTold: (why: string, action: string) => `Azure was not told: ${why} **Try:** ${action}`,
  stillWaits: "Azure still waits there, and what it was told may be lost. **Try:** look at the job in the portal, then say it again.",
  moreServers: (count: number) => `and ${count} more, none of them failed`,
  moreProblems: (count: number) => `and ${count} more problems: see the transcript`,
  failed: "failed",
  server: (name: string, outcome: string) => `**${name}** ${outcome}`,
  keep: "Keep for investigation",
  until: "Until the end of this day (UTC)",
  didNotSucceed: "It did not succeed.",
  nothingOwed: "Nothing was started, and nothing is owed for this step.",
  aPersonSaidSo: "a person said so",
  nothingStarted: (why: string) => `Nothing was started: ${why}. **Try:** send it again, or end the drill.`,
  causes: (causes: string) => `Possible causes: ${causes}`,
  code: (code: string) => `code ${code}`,
  answerLost: "The answer was lost on its way.",
  lookInPortal: (since: string, request: string) => `**Try:** look in the Azure portal for a job that began at ${since} with the client request id ${request}. Drillbook will not send it a second time by itself.`,
};

/** Screens of test servers, for people to judge. */
export const pictureTexts = {
  whatTheyShow: "**What the screens show.** A page to sign in: it has started. A boot manager, a recovery page or a blue screen: it has not. Black: nothing is known yet.",
  more: (count: number, names: readonly string[]) => `And ${count} more on the drill's page: ${names.join(", ")}`,
  instead: (name: string) => `The screen of a test server, as Azure's boot diagnostics gave it: ${name}`,
  cannotBeShown: "This picture cannot be shown here. It is kept with the drill: open the drill's page.",
};

function foundAgain(adopted: boolean): string {
  return adopted ? " · found again after its answer was lost" : "";
}
