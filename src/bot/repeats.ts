import { createHash } from "node:crypto";
import type { ArrivingActivity } from "./activity.ts";
import type { Answer, Inbound } from "./message.ts";
import type { SurfaceStore } from "./surface-store.ts";
import { deliveryTexts } from "../texts/notices.ts";

/** Teams sends an invoke again under its own id after 15 seconds, and under a new id some 30 seconds later. */
const samePressMs = 2 * 60_000;
/** A request older than ten minutes is refused at the door, so that no answer is needed for longer. */
const answersKeptMs = 10 * 60_000;
const answersKept = 300;
const idsKeptMs = 24 * 3_600_000;
const sweepEveryMs = 3_600_000;

/** Channels deliver a message again when the answer came late; a second arrival must not do anything twice. */
export type Repeats = {
  /**
   * Runs `work` for the first arrival only; every repetition gets the same answer, also while it is still being made.
   * `first`: whoever gets it delivers what goes to the conversation. Rejects when the store cannot be written: nothing
   * was done then. `inbound` is null for what could not be understood.
   */
  once(activity: ArrivingActivity, inbound: Inbound | null, work: () => Promise<Answer>): { readonly first: boolean; readonly answer: Promise<Answer> };
};

type Kept = { readonly answer: Promise<Answer>; readonly until: number };

/** Nothing in the protocol stops a repetition: ids are remembered in the store for a day, answers in memory for minutes. */
export function createRepeats(store: Pick<SurfaceStore, "firstSeen" | "forgetSeen">, clock: () => Date): Repeats {
  const kept = new Map<string, Kept>();
  let sweptAt = 0;

  function known(key: string | null, now: number): Promise<Answer> | null {
    const found = key === null ? undefined : kept.get(key);
    return found !== undefined && found.until > now ? found.answer : null;
  }

  function keep(key: string | null, answer: Promise<Answer>, until: number): void {
    if (key === null) return;
    kept.delete(key);
    kept.set(key, { answer, until });
    for (const oldest of kept.keys()) {
      if (kept.size <= answersKept) break;
      kept.delete(oldest);
    }
  }

  async function firstEver(id: string | null, at: Date): Promise<boolean> {
    if (id === null) return true;
    if (at.getTime() - sweptAt > sweepEveryMs) {
      sweptAt = at.getTime();
      await store.forgetSeen(new Date(sweptAt - idsKeptMs));
    }
    return store.firstSeen(id, at);
  }

  return {
    once(activity, inbound, work) {
      const at = clock();
      const now = at.getTime();
      // A view of one's own, or a page of it, changes nothing and is asked for by the dozen: it is drawn each time and not remembered.
      if (inbound?.kind === "click" && (inbound.verb === "refresh" || inbound.verb === "page")) return { first: true, answer: work() };
      const [id, press] = [idOf(activity), pressOf(inbound)];
      const before = known(id, now) ?? known(press, now);
      if (before !== null) return { first: false, answer: before };

      const answer = firstEver(isBoundToAttempt(inbound) ? null : id, at).then((isFirst) => (isFirst ? work() : answeredBefore));
      keep(id, answer, now + answersKeptMs);
      keep(press, answer, now + samePressMs);
      const forget = (key: string | null): void => {
        if (key !== null && kept.get(key)?.answer === answer) kept.delete(key);
      };
      answer.then(
        // What changed nothing may be pressed again at once: a box was ticked, or the drill has moved on.
        (given) => (given.settled === true ? undefined : forget(press)),
        () => [id, press].forEach(forget),
      );
      return { first: true, answer };
    },
  };
}

/** The answer went with an earlier process: it is not known whether it got as far as the record. */
const answeredBefore: Answer = {
  messages: [
    {
      text: deliveryTexts.answeredBefore,
      card: null,
    },
  ],
};

function idOf(activity: ArrivingActivity): string | null {
  return activity.id ? digest(["id", activity.channelId, activity.conversation.id, activity.id]) : null;
}

const attemptVerbs: ReadonlySet<string> = new Set(["approve", "reject", "done", "failed", "skipped", "retry", "continue"]);

/**
 * What names a step and its attempt is refused by the drill itself when it comes again, however much later: it needs no
 * durable note of its own, which would cost a person at a card a second write to the disk.
 */
function isBoundToAttempt(inbound: Inbound | null): boolean {
  return inbound?.kind === "click" && attemptVerbs.has(inbound.verb);
}

/** Who pressed which button with what in its inputs; the drill, step and round stand in the button's own data. */
function pressOf(inbound: Inbound | null): string | null {
  if (inbound?.kind !== "click" || inbound.verb === "refresh") return null;
  return digest(["press", inbound.conversation.id, inbound.person.id, inbound.verb, inbound.data]);
}

function digest(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts), "utf8").digest("base64url");
}
