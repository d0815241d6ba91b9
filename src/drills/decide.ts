import { bodies } from "./bodies.ts";
import type { Command, PersonCommand } from "./commands.ts";
import { consequence } from "./consequences.ts";
import type { DrillEvent, EventBody, Person } from "./events.ts";
import { evolve } from "./evolve.ts";
import { outdated } from "./outdated.ts";
import type { Refusal } from "./refusal.ts";
import { refusePerson } from "./refusals.ts";
import type { DrillState } from "./state.ts";

/** What follows from a command: events to append and the state that they lead to, or why it is refused. Nothing else happens. */
export type Decision = { readonly events: readonly DrillEvent[]; readonly next: DrillState } | { readonly refused: Refusal };

/** Refused commands kept in one drill's history: enough to show who tried what, too few to fill a disk. */
const refusalsKept = 200;

/**
 * Decides a command against a state. Pure: `at` is the time of the decision. The events it returns are already numbered and
 * include what follows by itself, such as the next step opening.
 */
export function decide(state: DrillState, command: Command, at: Date): Decision {
  const refused = command.by === null ? outdated(state, command) : refusePerson(state, command, at);
  if (refused !== null) return { refused };
  const history = new Growing(state, at);
  for (const body of bodies(state, command, at)) history.add(command.by, body);
  settle(history);
  return { events: history.events, next: history.state };
}

/** The first events of a drill: its launch, an incident's declaration, and what follows by itself, to be appended together. */
export function begin(launched: DrillEvent, declared: Extract<EventBody, { type: "incident.declared" }> | null = null): readonly DrillEvent[] {
  const history = new Growing(evolve(null, launched), new Date(launched.at));
  if (declared !== null) history.add(launched.by, declared);
  settle(history);
  return [launched, ...history.events];
}

/** The event that records a refused command; empty once a drill has ended or holds enough of them. */
export function recordRefusal(state: DrillState, command: PersonCommand, refusal: Refusal, at: Date): readonly DrillEvent[] {
  if (state.status === "ended" || state.refusals >= refusalsKept) return [];
  const step = "step" in command ? command.step : null;
  const history = new Growing(state, at);
  history.add(command.by, { type: "command.refused", command: command.type, step, code: refusal.code, message: refusal.message });
  return history.events;
}

/** Half a character, as a cut text may end in, cannot be stored as evidence: it is replaced before it is recorded. */
function wellFormed<T>(value: T): T {
  if (typeof value === "string") return value.toWellFormed() as T;
  if (Array.isArray(value)) return value.map(wellFormed) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toWellFormed(), wellFormed(member)])) as T;
}

/** Numbers and folds events as they are decided, so that each rule sees the state that the one before it left. */
class Growing {
  readonly events: DrillEvent[] = [];
  state: DrillState;
  readonly #at: Date;

  constructor(state: DrillState, at: Date) {
    this.state = state;
    this.#at = at;
  }

  add(by: Person | null, body: EventBody): void {
    const event: DrillEvent = { v: 1, drill: this.state.id, seq: this.state.seq + 1, at: this.#at.toISOString(), by, ...wellFormed(body) };
    this.events.push(event);
    this.state = evolve(this.state, event);
  }
}

/** What follows by itself: the next step opens, cleanup begins and ends, sign-off is asked, the drill ends. */
function settle(history: Growing): void {
  for (;;) {
    const body = consequence(history.state);
    if (body === null) return;
    history.add(null, body);
  }
}
