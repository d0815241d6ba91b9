import type { Command } from "./commands.ts";
import { debtOf } from "./debts.ts";
import { operationOf, stepOf, type Debt, type DrillState, type OperationPhase, type StepStatus } from "./state.ts";

/** Where a drill as a whole stands; `paused` is a drill that would run. */
export type Situation = "running" | "paused" | "cleaning-up" | "signing-off" | "ended";

/** Where a command can ever be accepted: in which situations of the drill, and at a step, an operation or a debt in which state. */
export type Legal = {
  readonly in: readonly Situation[];
  readonly step?: readonly StepStatus[];
  readonly operation?: readonly OperationPhase[];
  readonly debt?: readonly Debt["status"][];
};

const begun: readonly Situation[] = ["running", "paused", "cleaning-up", "signing-off"];
const always: readonly Situation[] = [...begun, "ended"];
const underWay: readonly Situation[] = ["running", "paused", "cleaning-up"];

/**
 * The legal transitions, in one place. `decide` says more (who may, with which words, at which attempt); what it accepts is
 * never outside this table, and everything in the table can happen: a test walks through drills at random and compares.
 */
export const legal = {
  answer: { in: ["running"], step: ["open", "failing"] },
  retry: { in: ["running"], step: ["failing"] },
  continue: { in: ["running"], step: ["failing"] },
  decide: { in: ["running"], step: ["open"] },
  "hand-over": { in: ["running", "paused"], step: ["open", "failing"] },
  abort: { in: ["running", "paused"] },
  "give-up": { in: ["running", "paused"] },
  pause: { in: ["running"] },
  resume: { in: ["paused"] },
  resolve: { in: underWay, operation: ["unknown"] },
  "answer-pause": { in: ["running", "cleaning-up"], operation: ["started"] },
  "order-undo": { in: ["cleaning-up"], debt: ["owed"] },
  "answer-undo": { in: ["cleaning-up"], debt: ["owed"] },
  "retry-undo": { in: underWay, debt: ["failed"] },
  "accept-debt": { in: underWay, debt: ["owed", "failed"] },
  settle: { in: underWay, debt: ["owed"] },
  hold: { in: underWay, debt: ["owed", "failed"] },
  release: { in: underWay },
  note: { in: always },
  attach: { in: begun },
  kept: { in: begun },
  "record-finding": { in: begun },
  "hand-over-role": { in: begun },
  "propose-approver": { in: begun },
  "admit-approver": { in: begun },
  sign: { in: ["signing-off"] },

  observed: { in: ["running", "paused"], step: ["open"] },
  looked: { in: ["running", "paused"], step: ["open"] },
  waited: { in: ["running", "paused"], step: ["open"] },
  "timed-out": { in: ["running", "paused"], step: ["open"] },
  "try-again": { in: ["running"], step: ["failing"] },
  asked: { in: ["running", "paused"], step: ["open"] },
  shown: { in: ["running", "paused"], step: ["open"] },
  expired: { in: ["running", "paused"], step: ["open"] },
  voided: { in: ["running", "paused"], step: ["passed"] },
  blocked: { in: ["running", "paused"], step: ["open"] },
  "guard-observed": { in: begun },
  /** For an undo the debt decides, and the drill may be cleaning up. */
  intend: { in: ["running", "cleaning-up"] },
  "intend-release": { in: ["running", "cleaning-up"], operation: ["started"] },
  released: { in: underWay, operation: ["started"] },
  started: { in: underWay, operation: ["intended", "unknown"] },
  progressed: { in: underWay, operation: ["intended", "started"] },
  ended: { in: underWay, operation: ["intended", "started"] },
  unknown: { in: underWay, operation: ["intended"] },
  "undo-not-needed": { in: underWay, debt: ["owed"] },
  "undo-blocked": { in: underWay, debt: ["owed"] },
  "hold-over": { in: underWay },
  overdue: { in: ["running", "paused"] },
  "stand-aside": { in: begun },
} satisfies Record<Command["type"], Legal>;

function situationOf(state: DrillState): Situation {
  return state.status === "running" && state.paused !== null ? "paused" : state.status;
}

/** Whether the table lets this command be accepted in this state. */
export function isLegal(state: DrillState, command: Command): boolean {
  const row: Legal = legal[command.type];
  const cell = cellOf(state, command);
  const within = <T>(allowed: readonly T[] | undefined, found: T | null): boolean => allowed === undefined || (found !== null && allowed.includes(found));
  return row.in.includes(cell.situation) && within(row.step, cell.step) && within(row.operation, cell.operation) && within(row.debt, cell.debt);
}

/** Where a command would land in the table; null for what it does not name, or names and the drill does not have. */
export function cellOf(state: DrillState, command: Command): { readonly situation: Situation; readonly step: StepStatus | null; readonly operation: OperationPhase | null; readonly debt: Debt["status"] | null } {
  const operation = "operation" in command ? command.operation : "obligation" in command ? command.obligation : null;
  return {
    situation: situationOf(state),
    step: "step" in command && command.step !== null ? (stepOf(state, command.step)?.status ?? null) : null,
    operation: operationOf(state, operation)?.phase ?? null,
    debt: operation === null ? null : (debtOf(state, operation)?.status ?? null),
  };
}
