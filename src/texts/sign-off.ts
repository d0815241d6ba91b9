import { resultName } from "./live-card.ts";

/** What the closing card says. What comes in as an argument has been made safe to show. */
export const signOffTexts = {
  signedOff: "signed off",
  signOff: "sign-off",
  sign: "Sign what happened",
  ended: (runbook: string, result: string) => `${runbook}: ${resultName(result)}`,
  launched: (drill: string, time: string, by: string) => `${drill} · launched ${time} by ${by}`,
  finding: (id: string, text: string, owner: string, due: string) => `Finding ${id}: ${text} · ${owner}, by ${due}`,
  statement: "Statement (may stay empty)",
  forAuditor: (completeness: string) => `For the auditor: ${completeness}`,
  addAsNotes: (missing: readonly string[]) => `Add what you know while you are here, as notes: ${missing.join(" · ")}`,
  objective: (text: string, targets: readonly string[], reached: string | null) => `${text}${targets.length === 0 ? "" : ` (${targets.join(", ")})`}${reached === null ? "" : `: ${reached}`}`,
  rto: (time: string) => `RTO ${time}`,
  rpo: (time: string) => `RPO ${time}`,
  ofWhatWasExercised: (time: string) => `${time}, of what was exercised`,
  notMeasured: "not measured",
  waiting: "Waiting",
  forDecisions: (time: string) => `${time} for decisions`,
  notAsPlanned: "Not as planned",
  allAsPlanned: "nothing was skipped or continued past",
  owed: "Owed",
  nothing: "nothing",
  undo: "undo",
  signed: (name: string, as: string, time: string, statement: string) => `✓ ${name} signed as ${as} at ${time}${statement === "" ? "" : `: ${statement}`}`,
};
