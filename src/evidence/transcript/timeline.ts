import type { DrillEvent } from "../../drills/events.ts";
import { operationOf, type DrillState } from "../../drills/state.ts";
import type { TimelineEntry } from "./records.ts";
import { titleOf } from "./title.ts";
import { counted, listed } from "../../texts/words.ts";

/** Every event, one line each: nothing in a report may be the only place where something is left out. */
export function timelineOf(events: readonly DrillEvent[], state: DrillState): readonly TimelineEntry[] {
  return events.map((event) => {
    const [what, detail = ""] = say(event, state);
    return { seq: event.seq, at: event.at, by: event.by?.name ?? "", what, detail };
  });
}

type Said = readonly [what: string, detail?: string];

function say(event: DrillEvent, state: DrillState): Said {
  const step = "step" in event ? `"${titleOf(state, event.step)}"` : "";
  switch (event.type) {
    case "drill.launched":
      return ["Drill launched", `${event.runbook.title}, ${event.mode}, ${event.purpose}${event.scheduledFor === undefined ? "" : `, by its schedule for ${event.scheduledFor}`}`];
    case "step.opened":
      return [`${step} opened`, event.round > 1 ? `attempt ${event.round}` : ""];
    case "step.answered":
      return [`${step}: ${event.answer}`, [...Object.entries(event.values ?? {}).map(([name, value]) => `${name}: ${value}`), event.reason].filter((w) => w !== "").join(", ")];
    case "wait.looked":
      return [`${step} looked while waiting: ${event.verdict}`, event.summary];
    case "wait.ended":
      return [`${step}: the time has passed`];
    case "announcement.made":
      return [`${step} announced to ${event.audience}`, event.text];
    case "step.handed-over":
      return [`${step} handed over to ${event.to.name}`, event.reason];
    case "undo.ordered":
      return [`Undo of ${operationName(state, event.operation)} ordered`, event.reason];
    case "drill.paused":
      return ["Drill paused", event.reason];
    case "drill.resumed":
      return ["Drill resumed", event.reason];
    case "step.left-out":
      return [`${step} left out`, event.why === "mode" ? "not for this mode" : "not on this branch"];
    case "step.timed-out":
      return [`${step} timed out`, event.reason];
    case "check.observed":
      return [`${step} looked: ${event.verdict}`, event.summary];
    case "guard.observed":
      return [`Guard ${step} looked again: ${event.verdict}`, event.summary];
    case "step.retried":
      return [`${step} tried again`, event.reason];
    case "step.continued":
      return [`${step} passed over`, event.reason];
    case "step.blocked":
      return [`${step} could not start`, event.problem.message];
    case "approval.asked":
      return [`${step} asked`, `code ${event.code}, ${counted(event.approvers.length, "approver")}: ${listed(event.approvers.map((p) => p.name))}`];
    case "approval.shown":
      return [`${step}: card shown`, `SHA-256 ${event.card}`];
    case "approval.decided":
      return [`${step}: ${event.decision === "approve" ? "approved" : "rejected"}`, event.reason];
    case "approval.expired":
      return [`${step} expired`];
    case "approval.voided":
      return [`${step} became void`, event.differences.join(" ")];
    default:
      return sayOperation(event, state, step);
  }
}

function sayOperation(event: DrillEvent, state: DrillState, step: string): Said {
  const operation = "operation" in event ? operationName(state, event.operation) : "";
  switch (event.type) {
    case "operation.intended":
      return [`${event.action} intended`, `${event.operation}, tag ${event.tag}, to be sent by ${event.sendBy}`];
    case "operation.started":
      return [`${operation} ${event.adopted ? "found and adopted" : "started"}`, event.handle];
    case "operation.progressed":
      return [`${operation} ${hadStarted(state, event) ? "under way" : "not answered yet"}`, event.summary];
    case "operation.ended":
      return [`${operation} ${event.outcome}`, event.summary];
    case "pause.answered":
      return [`What ${operation} waits for is done`, event.reason];
    case "pause.release-intended":
      return [`${operation} is to be told to go on`, `tag ${event.tag}, to be sent by ${event.sendBy}`];
    case "pause.released":
      return [`${operation} ${event.problem === null ? "was told to go on" : "was not told to go on"}`, event.problem?.message ?? ""];
    case "operation.unknown":
      return [`${operation}: outcome unknown`, event.why];
    case "operation.resolved":
      return [`${operation}: ${event.as}`, event.reason];
    case "cleanup.began":
      return [`Cleanup began (${event.why})`, event.reason];
    case "debt.cleared":
      return [`Nothing to take back for ${operation}`, event.why];
    case "undo.blocked":
      return [`Undo of ${operation} could not start`, event.problem.message];
    case "undo.retried":
      return [`Undo of ${operation} tried again`, event.reason];
    case "debt.accepted":
      return [`Left behind and accepted: ${operation}`, event.reason];
    default:
      return sayClosing(event, state, step);
  }
}

