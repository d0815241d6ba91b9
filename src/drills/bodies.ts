import type { Command, MachineCommand } from "./commands.ts";
import type { EventBody, Person } from "./events.ts";
import { stepOf, type DrillState } from "./state.ts";
import { personNamed, valuesGiven } from "./values.ts";

/** Days until a finding is due when nobody says otherwise. */
const findingDueDays = 14;

/** What an accepted command says happened, before its consequences. */
export function bodies(state: DrillState, command: Command, at: Date): readonly EventBody[] {
  switch (command.type) {
    case "answer": {
      const { step, round, answer, reason, ticks } = command;
      const asked = stepOf(state, step)?.step;
      const values = asked === undefined || answer !== "done" ? {} : valuesGiven(state, asked, command.values ?? {});
      return [{ type: "step.answered", step, round, answer, reason, ticks, ...(Object.keys(values).length > 0 ? { values } : {}) }];
    }
    case "retry": {
      return [{ type: "step.retried", step: command.step, round: command.round + 1, reason: command.reason }];
    }
    case "continue": {
      const { step, round, reason } = command;
      const title = stepOf(state, step)?.step.title ?? step;
      return [{ type: "step.continued", step, round, reason }, finding(state, command.by, step, `"${title}" failed: ${reason}`, at)];
    }
    case "decide": {
      const digest = stepOf(state, command.step)?.approval?.digest ?? "";
      const { step, round, decision, reason } = command;
      return [{ type: "approval.decided", step, round, decision, digest, reason }];
    }
    case "abort":
      return [{ type: "cleanup.began", why: "aborted", reason: command.reason }];
    case "give-up":
      return [{ type: "cleanup.began", why: "failed", reason: command.reason }];
    case "hand-over": {
      const to = personNamed(state, command.to);
      return to === null ? [] : [{ type: "step.handed-over", step: command.step, round: command.round, to, reason: command.reason }];
    }
    case "order-undo":
      return [{ type: "undo.ordered", operation: command.operation, reason: command.reason }];
    case "pause":
      return [{ type: "drill.paused", reason: command.reason }];
    case "resume":
      return [{ type: "drill.resumed", reason: command.reason }];
    case "note":
      return [{ type: "note.added", step: command.step, text: command.text }];
    case "attach": {
      const { step, name, mediaType, size, sha256 } = command;
      return [{ type: "attachment.added", step, name, mediaType, size, sha256 }];
    }
    case "resolve":
      return [{ type: "operation.resolved", operation: command.operation, as: command.as, reason: command.reason }];
    case "retry-undo":
      return [{ type: "undo.retried", operation: command.operation, reason: command.reason }];
    case "accept-debt": {
      const debt = state.debts.find((d) => d.operation === command.operation);
      const text = `Left behind: ${debt?.detail ?? command.operation}. ${command.reason}`;
      return [{ type: "debt.accepted", operation: command.operation, reason: command.reason }, finding(state, command.by, debt?.step ?? null, text, at)];
    }
    case "sign":
      return [{ type: "drill.signed", as: command.as, statement: command.statement }];
    default:
      return [reported(state, command)];
  }
}

function reported(state: DrillState, command: MachineCommand): EventBody {
  switch (command.type) {
    case "observed": {
      const { step, round, requests, observation } = command;
      return { type: "check.observed", step, round, requests, ...observation };
    }
    case "guard-observed": {
      const { step, before, requests, observation } = command;
      return { type: "guard.observed", step, before, requests, ...observation };
    }
    case "asked": {
      const { step, round, digest, code, subject, previews, approvers, expiresAt, requests } = command;
      return { type: "approval.asked", step, round, digest, code, subject, previews, approvers, expiresAt, requests };
    }
    case "shown":
      return { type: "approval.shown", step: command.step, round: command.round, card: command.card };
    case "expired":
      return { type: "approval.expired", step: command.step, round: command.round };
    case "looked": {
      const { step, round, requests, observation } = command;
      return { type: "wait.looked", step, round, requests, ...observation };
    }
    case "waited":
      return { type: "wait.ended", step: command.step, round: command.round };
    case "try-again":
      return { type: "step.retried", step: command.step, round: command.round + 1, reason: command.reason };
    case "timed-out":
      return { type: "step.timed-out", step: command.step, round: command.round, reason: command.reason };
    case "voided": {
      const { step, round, now, differences, requests } = command;
      return { type: "approval.voided", step, round, was: stepOf(state, step)?.approval?.digest ?? "", now, differences, requests };
    }
    case "blocked": {
      const { step, round, problem, requests } = command;
      return { type: "step.blocked", step, round, problem, requests };
    }
    case "intend": {
      const { operation, step, action, input, tag, sendBy, undoOf, undo, requests } = command;
      return { type: "operation.intended", operation, step, action, input, tag, sendBy, undoOf, undo, requests };
    }
    case "started": {
      const { operation, handle, adopted, requests } = command;
      return { type: "operation.started", operation, handle, adopted, requests };
    }
    case "progressed": {
      const { operation, summary, tasks, servers, requests } = command;
      return { type: "operation.progressed", operation, summary, tasks, servers, requests };
    }
    case "ended": {
      const { operation, outcome, summary, tasks, servers, problems, requests } = command;
      return { type: "operation.ended", operation, outcome, summary, tasks, servers, problems, requests };
    }
    case "unknown":
      return { type: "operation.unknown", operation: command.operation, why: command.why, requests: command.requests };
    case "undo-not-needed":
      return { type: "debt.cleared", operation: command.operation, why: command.why, requests: command.requests };
    case "undo-blocked":
      return { type: "undo.blocked", operation: command.operation, problem: command.problem, requests: command.requests };
  }
}

function finding(state: DrillState, owner: Person, step: string | null, text: string, at: Date): EventBody {
  const due = new Date(at.getTime() + findingDueDays * 86_400_000).toISOString().slice(0, 10);
  return { type: "finding.recorded", finding: `F${state.findings.length + 1}`, step, text, owner, due };
}
