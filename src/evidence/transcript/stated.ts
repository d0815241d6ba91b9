/** What only people know, and say in a note that begins with one of these words and a colon. */
export const topics = {
  scenario: "what happened in the story, and why this one",
  locations: "where people took part from, and which sites and regions were involved",
  absent: "who was left out on purpose, and why",
  assumptions: "what was taken for given, and whether it was challenged",
  "third parties": "suppliers and others who took part, or why none did",
  communication: "who was called or written to, and whether it worked",
  cause: "why something failed",
  "runbook change": "what changes in the runbook, or that nothing has to",
  "reported to": "whom of the management this was reported to",
  "next test": "when, and why then",
} as const;

export type Topic = keyof typeof topics;

const names = Object.keys(topics) as readonly Topic[];

/** The latest word on each topic. */
export function statedIn(notes: readonly { readonly text: string }[]): ReadonlyMap<Topic, string> {
  const stated = new Map<Topic, string>();
  for (const { text } of notes) {
    const found = /^\s*([\p{L} ]{1,20}?)\s*:\s*(\S[^]*)$/u.exec(text);
    const topic = names.find((name) => name === found?.[1]?.toLowerCase());
    if (topic !== undefined && found?.[2] !== undefined) stated.set(topic, found[2].trim());
  }
  return stated;
}
