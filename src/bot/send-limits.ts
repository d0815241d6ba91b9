import { DrillbookError } from "../errors.ts";
import { sendRefusals } from "../texts/notices.ts";

type Window = { readonly requests: number; readonly ms: number };

/** What Teams lets one bot send into one thread, and one app in all, as its rate-limit page gives it (October 2026). */
const perThread: readonly Window[] = [
  { requests: 7, ms: 1_000 },
  { requests: 8, ms: 2_000 },
  { requests: 60, ms: 30_000 },
  { requests: 1_800, ms: 3_600_000 },
];
const inAll: readonly Window[] = [{ requests: 50, ms: 1_000 }];

/** Longer than this nobody's message waits for its turn: it is refused, and the notifier sends a newer one later. */
const longestWaitMs = 30_000;
const mostWaiting = 50;
/** Threads that are remembered; a quiet one is forgotten when there are more. */
const threadsKept = 2_000;

/** Keeps within what Teams lets a bot send, for each conversation and for all of them. */
export type SendLimits = {
  /**
   * Runs `send` when it is this conversation's turn and the limits allow it: one at a time in a conversation, in order.
   * Throws `not-now` when that would take too long; nothing was sent then.
   */
  inTurn<T>(conversation: string, send: () => Promise<T>): Promise<T>;
  /** To be called for every single request, repetitions too: counts it once the limits allow it. Throws `not-now`. */
  allow(conversation: string): Promise<void>;
  /** Teams asks for a pause, in milliseconds. */
  pause(conversation: string, ms: number): void;
};

type Thread = { last: Promise<unknown>; waiting: number; sent: number[]; pausedUntil: number };

/** `now` in milliseconds from any beginning, but never back; `wait` takes milliseconds. */
export function createSendLimits(now: () => number, wait: (ms: number) => Promise<unknown>): SendLimits {
  const threads = new Map<string, Thread>();
  const app: number[] = [];

  function threadOf(conversation: string): Thread {
    // Replies in a channel belong to its thread as far as Teams counts.
    const name = conversation.split(";messageid=")[0] ?? conversation;
    const known = threads.get(name) ?? { last: Promise.resolve(), waiting: 0, sent: [], pausedUntil: 0 };
    threads.delete(name);
    threads.set(name, known);
    if (threads.size > threadsKept) forgetQuiet();
    return known;
  }

  function forgetQuiet(): void {
    for (const [name, thread] of threads) {
      if (threads.size <= threadsKept) return;
      const busy = thread.waiting > 0 || thread.pausedUntil > now() || (thread.sent.at(-1) ?? 0) > now() - 30_000;
      if (!busy) threads.delete(name);
    }
  }

  return {
    async inTurn(conversation, send) {
      const thread = threadOf(conversation);
      if (thread.waiting >= mostWaiting) throw tooMuch();
      thread.waiting += 1;
      const turn = thread.last.then(send, send);
      thread.last = turn.catch(() => undefined);
      try {
        return await turn;
      } finally {
        thread.waiting -= 1;
      }
    },
    async allow(conversation) {
      const thread = threadOf(conversation);
      const asked = now();
      for (;;) {
        const at = now();
        forgetBefore(thread.sent, at - 3_600_000);
        forgetBefore(app, at - 1_000);
        const pause = Math.max(thread.pausedUntil - at, untilFree(thread.sent, perThread, at), untilFree(app, inAll, at));
        if (pause <= 0) {
          thread.sent.push(at);
          app.push(at);
          return;
        }
        if (at + pause - asked > longestWaitMs) throw tooMuch();
        await wait(pause);
      }
    },
    pause(conversation, ms) {
      const thread = threadOf(conversation);
      thread.pausedUntil = Math.max(thread.pausedUntil, now() + ms);
    },
  };
}

/** Milliseconds until one more request fits into every window; 0 when it does now. */
function untilFree(sent: readonly number[], windows: readonly Window[], at: number): number {
  const waits = windows.map(({ requests, ms }) => {
    const oldest = sent[sent.length - requests];
    return oldest === undefined ? 0 : oldest + ms - at;
  });
  return Math.max(0, ...waits);
}

function forgetBefore(sent: number[], time: number): void {
  const kept = sent.findIndex((at) => at >= time);
  sent.splice(0, kept === -1 ? sent.length : kept);
}

function tooMuch(): DrillbookError {
  return new DrillbookError("not-now", ...sendRefusals.tooMuch);
}
