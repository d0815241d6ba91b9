import type { DrillEvent } from "../../drills/events.ts";
import type { DrillState } from "../../drills/state.ts";
import type { Deviation } from "./records.ts";
import { titleOf } from "./title.ts";

/** Where the drill left its plan, and who tried what and was refused. */
export function deviationsOf(events: readonly DrillEvent[], state: DrillState): readonly Deviation[] {
  return events.flatMap((event) => {
    const said = saidOf(event, state);
    return said === null ? [] : [{ at: event.at, by: event.by?.name ?? "Drillbook", ...said }];
  });
}

const tried: Readonly<Record<string, string>> = {
  answer: "An answer",
  retry: "A retry",
  continue: "Going on past a failure",
  decide: "A decision",
  abort: "Aborting",
  "give-up": "Giving up",
  "hand-over": "Handing over",
  "order-undo": "Ordering an undo",
  pause: "Pausing",
  resume: "Resuming",
  note: "A note",
  resolve: "Saying what became of an operation",
  "retry-undo": "Retrying an undo",
  "accept-debt": "Accepting a debt",
  sign: "A signature",
};

function saidOf(event: DrillEvent, state: DrillState): Pick<Deviation, "what" | "why"> | null {
  const step = "step" in event ? `"${titleOf(state, event.step)}"` : "";
  switch (event.type) {
    case "step.answered":
      return event.answer === "done" ? null : { what: `${step} was ${event.answer === "failed" ? "reported as failed" : "skipped"}`, why: event.reason };
    case "drill.paused":
      return { what: "The drill was paused", why: event.reason };
    case "step.timed-out":
      return { what: `${step} was not answered in time`, why: event.reason };
    case "check.observed":
      return event.verdict === "passed" ? null : { what: `${step} ${event.verdict === "failed" ? "failed" : "proved nothing"}`, why: event.summary };
    case "guard.observed":
      return event.verdict === "passed" ? null : { what: `The guard ${step} no longer held`, why: event.summary };
    case "step.retried":
      return { what: `${step} was tried again`, why: event.reason };
    case "step.continued":
      return { what: `The drill went on past ${step}`, why: event.reason };
    case "step.blocked":
      return { what: `${step} could not start`, why: event.problem.message };
    case "approval.decided":
      return event.decision === "approve" ? null : { what: `${step} was rejected`, why: event.reason };
    case "approval.expired":
      return { what: `${step} expired`, why: "nobody decided in time" };
    case "approval.voided":
      return { what: `${step} became void`, why: event.differences.join(" ") };
    case "operation.started":
      return event.adopted ? { what: `A lost answer: ${event.operation} was found at Azure and adopted`, why: event.handle } : null;
    case "operation.ended":
      return event.outcome === "succeeded" ? null : { what: `${event.operation} ${event.outcome === "refused" ? "was refused" : "failed"}`, why: event.summary };
    case "operation.unknown":
      return { what: `Nobody knew what became of ${event.operation}`, why: event.why };
    case "operation.resolved":
      return { what: `A person said what became of ${event.operation}: ${event.as === "not-started" ? "it did not start" : "look again"}`, why: event.reason };
    case "cleanup.began":
      return event.why === "finished" ? null : { what: `The drill was ${event.why === "aborted" ? "aborted" : "given up"}`, why: event.reason };
    case "undo.blocked":
      return { what: `The undo of ${event.operation} could not start`, why: event.problem.message };
    case "undo.retried":
      return { what: `The undo of ${event.operation} was tried again`, why: event.reason };
    case "debt.accepted":
      return { what: `What ${event.operation} left behind was accepted`, why: event.reason };
    case "command.refused":
      return { what: `${tried[event.command] ?? event.command}${event.step === null ? "" : ` at ${step}`} was refused`, why: event.message };
    default:
      return null;
  }
}