function sayClosing(event: DrillEvent, state: DrillState, step: string): Said {
  switch (event.type) {
    case "finding.recorded":
      return [`Finding ${event.finding}`, `${event.text} (${event.owner.name}, by ${event.due})`];
    case "note.added":
      return [event.step === null ? "Note" : `Note on ${step}`, event.text];
    case "attachment.added":
      return [event.step === null ? "Attached" : `Attached to ${step}`, `${event.name}, ${event.mediaType}, ${event.size} bytes, SHA-256 ${event.sha256}`];
    case "signoff.asked":
      return ["Signatures asked", `proposed: ${event.proposed}`];
    case "drill.signed":
      return [`Signed as ${event.as}`, event.statement];
    case "drill.ended":
      return [`Drill ended: ${event.result}`];
    case "command.refused":
      return [`Refused: ${event.command}${event.step === null ? "" : ` at ${step}`}`, event.message];
    default:
      return sayOwed(event, state, step);
  }
}

function sayOwed(event: DrillEvent, state: DrillState, step: string): Said {
  switch (event.type) {
    case "incident.declared":
      return ["Incident declared", `${event.criterion}${event.decideBy === null ? "" : `, to be decided by ${event.decideBy}`}${event.instead.length === 0 ? "" : `, instead of ${listed(event.instead)}`}`];
    case "drill.stood-aside":
      return ["Stood aside", event.reason];
    case "escalation.raised":
      return [`${step === "" || event.step === null ? "Escalated" : `${step} escalated`} to ${event.role}`, `${event.reason} Told: ${listed(event.people.map((p) => p.name)) || "nobody is in that role"}.`];
    case "role.handed-over":
      return [`Role ${event.role} handed over to ${event.to.name}`, event.reason];
    case "approver.proposed":
      return [`${event.person.name} proposed as ${event.role} (${event.proposal})`, event.reason];
    case "approver.added":
      return [`${event.person.name} added as ${event.role}`, event.proposal];
    case "undo.answered":
      return [`Undo of ${operationName(state, event.operation)} by people: ${event.answer}`, event.reason];
    case "server.held":
      return [`${event.server} held until ${event.until}`, `${event.owner.name}: ${event.reason}`];
    case "server.released":
      return [`${event.server} released`, event.reason];
    case "obligation.registered":
      return ["Left owed", event.text];
    case "obligation.settled":
      return [`No longer owed: ${event.obligation}`, event.reason];
    case "record.erased":
      return [`Erased: ${counted(event.records.length, "record")} and ${counted(event.blobs.length, "stored file")}`, event.reason];
    case "hold.placed":
      return ["Put on legal hold", event.reason];
    case "hold.released":
      return ["Legal hold lifted", event.reason];
    default:
      return [event.type];
  }
}

/** By the title of its step: its key, which Azure's own log has too, stands with the intent. */
/** What is told of an operation before Azure took it is how its answer was lost. */
function hadStarted(state: DrillState, event: Extract<DrillEvent, { type: "operation.progressed" }>): boolean {
  const startedAt = operationOf(state, event.operation)?.startedAt ?? null;
  return startedAt !== null && startedAt <= event.at;
}

function operationName(state: DrillState, key: string): string {
  const operation = state.operations.find((o) => o.key === key);
  if (operation === undefined) return key;
  return `${operation.undoOf === null ? "" : "Cleanup after "}"${titleOf(state, operation.step)}"`;
}
