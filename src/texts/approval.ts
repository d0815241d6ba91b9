import { listed } from "./words.ts";

/** What an approval card says. What comes in as an argument has been made safe to show. */
export const approvalTexts = {
  noAction: "No action hangs on this approval: it is a decision to go on.",
  readAt: (time: string, runbook: string, code: string) => `as read at ${time} · runbook ${runbook} · approval code **${code}**`,
  nothingTouched: "nothing is touched",
  approved: (name: string, time: string) => `✓ ${name} approved ${time}`,
  missing: (count: number, people: readonly string[], needed: string) => `○ ${count} more of: ${listed(people, "or")}${needed}`,
  needed: (seats: readonly { readonly quorum: number; readonly role: string }[]) => ` (needed: ${seats.map(({ quorum, role }) => `${quorum} of ${role}`).join(" and ")})`,
  alone: (people: readonly string[]) => `Standing authority, alone: ${listed(people, "or")}`,
  expires: (time: string) => `expires at ${time}`,
  changed: "What was approved is no longer what would happen:",
  nothingSent: "Nothing was sent.",
  silence: "Nobody's silence is a yes: nothing was sent.",
  rejectedBy: (name: string, reason: string) => `**${name}** rejected it: ${reason}`,
  anApprover: "An approver",
};
