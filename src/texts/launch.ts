import { counted, listed } from "./words.ts";

/** What the cards before a drill say: the form, the preview, the abort. What comes in as an argument has been made safe to show. */
export const launchTexts = {
  notStarted: " · not started yet",
  corrections: ", corrections needed",
  wouldFail: ", would fail now",
  runbook: (id: string, version: string, steps: number, owner: string) => `${id} · ${version} · ${counted(steps, "step")}${owner === "" ? "" : ` · owner ${owner}`}`,
  chooseOne: "choose one",
  silent: (why: string) => `Azure could not be asked for names: ${why} Full ids can still be typed.`,
  question: (title: string) => `Start ${title}?`,
  retest: (drill: string, objective: string, result: string, segment: string) => `To be shown again: ${objective} was ${result} in ${drill}. It goes through ${segment}.`,
  changesNothing: "This runbook changes nothing in Azure.",
  asAzureShows: "as Azure shows it now",
  columns: ["step", "who"],
  byDrillbook: "Drillbook",
  seats: (all: readonly { readonly quorum: number; readonly role: string; readonly names: readonly string[] }[]) =>
    all.map(({ quorum, role, names }) => (names.length === 0 ? role : quorum === 1 ? listed(names, "or") : `${quorum} of ${listed(names)}`)).join("; "),
  objective: (id: string, text: string, rto: string, rpo: string) => `${id}: ${text}${rto}${rpo}`,
  rto: (time: string) => ` · RTO ${time}`,
  rpo: (time: string) => ` · RPO ${time}`,
  startedAs: (drill: string) => `started as ${drill}`,
  abortQuestion: " · abort?",
  abort: (title: string) => `Abort ${title}`,
  abortAskedBy: (drill: string, name: string) => `${drill} · asked by ${name}`,
  abortedBy: (name: string, reason: string) => `Aborted by ${name}: ${reason}`,
  notAbortedBy: (name: string) => `Not aborted: ${name} closed the form.`,
  nothingOwed: "Nothing has been started that needs to be taken back.",
  undosFollow: (count: number, byPeople: number) =>
    `What was started is taken back at once${count === 1 ? "" : ", the last action first"}: ${counted(count, "undo")}${byPeople === 0 ? "" : count === 1 ? ", by people" : `, ${byPeople} of them by people`}.`,
  undosWait: (count: number) => `Nothing is taken back by itself in live: ${counted(count, "undo")} will wait for somebody to order ${count === 1 ? "it" : "them"}.`,
  reasonMissing: "A reason is needed.",
};

/** The declaration of a real incident: other words than any exercise has. */
export const incidentTexts = {
  warning: "**This is not an exercise.** Declaring it stops every exercise on the same systems and takes their test servers away at once.",
  /** What has to be typed to declare an incident: a word that no habit of the thumb gives. */
  confirmingWord: "DECLARE",
  notDeclared: " · not declared",
  runbook: (id: string, version: string, steps: number) => `${id} · version ${version} · ${counted(steps, "step")}`,
  version: (id: string, version: string) => `${id} · version ${version}`,
  nothingYet: "Nothing happens yet: the next card shows what would be touched.",
  declare: (title: string) => `Declare an incident: ${title}`,
  disrupted: { label: "Disrupted since, UTC (may stay empty)", placeholder: "for example: 21:40" },
  detected: { label: "Noticed at, UTC (may stay empty)", placeholder: "for example: 21:52" },
  typeWord: (word: string) => `Type ${word} to declare a real incident`,
  onlyWord: (word: string) => `Only the word ${word} declares it.`,
  criterion: "What makes it an incident",
  criterionMissing: "The criterion that is met is needed.",
  wordMissing: (word: string) => [`Nothing was declared: a real incident needs the word ${word}.`, "If this is an exercise, type: runbooks"] as const,
};

/** Why a launch is not carried out. */
export const launchRefusals = {
  doesNotCompile: (id: string, fault: string) => [`${id} does not compile. ${fault}`, "Mend the file; it is read again by itself."] as const,
  noRunbook: (id: string) => `There is no runbook "${id}".`,
  emptyFolder: "The folder of runbooks is empty.",
  threadTaken: (drill: string) => [`This thread belongs to ${drill}, which is under way.`, "Each drill of a channel has a thread of its own: begin this one in a new post."] as const,
  lastGoodVersion: "The last good version can still be started.",
  forIncidents: (id: string) => [`${id} is for a real incident, and is never started like an exercise.`, `If it is one, type: incident ${id}`] as const,
  forExercises: (id: string) => [`${id} is an exercise, not a real incident.`, `Type: start ${id}`] as const,
  changed: (id: string, word: "start" | "incident") => [`${id} was changed since you looked at it.`, `Look at it again: ${word} ${id}`] as const,
  silent: (why: string) => ` Azure could not be asked for names: ${why}`,
};
