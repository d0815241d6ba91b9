import type { Person } from "../drills/events.ts";
import { DrillbookError } from "../errors.ts";
import { peopleRefusals } from "../texts/refusals.ts";

/** A person as the directory knows them. */
export type DirectoryPerson = Person & { readonly guest: boolean };

/** Who is in a group of the directory, by its object id, members of its groups included. Throws when it cannot be asked. */
export type Directory = (group: string) => Promise<readonly DirectoryPerson[]>;

export type Risk = "ordinary" | "high";

/** Who is in a group now. Throws `not-allowed` when that cannot be known well enough: nobody is let through on a guess. */
export type Membership = (group: string, risk: Risk) => Promise<readonly Person[]>;

/** How old an answer may be, in milliseconds. For a high risk the directory is always asked; so old an answer counts when it does not reply. */
const freshMs: Readonly<Record<Risk, number>> = { ordinary: 10 * 60_000, high: 60_000 };
/** After a refusal the directory is left alone for this long, in milliseconds. */
const pauseMs = 5_000;
const mostMembers = 5_000;

type Known = { readonly at: number; readonly members: readonly Person[] };

/** Asks the directory, and remembers. `listed` are the guests who are wanted all the same, by object id. */
export function createMembership(directory: Directory, now: () => Date, listed: ReadonlySet<string> = new Set()): Membership {
  const known = new Map<string, Known>();
  const asking = new Map<string, Promise<Known>>();
  const failedAt = new Map<string, number>();

  async function look(group: string): Promise<Known> {
    const members = await directory(group);
    if (members.length > mostMembers) throw new DrillbookError("bad-setting", ...peopleRefusals.groupTooLarge(group, mostMembers));
    const fresh = { at: now().getTime(), members: members.filter((m) => !m.guest || listed.has(m.id)).map(({ id, name }) => ({ id: id.toLowerCase(), name })) };
    known.set(group, fresh);
    failedAt.delete(group);
    return fresh;
  }

  function ask(group: string): Promise<Known> {
    const underWay = asking.get(group);
    if (underWay !== undefined) return underWay;
    const started = look(group).finally(() => asking.delete(group));
    asking.set(group, started);
    return started;
  }

  return async (group, risk) => {
    const before = known.get(group);
    const age = (of: Known): number => now().getTime() - of.at;
    if (before !== undefined && risk === "ordinary" && age(before) <= freshMs.ordinary) return before.members;
    if (now().getTime() - (failedAt.get(group) ?? -Infinity) >= pauseMs) {
      try {
        return (await ask(group)).members;
      } catch (cause) {
        failedAt.set(group, now().getTime());
        if (before === undefined || age(before) > freshMs[risk]) throw unknown(cause);
      }
    }
    if (before !== undefined && age(before) <= freshMs[risk]) return before.members;
    throw unknown(null);
  };
}

function unknown(cause: unknown): DrillbookError {
  return new DrillbookError("not-allowed", ...peopleRefusals.directorySilent, { cause });
}
