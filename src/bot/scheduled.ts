import { DrillbookError } from "../errors.ts";
import type { Person } from "../drills/events.ts";
import type { DrillSummary } from "../drills/ports.ts";
import type { Runbook } from "../runbooks/runbook.ts";
import type { DueWork } from "../wakeups/due-drills.ts";
import type { Addresses } from "./addresses.ts";
import type { Launching } from "./commands/launching.ts";
import type { Conversation, Transport } from "./message.ts";
import { scheduleTexts as t } from "../texts/notices.ts";

export type ScheduledParts = {
  readonly launching: Pick<Launching, "launch">;
  readonly runbook: (id: string) => Promise<{ readonly runbook: Runbook } | null>;
  readonly roles: (runbook: Runbook) => Promise<Readonly<Record<string, readonly Person[]>>>;
  readonly drills: () => Promise<readonly DrillSummary[]>;
  readonly transport: Pick<Transport, "send">;
  readonly addresses: Pick<Addresses, "personal" | "reader" | "account">;
};

/**
 * Does one piece of a schedule's work. A drill that is due is launched as its first operator who can be reached, in their
 * own chat, up to the first step that waits for people. Done again after a crash, it launches nothing twice.
 */
export function scheduledWork(parts: ScheduledParts): (work: DueWork) => Promise<void> {
  return async (work) => {
    const found = await parts.runbook(work.runbook);
    if (found === null) return;
    const { runbook } = found;
    const roles = await parts.roles(runbook);
    const since = (await parts.drills()).filter((drill) => drill.runbook === runbook.id && Date.parse(drill.startedAt) >= work.due.getTime());
    switch (work.kind) {
      case "announce":
        return tell(parts, peopleIn(roles), t.due(runbook.title, day(work.due), needs(roles)));
      case "remind":
        return tell(parts, peopleIn(roles), t.tomorrow(runbook.title, day(work.due)));
      case "launch":
        return since.length > 0 ? undefined : launch(parts, runbook, roles);
      case "overdue":
        if (since.some((drill) => drill.result === "passed" || drill.result === "passed-with-findings")) return;
        return tell(parts, peopleIn(roles), t.notRun(runbook.title, day(work.due), owner(runbook), runbook.id));
    }
  };
}

async function launch(parts: ScheduledParts, runbook: Runbook, roles: Readonly<Record<string, readonly Person[]>>): Promise<void> {
  const [first] = reachable(parts, roles["operator"] ?? []);
  if (first === undefined) throw new DrillbookError("not-now", ...t.nobodyReached(runbook.id));
  const { person, conversation } = first;
  const unset = runbook.parameters.filter((parameter) => parameter.default === null).map((parameter) => parameter.label);
  if (unset.length > 0) {
    return tell(parts, roles["operator"] ?? [], t.needsToKnow(runbook.title, unset, runbook.id));
  }
  const account = parts.addresses.account(person.id) ?? person.id;
  await parts.launching.launch(runbook.id, {}, null, { kind: "text", text: `start ${runbook.id}`, person, conversation, account, reader: parts.addresses.reader(person.id) });
}

async function tell(parts: ScheduledParts, people: readonly Person[], text: string): Promise<void> {
  for (const { conversation } of reachable(parts, people)) await parts.transport.send(conversation, { text, card: null });
}

/** One message a conversation: several people of a rehearsal share one. */
function reachable(parts: ScheduledParts, people: readonly Person[]): readonly { readonly person: Person; readonly conversation: Conversation }[] {
  const found = people.flatMap((person) => {
    const conversation = parts.addresses.personal(person.id);
    return conversation === null ? [] : [{ person, conversation }];
  });
  return found.filter(({ conversation }, at) => found.findIndex((other) => other.conversation.id === conversation.id) === at);
}

function peopleIn(roles: Readonly<Record<string, readonly Person[]>>): readonly Person[] {
  return Object.values(roles).flat();
}

function needs(roles: Readonly<Record<string, readonly Person[]>>): string {
  return Object.entries(roles).map(([role, people]) => t.role(role, people.map(({ name }) => name))).join(", ");
}

function owner(runbook: Runbook): string {
  return runbook.owner === "" ? "" : t.owner(runbook.owner);
}

function day(due: Date): string {
  return t.day(due.toISOString().slice(0, 10), due.toISOString().slice(11, 16));
}
