import type { DrillSummary } from "../../drills/ports.ts";
import type { DrillState } from "../../drills/state.ts";
import { peopleOf } from "../../drills/values.ts";
import { isRecord } from "../../runbooks/json.ts";
import { threadOf } from "../addresses.ts";

/** The drills that have not ended, found without folding each of them for every question. */
export type OpenDrills = {
  /** The newest one of a conversation; null when there is none. */
  newestIn(conversation: string): Promise<DrillState | null>;
  /** Those of a channel, in whichever of its threads. */
  inChannel(conversation: string): Promise<readonly DrillState[]>;
  /** Those in which this person has a role or a step, the newest first. */
  ofPerson(person: string): Promise<readonly DrillState[]>;
};

/** What decides whether a drill is worth reading: where it began never changes, who is in it only with an event. */
type Known = { readonly events: number; readonly conversation: string; readonly people: ReadonlySet<string> };

/** So many histories are read at a time: each is a query. */
const readAtOnce = 20;

/** `state` folds a drill's history; it is asked once a drill and change, and again only for those that fit the question. */
export function openDrills(drills: () => Promise<readonly DrillSummary[]>, state: (drill: string) => Promise<DrillState>): OpenDrills {
  const known = new Map<string, Known>();

  async function newestFirst(): Promise<readonly DrillSummary[]> {
    const open = (await drills()).filter((drill) => drill.endedAt === null);
    const ids = new Set(open.map(({ id }) => id));
    for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    return open.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  }

  async function read(id: string): Promise<DrillState> {
    const found = await state(id);
    known.set(id, { events: found.seq, conversation: conversationOf(found), people: new Set([...peopleOf(found), ...everNamed(found)].map((p) => p.id)) });
    return found;
  }

  async function readAll(isWorth: (before: Known | undefined, events: number) => boolean): Promise<readonly DrillState[]> {
    const worth = (await newestFirst()).filter(({ id, events }) => isWorth(known.get(id), events));
    const found: DrillState[] = [];
    for (let from = 0; from < worth.length; from += readAtOnce) found.push(...(await Promise.all(worth.slice(from, from + readAtOnce).map(({ id }) => read(id)))));
    return found;
  }

  return {
    async newestIn(conversation) {
      for (const { id } of await newestFirst()) {
        const before = known.get(id);
        if (before !== undefined && before.conversation !== conversation) continue;
        const found = await read(id);
        if (conversationOf(found) === conversation && found.status !== "ended") return found;
      }
      return null;
    },

    async inChannel(conversation) {
      const channel = threadOf(conversation);
      const here = (of: string | undefined): boolean => of !== undefined && threadOf(of) === channel;
      const found = await readAll((before) => before === undefined || here(before.conversation));
      return found.filter((drill) => here(known.get(drill.id)?.conversation));
    },

    async ofPerson(person) {
      const found = await readAll((before, events) => before === undefined || before.events !== events || before.people.has(person));
      return found.filter((drill) => known.get(drill.id)?.people.has(person) === true);
    },
  };
}

function conversationOf({ conversation }: DrillState): string {
  return isRecord(conversation) && typeof conversation["id"] === "string" ? conversation["id"] : "";
}

/** People can be given a step, told by an escalation, or asked for approval, beside those of the roles. */
function everNamed(state: DrillState): readonly { readonly id: string }[] {
  return [
    ...state.performers,
    ...state.escalations.flatMap((e) => e.people),
    ...state.steps.flatMap((s) => [...(s.assignee === null ? [] : [s.assignee]), ...(s.approval?.approvers ?? [])]),
  ];
}
