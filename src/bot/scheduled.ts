import { DrillbookError } from "../errors.ts";
import { scheduleRefusals, scheduleTexts } from "../texts/notices.ts";
import type { Person } from "../drills/events.ts";
import type { DrillSummary } from "../drills/ports.ts";
import type { Runbook } from "../runbooks/runbook.ts";
import type { DueWork } from "../wakeups/due-drills.ts";
import type { Addresses } from "./addresses.ts";
import type { Launching } from "./commands/launching.ts";
import type { Conversation, Transport } from "./message.ts";

export type ScheduledParts = {
  readonly launching: Pick<Launching, "launch">;
  readonly runbook: (id: string) => Promise<{ readonly runbook: Runbook } | null>;
  readonly roles: (runbook: Runbook) => Promise<Readonly<Record<string, readonly Person[]>>>;
  readonly drills: () => Promise<readonly DrillSummary[]>;
  readonly transport: Pick<Transport, "send">;
  /** `refresh`: another replica may have heard of somebody since. */
  readonly addresses: Pick<Addresses, "personal" | "reader" | "account"> & { refresh(): Promise<void> };
  readonly onFault: (work: string, fault: unknown) => void;
};

/** A runbook whose date came, with the people of its roles and the drills of it since then. */
type Due = { readonly work: DueWork; readonly runbook: Runbook; readonly roles: Readonly<Record<string, readonly Person[]>>; readonly since: readonly DrillSummary[] };

const good = new Set<string | null>(["passed", "passed-with-findings"]);

/**
 * Does one piece of a schedule's work. A drill that is due is launched as its first operator who can be reached, in their
 * own chat, up to the first step that waits for people. Done again after a crash, it launches nothing twice. Throws
 * `not-now` when nobody can be told of it.
 */
export function scheduledWork(parts: ScheduledParts): (work: DueWork) => Promise<void> {
  return async (work) => {
    const found = await parts.runbook(work.runbook);
    if (found === null) return;
    await parts.addresses.refresh();
    const { runbook } = found;
    const since = (await parts.drills()).filter((drill) => drill.runbook === runbook.id && Date.parse(drill.startedAt) >= work.due.getTime());
    const due = { work, runbook, roles: await parts.roles(runbook), since };
    switch (work.kind) {
      case "announce":
        return tell(parts, due, announcement(due));
      case "remind":
        return tell(parts, due, scheduleTexts.tomorrow(runbook.title, work.when));
      case "launch":
        return since.length > 0 ? undefined : launch(parts, due);
      case "overdue":
        return since.some(({ result }) => good.has(result)) ? undefined : tell(parts, due, notRun(due));
    }
  };
}

async function launch(parts: ScheduledParts, due: Due): Promise<void> {
  const { runbook, roles } = due;
  const operators = roles["operator"] ?? [];
  const [first] = reachable(parts, operators);
  if (first === undefined) throw nobodyReached(runbook);
  const unset = runbook.parameters.filter((parameter) => parameter.default === null).map((parameter) => parameter.label);
  if (unset.length > 0) {
    return tell(parts, due, scheduleTexts.asks(runbook.title, unset, runbook.id), operators);
  }
  const { person, conversation } = first;
  const account = parts.addresses.account(person.id) ?? person.id;
  try {
    await parts.launching.launch(runbook.id, {}, null, { kind: "text", text: `start ${runbook.id}`, person, conversation, account, reader: parts.addresses.reader(person.id) }, { scheduledFor: due.work.due.toISOString() });
  } catch (thrown) {
    if (!(thrown instanceof DrillbookError)) throw thrown;
    // What refuses a launch wants a person: trying every few minutes would hide it until the drill is overdue.
    await tell(parts, due, scheduleTexts.refused(runbook.title, `${thrown.message} ${thrown.suggestion}`, runbook.id), operators);
  }
}

/** Whoever was told is not told again because another one could not be. Throws when nobody was. */
async function tell(parts: ScheduledParts, { work, runbook, roles }: Due, text: string, people: readonly Person[] = Object.values(roles).flat()): Promise<void> {
  const found = reachable(parts, people);
  const sent = await Promise.allSettled(found.map(({ conversation }) => parts.transport.send(conversation, { text, card: null })));
  const failed = sent.filter((one) => one.status === "rejected");
  if (failed.length === found.length) throw failed[0]?.reason ?? nobodyReached(runbook);
  for (const { reason } of failed) parts.onFault(work.key, reason);
}

/** One message a conversation: several people of a rehearsal share one. */
function reachable(parts: ScheduledParts, people: readonly Person[]): readonly { readonly person: Person; readonly conversation: Conversation }[] {
  const found = people.flatMap((person) => {
    const conversation = parts.addresses.personal(person.id);
    return conversation === null ? [] : [{ person, conversation }];
  });
  return found.filter(({ conversation }, at) => found.findIndex((other) => other.conversation.id === conversation.id) === at);
}

function nobodyReached({ id }: Runbook): DrillbookError {
  return new DrillbookError("not-now", ...scheduleRefusals.nobodyReached(id));
}

function announcement({ runbook, roles, work }: Due): string {
  const needed = Object.entries(roles).map(([role, people]) => scheduleTexts.inRole(role, people.map(({ name }) => name)));
  return scheduleTexts.announced(runbook.title, work.when, needed, runbook.owner);
}

function notRun({ runbook, since, work }: Due): string {
  const open = since.find(({ endedAt }) => endedAt === null);
  return scheduleTexts.notRun(runbook.title, work.when, runbook.owner, open === undefined ? scheduleTexts.startNow(runbook.id) : scheduleTexts.stillOpen(open.id));
}
