import type { Command, MachineCommand } from "./commands.ts";
import type { EventBody, Person } from "./events.ts";
import { debtOf, openDebts } from "./debts.ts";
import { openSteps, operationOf, stepOf, type Debt, type DrillState } from "./state.ts";
import { personalAnswers } from "../runbooks/personal-answers.ts";
import { personNamed, valuesGiven } from "./values.ts";
import { courseTexts as t } from "../texts/course.ts";

/** Days until a finding is due when nobody says otherwise. */
const findingDueDays = 14;

/** What an accepted command says happened, before its consequences. */
export function bodies(state: DrillState, command: Command, at: Date): readonly EventBody[] {
  switch (command.type) {
    case "answer": {
      const { step, round, answer, reason, ticks } = command;
      const asked = stepOf(state, step)?.step;
      const values = asked === undefined || answer !== "done" ? {} : valuesGiven(state, asked, command.values ?? {});
      const personal = Object.keys(values).filter((name) => personalAnswers(state.runbook).has(name));
      return [{ type: "step.answered", step, round, answer, reason, ticks, ...(Object.keys(values).length > 0 ? { values } : {}), ...(personal.length > 0 ? { personal } : {}) }];
    }
    case "retry": {
      return [{ type: "step.retried", step: command.step, round: command.round + 1, reason: command.reason }];
    }
    case "continue": {
      const { step, round, reason } = command;
      const title = stepOf(state, step)?.step.title ?? step;
      return [{ type: "step.continued", step, round, reason }, finding(state, command.by, step, t.continued(title, withoutServers(state, step), reason), at)];
    }
    case "decide": {
      const digest = stepOf(state, command.step)?.approval?.digest ?? "";
      const { step, round, decision, reason } = command;
      return [{ type: "approval.decided", step, round, decision, digest, reason }];
    }
    case "abort":
      return [{ type: "cleanup.began", why: "aborted", reason: command.reason }];
    case "give-up": {
      // Whatever a drill failed by is somebody's to deal with, also when nobody thinks of saying so.
      const failing = openSteps(state).filter((s) => s.status === "failing");
      const found = failing.map(({ step }, i) => ({ ...finding(state, command.by, step.id, t.givenUp(step.title, command.reason), at), finding: `F${state.findings.length + 1 + i}` }));
      return [...found, { type: "cleanup.began", why: "failed", reason: command.reason }];
    }
    case "hand-over": {
      const to = personNamed(state, command.to);
      return to === null ? [] : [{ type: "step.handed-over", step: command.step, round: command.round, to, reason: command.reason }];
    }
    case "hand-over-role": {
      const to = personNamed(state, command.to);
      return to === null ? [] : [{ type: "role.handed-over", role: command.role, from: command.by, to, reason: command.reason }];
    }
    case "propose-approver": {
      const person = personNamed(state, command.to);
      return person === null ? [] : [{ type: "approver.proposed", proposal: `A${state.proposals.length + 1}`, role: command.role, person, reason: command.reason }];
    }
    case "admit-approver":
      return state.proposals.filter((p) => p.id === command.proposal).map(({ id, role, person }) => ({ type: "approver.added", proposal: id, role, person }));
    case "answer-undo":
      return [{ type: "undo.answered", operation: command.operation, answer: command.answer, reason: command.reason }];
    case "hold":
      return heldServers(state, command.operation, command.server).map((server) => ({
        type: "server.held",
        operation: command.operation,
        server,
        owner: command.by,
        until: new Date(command.until).toISOString(),
        reason: command.reason,
      }));
    case "release":
      return state.holds
        .filter((h) => h.operation === command.operation && (command.server === "" || h.server === command.server))
        .map(({ operation, server }) => ({ type: "server.released", operation, server, reason: command.reason }));
    case "settle":
      return [{ type: "obligation.settled", obligation: command.obligation, reason: command.reason }];
    case "record-finding": {
      const owner = command.owner.trim() === "" ? command.by : (personNamed(state, command.owner) ?? command.by);
      const recorded = finding(state, owner, command.step, command.text, at);
      return [command.due === "" ? recorded : { ...recorded, due: command.due }];
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
    case "answer-pause":
      return [{ type: "pause.answered", operation: command.operation, pause: command.pause, reason: command.reason }];
    case "retry-undo":
      return [{ type: "undo.retried", operation: command.operation, reason: command.reason }];
    case "accept-debt": {
      const debt = debtOf(state, command.operation);
      const text = t.leftBehind(debt?.text || debt?.detail || (stepOf(state, debt?.step ?? "")?.step.title ?? command.operation), command.reason);
      return [{ type: "debt.accepted", operation: command.operation, reason: command.reason }, finding(state, command.by, debt?.step ?? null, text, at)];
    }
    case "sign":
      return [{ type: "drill.signed", as: command.as, statement: command.statement }];
    case "ended":
      return [reported(state, command), ...obligations(state, command)];
    default:
      return [reported(state, command)];
  }
}

function reported(state: DrillState, command: MachineCommand): EventBody {
  switch (command.type) {
    case "kept": {
      const { step, name, mediaType, size, sha256 } = command;
      return { type: "attachment.added", step, name, mediaType, size, sha256 };
    }
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
      const { type: _, by: __, round: ___, ...intent } = command;
      return { type: "operation.intended", ...intent };
    }
    case "intend-release": {
      const { operation, pause, tag, sendBy } = command;
      return { type: "pause.release-intended", operation, pause, tag, sendBy };
    }
    case "released": {
      const { operation, pause, problem, requests } = command;
      return { type: "pause.released", operation, pause, problem, requests };
    }
    case "started": {
      const { operation, handle, adopted, requests } = command;
      return { type: "operation.started", operation, handle, adopted, requests };
    }
    case "progressed": {
      const { operation, summary, tasks, servers, pause, requests } = command;
      return { type: "operation.progressed", operation, summary, tasks, servers, ...(pause === undefined ? {} : { pause }), requests };
    }
    case "ended": {
      const { operation, outcome, summary, tasks, servers, problems, requests } = command;
      return { type: "operation.ended", operation, outcome, summary, tasks, servers, problems, requests };
    }
    case "unknown":
      return { type: "operation.unknown", operation: command.operation, why: command.why, requests: command.requests };
    case "hold-over":
      return { type: "server.released", operation: command.operation, server: command.server, reason: t.holdOver };
    case "overdue":
      return escalation(state, null, 0, state.roles["deputy"] === undefined ? (state.runbook.declaration?.role ?? "owner") : "deputy", t.overdue);
    case "stand-aside":
      return { type: "drill.stood-aside", reason: command.reason };
    case "undo-not-needed":
      return { type: "debt.cleared", operation: command.operation, why: command.why, requests: command.requests };
    case "undo-blocked":
      return { type: "undo.blocked", operation: command.operation, problem: command.problem, requests: command.requests };
  }
}

