import { liveCard } from "../dialogs/live-card.ts";
import type { Shown } from "../dialogs/card.ts";
import { parameterForm } from "../dialogs/launch-cards.ts";
import { stepCard } from "../dialogs/step-card.ts";
import type { Person } from "../drills/events.ts";
import { evolve } from "../drills/evolve.ts";
import type { ApprovalState, DrillState, StepState } from "../drills/state.ts";
import { releasedSteps } from "../drills/state.ts";
import type { Catalogue } from "../runbooks/catalogue.ts";
import { fill } from "../runbooks/fill.ts";
import { isRecord } from "../runbooks/json.ts";
import { answersOf, type Json, type Runbook, type Step } from "../runbooks/runbook.ts";

/** A card and when it is shown. */
export type Stage = { readonly when: string; readonly shown: Shown };

const launch = "2026-11-20T09:00:00.000Z";
const now = new Date(launch);

const people: readonly Person[] = [
  { id: "olivia", name: "Olivia Okafor" },
  { id: "amir", name: "Amir Haddad" },
  { id: "bea", name: "Bea Lind" },
  { id: "ravi", name: "Ravi Menon" },
  { id: "dana", name: "Dana Weiss" },
];

/** The cards of the drill as a whole: what is asked at launch, and the one that always says how it stands. */
export function drillStages(runbook: Runbook): readonly Stage[] {
  const state = launched(runbook);
  return [
    { when: "Before the launch", shown: parameterForm(runbook, runbook.mode, { byParameter: {}, silent: null }, [], {}) },
    { when: "While it runs", shown: liveCard(opened(state, 0, "open"), now, null) },
  ];
}

/** The cards of one step: as it waits, as it stands when it has failed, and when it is done. */
export function stepStages(runbook: Runbook, index: number, catalogue: Catalogue): readonly Stage[] {
  const state = launched(runbook);
  const shown = (status: StepState["status"]): Shown => {
    const whole = opened(state, index, status, catalogue);
    const step = whole.steps[index];
    if (step === undefined) throw new RangeError("There is no such step.");
    return stepCard(whole, step, now);
  };
  return [
    { when: "When it is its turn", shown: shown("open") },
    { when: "When it has failed", shown: shown("failing") },
    { when: "When it is done", shown: shown("passed") },
  ];
}

function launched(runbook: Runbook): DrillState {
  const usual = ["operator", "approver", "owner", "reviewer"];
  const roles = [...new Set([...usual, ...Object.keys(runbook.roles), ...runbook.steps.map((step) => step.role)])];
  const filled = roles.map((role, i): [string, readonly Person[]] => [role, role === "approver" ? people.slice(1, 3) : people.slice(i % people.length, (i % people.length) + 1)]);
  const [by] = people;
  if (by === undefined) throw new RangeError("Nobody launches.");
  return evolve(null, {
    v: 1,
    type: "drill.launched",
    drill: "EXA-0001",
    seq: 1,
    at: launch,
    by,
    runbook,
    params: Object.fromEntries(runbook.parameters.map((p) => [p.name, p.default ?? p.choices[0] ?? `‹${p.label}›`])),
    mode: runbook.mode,
    purpose: runbook.purpose,
    roles: Object.fromEntries(filled),
    conversation: null,
  });
}

/** The drill at the moment when everything before a step is done and the step is in this status. */
function opened(state: DrillState, index: number, status: StepState["status"], catalogue?: Catalogue): DrillState {
  const before: StepState["status"] = "passed";
  const steps = state.steps.map((step, i): StepState => {
    if (i > index) return step;
    if (i < index) return { ...step, status: before, round: 1, openedAt: launch, closedAt: launch, since: launch, closedBy: people[0] ?? null };
    return { ...step, ...inStatus(state, step, status, catalogue) };
  });
  const current = state.steps[index]?.step.id ?? null;
  return { ...state, steps, open: current === null ? [] : [current], current, answers: exampleAnswers(state.runbook) };
}

function inStatus(state: DrillState, { step }: StepState, status: StepState["status"], catalogue?: Catalogue): Partial<StepState> {
  const values = { ...state.params, ...exampleAnswers(state.runbook) };
  return {
    status,
    round: 1,
    openedAt: launch,
    since: launch,
    closedAt: status === "open" || status === "failing" ? null : launch,
    closedBy: status === "open" ? null : (people[0] ?? null),
    reason: status === "failing" ? "‹what the person wrote, or what went wrong›" : "",
    announced: step.kind === "announce" ? { audience: String(fill(step.audience, values)), text: String(fill(step.text, values)) } : null,
    approval: step.kind === "approval" ? approvalOf(state, step, status, catalogue) : null,
    observation: (step.kind === "check" || (step.kind === "wait" && step.until !== null)) && status !== "open" ? { verdict: status === "passed" ? "passed" : "failed", summary: status === "passed" ? "‹what was seen›" : "‹what was seen, and why it is not what was expected›", diagnosis: [], result: null } : null,
  };
}

function approvalOf(state: DrillState, step: Step, status: StepState["status"], catalogue?: Catalogue): ApprovalState {
  const actions = releasedSteps(state, step.id).flatMap((released) => (released.step.kind === "action" ? [released.step] : []));
  const expires = step.kind === "approval" ? step.expiresMs : 0;
  return {
    status: status === "failing" ? "rejected" : status === "passed" ? "granted" : "asked",
    digest: "0".repeat(64),
    code: "K7QF",
    subject: null,
    previews: actions.map((action) => ({
      action: action.type,
      targets: [{ id: "", name: "‹the servers that Azure names then›" }],
      planDigest: "",
      recoveryPointRule: null,
      undo: catalogue?.actions.get(action.type)?.undo ?? "",
      facts: [{ label: "Starts", value: `${action.title} (${action.type})` }, ...factsOf(fill(action.input, { ...state.params, ...exampleAnswers(state.runbook) }))],
    })),
    approvers: state.roles[step.role] ?? [],
    askedAt: launch,
    expiresAt: new Date(Date.parse(launch) + expires).toISOString(),
    differences: [],
    card: null,
    decisions: status === "failing" ? [{ by: people[1] ?? { id: "", name: "" }, at: launch, decision: "reject", reason: "‹the reason they gave›" }] : [],
  };
}

function factsOf(input: Json): readonly { readonly label: string; readonly value: string }[] {
  return isRecord(input) ? Object.entries(input).map(([label, value]) => ({ label, value: typeof value === "string" ? value : JSON.stringify(value) })) : [];
}

function exampleAnswers(runbook: Runbook): Readonly<Record<string, string>> {
  return Object.fromEntries(runbook.steps.flatMap((step) => answersOf(step).map((a) => [a.name, a.default ?? a.choices[0] ?? `‹${a.label}›`])));
}
