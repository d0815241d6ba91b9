import { indexOfStep } from "../order.ts";
import { waitsForDecision, type Debt, type DrillState, type OperationState, type StepState } from "../state.ts";

type Writable = { -readonly [K in keyof DrillState]: DrillState[K] };
type ListName = { [K in keyof DrillState]: DrillState[K] extends readonly unknown[] ? K : never }[keyof DrillState];
type Item<K extends ListName> = DrillState[K] extends readonly (infer I)[] ? I : never;

/**
 * A state while events are folded into it. It copies a list the first time an event changes it and never again, so that an
 * event costs the same however long the history is; what `state` gives must not be kept until the folding is over.
 */
export class Draft {
  readonly #state: Writable;
  readonly #own = new Set<ListName>();

  constructor(state: DrillState) {
    this.#state = { ...state };
  }

  get state(): DrillState {
    return this.#state;
  }

  set(changes: Partial<DrillState>): void {
    Object.assign(this.#state, changes);
    for (const name of Object.keys(changes)) this.#own.delete(name as ListName);
  }

  add<K extends ListName>(name: K, item: Item<K>): void {
    this.#list(name).push(item);
  }

  remove<K extends ListName>(name: K, gone: (item: Item<K>) => boolean): void {
    this.set({ [name]: (this.#state[name] as readonly Item<K>[]).filter((item) => !gone(item)) } as Partial<DrillState>);
  }

  /** Keeps the times of a step whose status or attempt changed, so that no rule has to think of them. */
  step(id: string, at: string, change: (step: StepState) => StepState): void {
    const index = indexOfStep(this.#state.runbook, id);
    const before = this.#state.steps[index];
    if (before === undefined) return;
    const after = timed(before, change(before), at);
    this.#list("steps")[index] = after;
    if (before.status !== after.status) this.#reopen(id, after);
    if (waitsForDecision(before) !== waitsForDecision(after)) this.#recountWaiting(at);
  }

  operation(key: string, change: (operation: OperationState) => OperationState): OperationState | null {
    return this.#last("operations", (o) => o.key === key, change);
  }

  debt(operation: string, change: (debt: Debt) => Debt): void {
    this.#last("debts", (d) => d.operation === operation, change);
  }

  #reopen(id: string, { status }: StepState): void {
    const { runbook, open } = this.#state;
    const others = open.filter((other) => other !== id);
    const now = status === "open" || status === "failing" ? [...others, id].toSorted((a, b) => indexOfStep(runbook, a) - indexOfStep(runbook, b)) : others;
    this.set({ open: now, current: now[0] ?? null });
  }

  /** Two people who think at the same time keep the drill waiting once. */
  #recountWaiting(at: string): void {
    const { waiting, open, steps, runbook } = this.#state;
    const waits = open.some((id) => waitsForDecision(steps[indexOfStep(runbook, id)]!));
    if (waits === (waiting.since !== null)) return;
    const more = waiting.since === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(waiting.since));
    this.set({ waiting: { ms: waiting.ms + more, since: waits ? at : null } });
  }

  /** From the end: what an event is about is nearly always the latest. */
  #last<K extends ListName>(name: K, is: (item: Item<K>) => boolean, change: (item: Item<K>) => Item<K>): Item<K> | null {
    const list = this.#state[name] as readonly Item<K>[];
    const index = list.findLastIndex(is);
    const found = list[index];
    if (found === undefined) return null;
    const after = change(found);
    this.#list(name)[index] = after;
    return after;
  }

  #list<K extends ListName>(name: K): Item<K>[] {
    if (!this.#own.has(name)) {
      Object.assign(this.#state, { [name]: [...(this.#state[name] as readonly Item<K>[])] });
      this.#own.add(name);
    }
    return this.#state[name] as unknown as Item<K>[];
  }
}

function timed(before: StepState, after: StepState, at: string): StepState {
  if (before.status === after.status && before.round === after.round) return after;
  const waited = waitsForDecision(before) && before.since !== null ? Date.parse(at) - Date.parse(before.since) : 0;
  return { ...after, since: at, waitedMs: before.waitedMs + Math.max(0, waited) };
}
