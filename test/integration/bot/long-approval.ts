/** More than one card can show. */
export const servers = Array.from({ length: 100 }, (_, n) => `app-${String(n + 1).padStart(3, "0")}`);
const rows = servers.map((name) => `| ${name} | Payments, which nobody can do without for longer than an hour | Call the owner of ${name} before it is stopped, and again when it is back |`);

/** An approval of a hundred servers, with what has to be done first for each of them. */
export const movePayments = `---
id: move-payments
mode: test
owner: dr-team@contoso.example
roles: { operator: dr-operators, approver: service-owners }
---
# Move payments

All hundred servers of payments.

## Decide

### Approve the move of 100 servers

| server | what it does | what to do first |
| --- | --- | --- |
${rows.join("\n")}

\`\`\`approval
role: approver
quorum: 2
expires: 30m
\`\`\`

### Say that it has moved

Tell everybody.
`;
