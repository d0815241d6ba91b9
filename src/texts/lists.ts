/** What cards say that list something: commands, runbooks, drills, coverage. */
export const helpTexts = {
  everything: "Everything that can be typed",
  fitting: "What you can type",
  columns: ["type", "what it does"],
  buttons: "Every button has a command that does the same, with the same checks.",
  allOfIt: "Most of it only when a drill asks for it: help shows what fits the moment.",
};

export const pageTexts = {
  of: (page: number, pages: number, decides: boolean, command: string) => `Page **${page} of ${pages}**${page === pages ? "" : `. ${decides ? "What decides stands on the last one. " : ""}To read on, type ${command}`}`,
  choices: (label: string) => `${label}: one of these`,
  typeChoice: "type one of the names listed above",
  page: (page: number, pages: number, command: string) => `Page ${page} of ${pages}. ${page === pages ? "The first" : "The next"}: type ${command}`,
};

export const runbookListTexts = {
  title: "Runbooks",
  canBeStarted: (count: number) => `${count} can be started`,
  none: "There is no runbook in the folder yet.",
  start: (title: string, id: string) => `**${title}**  \nstart ${id}`,
  forIncidents: "**For a real incident**, never for an exercise:",
  incident: (title: string, id: string) => `**${title}**  \nincident ${id}`,
  doesNotCompile: (title: string, problem: string) => `**${title}** does not compile: ${problem}`,
};

export const drillListTexts = {
  title: "Drills",
  none: "none yet",
  count: (count: number) => (count === 1 ? "1 drill" : `${count} drills, the newest first`),
  noDrill: "No drill has been run yet. Type: runbooks",
  columns: ["drill", "runbook", "began", "state"],
  underWay: "under way",
};

const coverageStates = { current: "exercised", never: "never exercised", failed: "failed last time", changed: "changed since", old: "due again" };

export const coverageTexts = {
  title: "Coverage",
  subtitle: (open: number, all: number) => `${all === 0 ? "nothing is known yet" : open === 0 ? `all of ${all} exercised for real` : `${open} of ${all} need a test`}; rehearsals never count`,
  states: coverageStates,
  kinds: { runbook: "Runbooks", plan: "Recovery plans", server: "Servers" },
  kind: (title: string, count: number) => (count === 0 ? `${title}: none known` : `${title} (${count})`),
  shares: (counts: readonly { readonly state: keyof typeof coverageStates; readonly count: number }[]) => counts.map(({ state, count }) => `${count} ${coverageStates[state]}`).join(" · "),
  noneKnown: "There is no runbook and no recovery plan yet.",
  allExercised: "Everything that is known was exercised, and nothing has changed since.",
  columns: ["what", "state", "last", "why"],
  within: (name: string, plan: string) => `${name} (${plan})`,
  more: (count: number) => `and ${count} more`,
  wholeList: "The whole list, as a table: drillbook coverage --csv",
  never: "never",
};
