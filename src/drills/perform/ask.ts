import { DrillbookError } from "../../errors.ts";
import type { ApprovalStep } from "../../runbooks/runbook.ts";
import { approvalSubject, releasedActions } from "../approval.ts";
import { codeOf, digestOf } from "../digest.ts";
import type { Person, Preview } from "../events.ts";
import { aloneFor, isReached, quorumsOf } from "../quorum.ts";
import { isOver, stepOf, type DrillState } from "../state.ts";
import { actionNamed, onRecord, problemOf, refuseMisfit, type Hands, type Of } from "./hands.ts";
import { drillRefusals } from "../../texts/refusals.ts";

/**
 * Reads what the approval would release, and records the question with the digest that the answer binds to. What cannot be read
 * blocks the step: nobody is asked to approve what was not seen.
 */
export async function ask(effect: Of<"ask">, hands: Hands): Promise<void> {
  const { step: id, round } = effect;
  const state = hands.state();
  const step = stepOf(state, id)?.step;
  if (step?.kind !== "approval") return;
  const { look, requests } = onRecord(hands);
  try {
    const approvers = approversOf(state, step);
    const released: { action: (typeof actions)[number]; preview: Preview }[] = [];
    // Void at its second action, an approval is asked again: what has run is done, and could often not begin now.
    const actions = releasedActions(state, id).filter(({ step: released }) => !isOver(stepOf(state, released)));
    for (const action of actions) refuseMisfit(actionNamed(action.action, hands).facts, action.input);
    for (const action of actions) released.push({ action, preview: await actionNamed(action.action, hands).preview(action.input, look) });
    const expiresAt = new Date(hands.clock().getTime() + step.expiresMs).toISOString();
    const subject = approvalSubject(state, step, round, expiresAt, released);
    const digest = digestOf(subject);
    const previews = released.map((r) => r.preview);
    await hands.commit({ type: "asked", by: null, step: id, round, digest, code: codeOf(digest), subject, previews, approvers, expiresAt, requests });
  } catch (thrown) {
    await hands.commit({ type: "blocked", by: null, step: id, round, problem: problemOf(thrown), requests });
  }
}

/** Everybody who is asked. Throws `not-now` when they could never be enough. */
function approversOf(state: DrillState, step: ApprovalStep): readonly Person[] {
  const quorums = quorumsOf(step);
  const alone = aloneFor(state, step.id);
  const asked = unique([...quorums.flatMap(({ role }) => state.roles[role] ?? []), ...alone]);
  const able = asked.filter((p) => !state.performers.some((other) => other.id === p.id));
  if (alone.length > 0 || isReached(quorums, able, state.roles)) return asked;
  const short = quorums.find(({ role, quorum }) => !isReached([{ role, quorum }], able, state.roles))?.role ?? step.role;
  throw new DrillbookError("not-now", ...drillRefusals.tooFewApprovers(quorums, able.length, short));
}

function unique(people: readonly Person[]): readonly Person[] {
  return [...new Map(people.map((p) => [p.id, p])).values()];
}