/** Told to whoever has the role now; a role that nobody fills is told to the drill's owner. */
export function escalation(state: DrillState, step: string | null, round: number, role: string, reason: string): EventBody {
  return { type: "escalation.raised", step, round, role, people: state.roles[role] ?? state.roles["owner"] ?? [], reason };
}

/** What the action left owed is owed once it has run at all, whether or not every server came through. */
function obligations(state: DrillState, ended: Extract<MachineCommand, { type: "ended" }>): readonly EventBody[] {
  const operation = operationOf(state, ended.operation);
  if (operation === undefined || ended.outcome === "refused") return [];
  const open = openDebts(state).filter((debt) => debt.kind === "obligation");
  const idOf = (debt: Debt): string => debt.operation.slice(debt.operation.lastIndexOf("/") + 1);
  const fulfilled = ended.outcome === "succeeded" ? open.filter((debt) => operation.settles.includes(idOf(debt))) : [];
  // The failover and its commit both leave re-protection owed: once is enough.
  const more = operation.obligations.filter(({ id, text }) => !open.some((debt) => idOf(debt) === id && debt.text === text));
  return [
    ...fulfilled.map((debt): EventBody => ({ type: "obligation.settled", obligation: debt.operation, reason: t.succeeded(operation.action) })),
    ...more.map(({ id, text }): EventBody => ({ type: "obligation.registered", obligation: `${operation.key}/${id}`, operation: operation.key, step: operation.step, text })),
  ];
}

function heldServers(state: DrillState, operation: string, server: string): readonly string[] {
  const names = operationOf(state, operation)?.servers.filter((s) => s.outcome !== "removed").map((s) => s.name) ?? [];
  return server === "" ? names : names.filter((name) => name.toLowerCase() === server.toLowerCase());
}

/** Nine of ten is not "passed": the finding names the ones that the drill goes on without. */
function withoutServers(state: DrillState, step: string): readonly string[] {
  const servers = operationOf(state, stepOf(state, step)?.operation ?? null)?.servers ?? [];
  const failed = servers.filter((s) => s.outcome === "failed").map((s) => s.name);
  return failed.length === servers.length ? [] : failed;
}

function finding(state: DrillState, owner: Person, step: string | null, text: string, at: Date): Extract<EventBody, { type: "finding.recorded" }> {
  const due = new Date(at.getTime() + findingDueDays * 86_400_000).toISOString().slice(0, 10);
  return { type: "finding.recorded", finding: `F${state.findings.length + 1}`, step, text, owner, due };
}
