import type { People } from "./people.ts";

/** Who rehearses when no people file is given: enough for every role and for two approvers who did not start the drill. */
export const rehearsalPeople: People = {
  people: [
    { id: "rehearsal-olivia", name: "Olivia Okafor" },
    { id: "rehearsal-amir", name: "Amir Haddad" },
    { id: "rehearsal-bea", name: "Bea Lind" },
    { id: "rehearsal-ravi", name: "Ravi Menon" },
    { id: "rehearsal-dana", name: "Dana Weiss" },
  ],
  groups: {
    "dr-operators": ["rehearsal-olivia"],
    "service-owners": ["rehearsal-amir", "rehearsal-bea"],
    auditors: ["rehearsal-ravi"],
    "dr-managers": ["rehearsal-dana"],
  },
  directory: {},
  foreign: {},
};
