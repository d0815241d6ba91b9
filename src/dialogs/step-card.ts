import { isByPeople, type Kind } from "../runbooks/runbook.ts";
import type { DrillState, StepState } from "../drills/state.ts";
import { actionDialog } from "./action.ts";
import { announceDialog } from "./announce.ts";
import { approvalDialog } from "./approval.ts";
import { askDialog } from "./ask.ts";
import { beforeInputs, card, closedCard, plain, small, text, type CardJson, type Shown, type Style } from "./card.ts";
import { checkDialog, seen } from "./check.ts";
import { checklistDialog } from "./checklist.ts";
import { decideDialog } from "./decide.ts";
import { detailOf } from "./live-card.ts";
import { manualDialog } from "./manual.ts";
import { pictures } from "./pictures.ts";
import type { StepDialog } from "./step-dialog.ts";
import { waitDialog } from "./wait.ts";
import { clockTime, kindOfEvent, listed } from "../texts/words.ts";
import { closedWords, stepTexts } from "../texts/steps.ts";

/** More names than these are a role and a number. */
const mostNamed = 3;

/** What each kind of step shows while it waits. A new kind is one file and one line here. */
const stepDialogs = {
  manual: manualDialog,
  checklist: checklistDialog,
  check: checkDialog,
  action: actionDialog,
  approval: approvalDialog,
  ask: askDialog,
  decide: decideDialog,
  wait: waitDialog,
  announce: announceDialog,
} satisfies Record<Kind, StepDialog>;

/** The card of one step: with buttons while it waits, a line without any once it is closed. */
export function stepCard(state: DrillState, step: StepState, now: Date): Shown {
  const number = state.steps.findIndex((s) => s.step.id === step.step.id) + 1;
  const attempt = step.round > 1 ? stepTexts.attempt(step.round) : "";
  const subtitle = stepTexts.where(state.id, number, state.steps.length, plain(step.step.phase), attempt);
  if (state.status === "running" && (step.status === "open" || step.status === "failing")) {
    const drawn = stepDialogs[step.step.kind](state, step, now);
    const buttons = state.open.length > 1 ? drawn.buttons.map((b) => ({ ...b, command: named(b.command, number) })) : drawn.buttons;
    const style = state.purpose === "incident" ? "attention" : drawn.style;
    return card({ ...drawn, buttons, style, body: beforeInputs(drawn.body, escalationLines(state, step)), kicker: `${kindOfEvent(state.purpose, state.mode)} · ${drawn.asks}`, title: step.step.title, subtitle: `${subtitle}${turnOf(state, step)}` });
  }
  const closed = closedLooks[step.status];
  return closedCard({ ...closed, title: step.step.title, subtitle: `${state.mode === "rehearsal" ? stepTexts.rehearsal : ""}${closedWords[step.status]} · ${subtitle}`, body: closedBody(state, step) });
}

/** Whose turn it is, and since when: a card in a chat of many is read by all of them. */
function turnOf(state: DrillState, found: StepState): string {
  const { step, assignee, since, openedAt, status } = found;
  const began = since ?? openedAt;
  if (began === null) return "";
  const role = status === "failing" ? "operator" : isByPeople(step) ? step.role : null;
  // Whoever was told may decide what now, as the operators may.
  const told = status === "failing" ? escalationsOf(state, found) : [];
  const roles = [...(role === null ? [] : [role]), ...told.map((e) => e.role)];
  const people = [...new Set([...(state.roles[role ?? ""] ?? []), ...told.flatMap((e) => e.people)].map((p) => plain(p.name)))];
  const named = assignee !== null && status === "open" ? plain(assignee.name) : people.length > mostNamed ? stepTexts.anyOf(people.length, listed(roles.map((r) => plain(r)), "or")) : listed(people, "or");
  return stepTexts.turn(named, clockTime(began));
}

/** Where several steps are open, what can be typed names the one that is meant. */
function named(command: string, number: number): string {
  if (/^(?:answer|choose) /.test(command)) return command.replace(" ", ` ${number}: `);
  return command.replace(/^(done|failed|skip|retry|continue|look again|not started|azure may go on)\b/, `$1 ${number}`).replace(/^keep all\b/, `$& of ${number}`);
}

/** Who was told because nobody answered in time. */
function escalationLines(state: DrillState, step: StepState): readonly CardJson[] {
  return escalationsOf(state, step).map((e) => text(stepTexts.told(clockTime(e.at), listed(e.people.map((p) => plain(p.name))), plain(e.role), plain(e.reason)), { size: "Small", spacing: "Small" }));
}

function escalationsOf(state: DrillState, { step, round }: StepState): DrillState["escalations"] {
  return state.escalations.filter((e) => e.step === step.id && e.round === round);
}

const closedLooks: Record<StepState["status"], { readonly mark: string; readonly style: Style }> = {
  pending: { mark: "○", style: "emphasis" },
  open: { mark: "–", style: "emphasis" },
  failing: { mark: "✗", style: "attention" },
  passed: { mark: "✓", style: "emphasis" },
  failed: { mark: "✗", style: "attention" },
  skipped: { mark: "–", style: "warning" },
  "left-out": { mark: "·", style: "emphasis" },
  continued: { mark: "!", style: "warning" },
};

function closedBody(state: DrillState, step: StepState): readonly CardJson[] {
  const detail = detailOf(state, step);
  if (step.announced !== null) return [small(stepTexts.to(plain(step.announced.audience))), text(plain(step.announced.text, 2_100)), ...(detail === "" ? [] : [small(detail)])];
  return [...(detail === "" ? [] : [text(detail, { spacing: "Medium" })]), ...(step.observation === null ? [] : seen(step.observation)), ...pictures(state, step), ...whatNow(state, step)];
}

/** A guard that failed before anything was started: the drill is over, and the card is the last that people see of it. */
function whatNow(state: DrillState, step: StepState): readonly CardJson[] {
  if (step.status !== "failed" || !step.step.guard || state.operations.length > 0) return [];
  return [text(stepTexts.guardFailed, { spacing: "Medium" })];
}
