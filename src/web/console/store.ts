import type { CardJson } from "../../bot/message.ts";

/** One message as the console page shows it. */
export type ConsoleActivity = {
  readonly id: string;
  /** Grows with every message and every edit, over restarts too: where a page goes on after it lost its connection. */
  readonly change: number;
  /** ISO 8601, when it was first said. */
  readonly at: string;
  readonly from: { readonly id: string; readonly name: string };
  readonly fromBot: boolean;
  /** Of a card: what it says, for screen readers. */
  readonly text: string;
  readonly card: CardJson | null;
};

/** Keeps the conversation over a restart. Calls come one at a time, in order. */
export type ConsoleStore = {
  save(activity: ConsoleActivity): Promise<void>;
  /** Takes the place of the one with the same id. */
  replace(activity: ConsoleActivity): Promise<void>;
  /** Everything kept, in the order of `save`. */
  all(): Promise<readonly ConsoleActivity[]>;
};
