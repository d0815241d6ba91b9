export type ApprovalDrill = {
  /** How many have to approve. */
  readonly quorum?: number;
  readonly expires?: string;
  /** The role that is told when nobody answers. */
  readonly escalate?: string;
  /** Roles beside operator and approver, with the groups that fill them. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Steps before and after the approval, which a person performs: each its title, and what there is to do when that matters. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
};

/** The runbook `approve-it`: an approval of one within four hours unless told otherwise, among steps that a person performs. */
export function approvalRunbook({ quorum = 1, expires = "4h", escalate, roles = {}, before = [], after = [] }: ApprovalDrill): string {
  const filled = Object.entries({ operator: "dr-operators", approver: "service-owners", ...roles }).map(([role, group]) => `${role}: ${group}`);
  const approval = `Approve the drill

\`\`\`approval
quorum: ${quorum}
expires: ${expires}
${escalate === undefined ? "" : `escalate: ${escalate}\n`}\`\`\``;
  return `---
mode: test
roles: { ${filled.join(", ")} }
---
# Approve it

## Before

${[...before.map(performed), approval, ...after.map(performed)].map((step) => `### ${step}\n`).join("\n")}`;
}

const performed = (step: string): string => (step.includes("\n") ? step : `${step}\n\nDo it.`);
