import { AsyncLocalStorage } from "node:async_hooks";
import type { Look, Send } from "../drills/ports.ts";

/** What became of the one POST of a write, as its last policy saw it. */
export type WriteAttempt = {
  readonly send: Send;
  /** True from the moment at which bytes may have left. */
  sent: boolean;
  answer: { readonly status: number; readonly header: (name: string) => string | null; readonly body: string } | null;
};

/** The call that a request belongs to. `attempt` is null for reads. */
export type Call = { readonly look: Look; readonly attempt: WriteAttempt | null };

// One storage for all clients: pages, retries and polls of a call keep its context without passing it by hand, and two
// calls at once cannot write into each other's record.
const calls = new AsyncLocalStorage<Call>();

/** Runs `work` as one call: every request below it is put on the record of `look`. */
export function reading<T>(look: Look, work: () => Promise<T>): Promise<T> {
  return calls.run({ look, attempt: null }, work);
}

/** Runs `work` as one write; `attempt` tells afterwards what became of it. */
export function writing<T>(attempt: WriteAttempt, work: () => Promise<T>): Promise<T> {
  return calls.run({ look: attempt.send, attempt }, work);
}

/** The call in progress; null outside of any, for example while a credential asks for its token. */
export function currentCall(): Call | null {
  return calls.getStore() ?? null;
}
