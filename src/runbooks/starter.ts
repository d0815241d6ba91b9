/** A runbook to begin with: it lints clean, passes in rehearsal, and shows one of each thing that most runbooks need. */
export function starter(id: string, title: string): string {
  const shown = title.replace(/[\p{Cc}\p{Cf}]/gu, " ").trim() || "New runbook";
  return `---
id: ${id}
mode: test
owner: ${"dr-team@contoso.example"}
objectives:
  - { id: O1, text: The service runs from the recovery region within an hour, rto: 60m, rpo: 15m }
parameters:
  plan:    { type: recovery-plan, label: Recovery plan }
  network: { type: azure-resource, label: Isolated test network }
---
# ${shown}

Say in a few sentences what this drill proves, and what people need at hand.

## Before we start

### Replication is healthy

No server may be further behind than the objective allows.

\`\`\`check asr-replication
plan: \${plan}
maxRpo: 15m
guard: true
onFail: stop
\`\`\`

### Approve the test failover

Say what approvers should look at before they agree.

\`\`\`approval
expires: 20m
marks: disruption
\`\`\`

## Fail over

### Start the test failover

The copies are deleted again at the end of the drill, whatever its result.

\`\`\`action asr-test-failover
plan: \${plan}
network: \${network}
keepUntil: 8h
planned: 15m
\`\`\`

## Prove it works

### The service answers

Say what to open, and what the right answer looks like.

\`\`\`manual
timeout: 30m
objective: O1
marks: service-proved
undo: { none: Somebody only looks }
\`\`\`

### Users can work

\`\`\`checklist
timeout: 1h
marks: users-confirmed
\`\`\`

- [ ] Sign in as the drill user
- [ ] Do the one thing that users do most
`;
}
