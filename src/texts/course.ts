/** What a drill writes into its own history, in the words that people then read on cards and in the transcript. */
export const courseTexts = {
  addedSince: (names: readonly string[]) => `Added since it was approved: ${names.join(", ")}.`,
  removedSince: (names: readonly string[]) => `Removed since it was approved: ${names.join(", ")}.`,
  notApproved: "The action was not part of what was approved.",
  planChanged: "The recovery plan's groups, order or actions changed since it was approved.",
  ruleChanged: "The rule for the recovery point changed.",
  undoChanged: "What takes it back changed.",
  formerChanged: "What is there now changed since it was approved.",

  givenUp: (step: string, reason: string) => (reason === "" || reason === `"${step}" failed` ? `"${step}" failed, and the drill was given up.` : `"${step}" failed, and the drill was given up: ${reason}`),
  continued: (step: string, without: readonly string[], reason: string) => `"${step}" failed${without.length === 0 ? "" : `, and the drill went on without ${without.join(", ")}`}: ${reason}`,
  leftBehind: (what: string, reason: string) => `Left behind: ${what.replace(/\.$/, "")}. ${reason}`,
  holdOver: "The time for which it was held is over.",
  overdue: "Nobody decided by the time that the declaration set.",
  succeeded: (action: string) => `${action} succeeded`,

  incidentDeclared: "A real incident was declared on what this exercise works on.",
  standsAside: (incident: string) => `A real incident was declared on what it works on: ${incident}.`,
  stuck: (step: string) => `"${step}" needs a step that can never be over.`,
  announced: (incident: boolean, words: string) => `${incident ? "REAL INCIDENT" : "EXERCISE"}: ${words}`,
  goOnWithout: (reason: string) => `${reason} The runbook says to go on without it.`,
  failedStop: (step: string) => `"${step}" failed, and the runbook says to stop then.`,
  failedRollback: (step: string) => `"${step}" failed, and the runbook says to take back what was changed.`,
  continueByRunbook: "The runbook says to continue.",
  approvalExpired: (step: string) => `The approval "${step}" expired. It is not given.`,
  notAnswered: (step: string) => `Nobody answered "${step}" in time.`,
  didNotHold: (times: number, within: string) => `It did not hold ${times === 1 ? "" : `${times} times in a row `}within ${within}.`,
  tryUpTo: (times: number) => `The runbook says to try up to ${times} times.`,
  nobodyAnswered: (within: string) => `Nobody answered within ${within}.`,
  stays: "The drill came to its end: it stays.",

  noTrace: "Azure shows no trace of it.",
  startUnanswered: (why: string) => `It was sent, or may have been, and no answer came: ${why}`,
  couldNotAsk: (why: string) => `Azure could not be asked: ${why}`,
  noAnswer: (why: string) => `Azure does not answer (${why}); looking again.`,
  /** Azure goes on with what it accepted, whoever may look. */
  notLetLook: (why: string, action: string) => `Azure goes on, and does not let Drillbook see how: ${why} Looking again. If it stays so: ${action}`,

  unattended: "unattended rehearsal",
  nobodyToAttach: "An unattended rehearsal: nobody was there to attach anything.\n",
  failed: (step: string) => `"${step}" failed`,
};
