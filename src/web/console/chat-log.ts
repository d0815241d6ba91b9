import type { CardJson } from "../../bot/message.ts";
import type { ConsoleActivity, ConsoleStore } from "./store.ts";

/** Older messages leave the page; the store decides for itself what it keeps. */
const mostShown = 1000;

type Said = Pick<ConsoleActivity, "from" | "fromBot" | "text" | "card">;

/** The console's conversation, which every open page shows. */
export type ChatLog = {
  /** Returns the new message's id. */
  add(said: Said): Promise<string>;
  /** false: there is no such message of the bot. */
  edit(id: string, to: { readonly text: string; readonly card: CardJson | null }): Promise<boolean>;
  /** Messages as they are now, of which something changed after `change`. */
  since(change: number): readonly ConsoleActivity[];
  /** Calls back for every message and edit from now on; returns how to stop it. */
  watch(seen: (activity: ConsoleActivity) => void): () => void;
};

/** The console's one conversation: kept in the store first, then shown. */
export async function createChatLog(store: ConsoleStore, now: () => Date): Promise<ChatLog> {
  const shown = new Map((await store.all()).map((activity) => [activity.id, activity]));
  const watchers = new Set<(activity: ConsoleActivity) => void>();
  let lastChange = Math.max(0, ...[...shown.values()].map((activity) => activity.change));
  let last: Promise<unknown> = Promise.resolve();

  /** The clock makes numbers grow over a restart even when the store kept nothing. */
  const nextChange = (): number => (lastChange = Math.max(lastChange + 1, now().getTime()));

  /** One after the other, so that the store sees the same order as the pages. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  function show(activity: ConsoleActivity): void {
    shown.set(activity.id, activity);
    for (const oldest of shown.keys()) {
      if (shown.size <= mostShown) break;
      shown.delete(oldest);
    }
    for (const seen of watchers) seen(activity);
  }

  return {
    add: (said) =>
      inTurn(async () => {
        const change = nextChange();
        const activity: ConsoleActivity = { id: `m${change}`, change, at: now().toISOString(), ...said };
        await store.save(activity);
        show(activity);
        return activity.id;
      }),
    edit: (id, to) =>
      inTurn(async () => {
        const before = shown.get(id);
        if (!before?.fromBot) return false;
        const activity = { ...before, ...to, change: nextChange() };
        await store.replace(activity);
        show(activity);
        return true;
      }),
    since: (change) => [...shown.values()].filter((activity) => activity.change > change).toSorted((a, b) => a.change - b.change),
    watch(seen) {
      watchers.add(seen);
      return () => watchers.delete(seen);
    },
  };
}
