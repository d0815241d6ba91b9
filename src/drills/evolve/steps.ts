import type { StepEvent } from "../events/steps.ts";
import { operationOf, stepOf, type StepState } from "../state.ts";
import { defaultsOf } from "../values.ts";
import { pending } from "./begin.ts";
import type { Draft } from "./draft.ts";
import { owed } from "./operations.ts";
import { performedBy, tookPart, type Of, type Rules } from "./rule.ts";

export const stepRules: Rules<StepEvent["type"]> = {
  "step.opened": (draft, event) =>
    draft.step(event.step, event.at, (s) => ({ ...s, status: "open", round: event.round, openedAt: s.openedAt ?? event.at, closedAt: null })),
  "step.answered": answered,
  "step.left-out": (draft, event) => {
    withDefaults(draft, event.step);
    draft.step(event.step, event.at, (s) => ({ ...s, status: "left-out", closedAt: event.at, reason: event.why }));
  },
  "step.timed-out": (draft, event) => draft.step(event.step, event.at, (s) => ({ ...s, status: "failing", timedOut: true, reason: event.reason })),
  "check.observed": (draft, event) =>
    draft.step(event.step, event.at, (s) => {
      const observation = observed(event);
      return event.verdict === "passed" ? { ...s, observation, status: "passed", closedAt: event.at } : { ...s, observation, status: "failing" };
    }),
  "guard.observed": () => undefined,
  "wait.looked": (draft, event) =>
    draft.step(event.step, event.at, (s) => {
      const held = event.verdict === "passed" ? (s.looks?.held ?? 0) + 1 : 0;
      const looked = { ...s, observation: observed(event), looks: { count: (s.looks?.count ?? 0) + 1, held, last: event.at } };
      return s.step.kind === "wait" && held >= (s.step.until?.times ?? 1) ? { ...looked, status: "passed", closedAt: event.at } : looked;
    }),
  "wait.ended": (draft, event) => draft.step(event.step, event.at, (s) => ({ ...s, status: "passed", closedAt: event.at })),
  "announcement.made": (draft, event) => draft.step(event.step, event.at, (s) => ({ ...s, announced: { audience: event.audience, text: event.text } })),
  "step.handed-over": (draft, event) => draft.step(event.step, event.at, (s) => ({ ...s, assignee: event.to })),
  "step.retried": retried,
  "step.continued": (draft, event) => {
    performedBy(draft, event);
    withDefaults(draft, event.step);
    draft.step(event.step, event.at, (s) => ({ ...s, status: "continued", closedAt: event.at, closedBy: event.by, reason: event.reason }));
  },
  "step.blocked": (draft, event) => draft.step(event.step, event.at, (s) => ({ ...s, status: "failing", blocked: event.problem })),
  "escalation.raised": (draft, { step, round, role, people, reason, at }) => draft.add("escalations", { step, round, role, people, at, reason }),
};

function observed({ verdict, summary, diagnosis, result }: Of<"check.observed" | "wait.looked">): NonNullable<StepState["observation"]> {
  return { verdict, summary, diagnosis, result };
}

/** A step that nobody answers gives its defaults. */
function withDefaults(draft: Draft, id: string): void {
  const step = stepOf(draft.state, id)?.step;
  if (step !== undefined) draft.set({ answers: { ...draft.state.answers, ...defaultsOf(step) } });
}

function answered(draft: Draft, event: Of<"step.answered">): void {
  performedBy(draft, event);
  if (event.answer === "skipped") withDefaults(draft, event.step);
  else if (event.values !== undefined) draft.set({ answers: { ...draft.state.answers, ...event.values } });
  draft.step(event.step, event.at, (s) => {
    const given = { ...s, reason: event.reason, ticks: event.ticks, closedBy: event.by };
    if (event.answer === "failed") return { ...given, status: "failing" };
    return { ...given, status: event.answer === "done" ? "passed" : "skipped", closedAt: event.at };
  });
  if (event.answer === "done") owePeoplesUndo(draft, event);
}

/** What people did is owed back like what an action did: an undo that people do, in the order of things. */
function owePeoplesUndo(draft: Draft, event: Of<"step.answered">): void {
  const undo = stepOf(draft.state, event.step)?.step.undo;
  if (undo === undefined || !("text" in undo)) return;
  draft.add("debts", { ...owed(draft, `${event.step}#${event.round}`, event.step), kind: "undo-by-people", text: undo.text });
}

/** Whoever was given the step still has it; what its last attempt left has to go before the next one. */
function retried(draft: Draft, event: Of<"step.retried">): void {
  tookPart(draft, event);
  const before = operationOf(draft.state, stepOf(draft.state, event.step)?.operation ?? null);
  if (before !== undefined) draft.debt(before.key, (d) => ((d.status === "owed" || d.status === "failed") && !d.noWayBack ? { ...d, beforeRetry: true } : d));
  draft.step(event.step, event.at, (s) => ({ ...pending(s.step), status: "open", round: event.round, openedAt: s.openedAt, assignee: s.assignee }));
}
