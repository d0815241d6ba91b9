import { asDrillbookError, DrillbookError } from "../../errors.ts";
import { misfits } from "../../runbooks/misfits.ts";
import type { Json } from "../../runbooks/runbook.ts";
import type { MachineCommand } from "../commands.ts";
import type { Effect } from "../effects.ts";
import type { Problem, RequestRecord } from "../events.ts";
import type { Action, Check, Clock, Look, Send } from "../ports.ts";
import type { DrillState } from "../state.ts";
import { drillRefusals } from "../../texts/refusals.ts";

export type Of<T extends Effect["type"]> = Extract<Effect, { type: T }>;

/** What the runner lends to an effect: the outside world, and one way back into the history. */
export type Hands = {
  readonly actions: ReadonlyMap<string, Action>;
  readonly checks: ReadonlyMap<string, Check>;
  readonly clock: Clock;
  /** Milliseconds on a clock that nobody sets. */
  readonly uptime: () => number;
  readonly newId: () => string;
  readonly signal: AbortSignal;
  /** How long after the intent a write may still be sent, in milliseconds. */
  readonly sendWithinMs: number;
  /** The last event of a drill that lies under a signed checkpoint. Absent: nothing is signed here. */
  readonly signedUpTo?: (drill: string) => Promise<number>;
  /** Tests stop the process here. */
  readonly crashPoint: (name: CrashPoint) => void;
  readonly state: () => DrillState;
  /** Records a report, with bytes that it names by SHA-256. False: the drill has moved on, and nothing may follow from it. */
  readonly commit: (command: MachineCommand, blobs?: readonly Uint8Array[]) => Promise<boolean>;
  /** Do not look at this effect again before so many milliseconds have passed. */
  readonly lookAgainAfter: (effect: Effect, ms: number) => void;
};

export const crashPoints = ["before-intent", "after-intent", "before-call", "after-call", "after-outcome"] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** Until when a write may leave that is intended now. */
export function sendWindow({ clock, uptime, sendWithinMs }: Hands): Required<Pick<Send, "sendBy" | "leftMs">> {
  const until = uptime() + sendWithinMs;
  return { sendBy: new Date(clock().getTime() + sendWithinMs), leftMs: () => until - uptime() };
}

/** The launch could not judge what people answered since: nothing is done with an input that does not fit. Throws `bad-input`. */
export function refuseMisfit(facts: Parameters<typeof misfits>[0], input: Json): void {
  const [misfit] = misfits(facts, input);
  if (misfit !== undefined) throw new DrillbookError("bad-input", misfit.message, misfit.suggestion);
}

/** Throws `not-found` for a type that this version does not have: a drill may have been launched by another one. */
export function actionNamed(type: string, hands: Hands): Action {
  const action = hands.actions.get(type);
  if (action === undefined) {
    throw new DrillbookError("not-found", ...drillRefusals.noAction(type));
  }
  return action;
}

/** A look whose requests land in `requests`, in the order in which they were sent; they go into the event that reports what came of it. */
export function onRecord(hands: Hands): { readonly look: Look; readonly requests: RequestRecord[] } {
  const requests: RequestRecord[] = [];
  return { look: { signal: hands.signal, record: (request) => void requests.push(request) }, requests };
}

/** Whatever was thrown as a problem that an event can hold; what is none of ours is `internal`, in its own words. */
export function problemOf(thrown: unknown): Problem {
  const error = asDrillbookError(thrown);
  return { code: error.code, message: error.message, causes: "", action: error.suggestion, server: null };
}
