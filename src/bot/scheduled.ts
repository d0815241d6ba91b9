import { listed } from "../dialogs/words.ts";
import { DrillbookError } from "../errors.ts";
import type { Person } from "../drills/events.ts";
import type { DrillSummary } from "../drills/ports.ts";
import type { Runbook } from "../runbooks/runbook.ts";
import type { DueWork } from "../wakeups/due-drills.ts";
import { timeOfDay, wallTime } from "../wakeups/zoned.ts";
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
        return tell(parts, due, `Tomorrow: ${runbook.title} is due on ${day(due)}.`);
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
    return tell(parts, due, `${runbook.title} is due now, and it needs to know: ${unset.join(", ")}. Start it: start ${runbook.id}`, operators);
  }
  const { person, conversation } = first;
  const account = parts.addresses.account(person.id) ?? person.id;
  try {
    await parts.launching.launch(runbook.id, {}, null, { kind: "text", text: `start ${runbook.id}`, person, conversation, account, reader: parts.addresses.reader(person.id) });
  } catch (thrown) {
    if (!(thrown instanceof DrillbookError)) throw thrown;
    // What refuses a launch wants a person: trying every few minutes would hide it until the drill is overdue.
    await tell(parts, due, `${runbook.title} is due now and did not start. ${thrown.message} ${thrown.suggestion} Then: start ${runbook.id}`, operators);
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
  return new DrillbookError("not-now", `${id} is due, and none of its people can be reached in person.`, "Let them install the app for themselves, or write to the bot.");
}

function announcement(due: Due): string {
  const { runbook, roles } = due;
  const needed = Object.entries(roles).map(([role, people]) => `${role} (${people.map(({ name }) => name).join(", ") || "nobody yet"})`);
  const whom = runbook.owner === "" ? "an operator" : runbook.owner;
  return `${runbook.title} is due on ${day(due)}. It needs ${listed(needed)}. It starts by itself, up to the first step that waits for people. Keep the time free; if you cannot, tell ${whom} now, so that somebody stands in for you.`;
}

function notRun(due: Due): string {
  const { runbook, since } = due;
  const open = since.find(({ endedAt }) => endedAt === null);
  const owner = runbook.owner === "" ? "" : ` Its owner is ${runbook.owner}.`;
  const next = open === undefined ? `Start it now: start ${runbook.id}` : `${open.id} is under way and waits for somebody. See what waits for you: waiting`;
  return `${runbook.title} was due on ${day(due)} and was not run to a good end.${owner} ${next}`;
}

function day({ work, runbook }: Due): string {
  const timeZone = runbook.schedule?.timeZone ?? "UTC";
  const { date, minutes } = wallTime(work.due, timeZone);
  return `${date} at ${timeOfDay(minutes)} ${timeZone}`;
}
