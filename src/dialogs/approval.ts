import { aloneFor, quorumsOf } from "../drills/quorum.ts";
import type { ApprovalState, DrillState, StepState } from "../drills/state.ts";
import { box, facts, messageOf, plain, prose, reasonInput, small, text, type CardJson } from "./card.ts";
import { stillAsked } from "./live-card.ts";
import { at, giveUpButton, retryButton, type StepDialog } from "./step-dialog.ts";
import { dateAndTimeToken, universal } from "../texts/reader.ts";
import { between, clockTime } from "../texts/words.ts";
import { approvalTexts as t } from "../texts/approval.ts";
import { buttons } from "../texts/buttons.ts";
import { cardTexts, reasons } from "../texts/card.ts";
import { asks } from "../texts/steps.ts";

/** From here on the time alone could be that of the next day. */
const halfADayMs = 12 * 3_600_000;

/** What will happen to what, who has decided, and two buttons. Everything shown is what the digest was made from. */
export const approvalDialog: StepDialog = (state, step) => {
  const approval = step.approval;
  if (step.status === "failing") return refusedOrGone(step, approval, [retryButton(state, step, buttons.askAgain), giveUpButton(state)]);
  if (approval === null) {
    return { style: "accent", asks: asks.readingTargets, body: prose(step.step.prose), buttons: [] };
  }
  const data = { ...at(state, step), code: approval.code };
  const number = state.steps.indexOf(step) + 1;
  return {
    style: "accent",
    asks: asks.approval,
    body: [
      ...prose(step.step.prose),
      ...whatIsApproved(approval),
      box([
        text(targetNames(approval), { weight: "Bolder" }),
        small(t.readAt(clockTime(approval.askedAt), state.runbook.hash.slice(0, 7), approval.code), { spacing: "None" }),
      ]),
      whoDecided(state, step, approval),
      reasonInput(reasons.toReject),
    ],
    buttons: [
      { ...buttons.approve(number, approval.code), verb: "approve", data, primary: true },
      { ...buttons.reject(number, approval.code), verb: "reject", data },
    ],
  };
};

/** The same in words, for whoever approves by them: every fact, every text and every target, whole. */
export function approvedInWords(approval: ApprovalState): string {
  return messageOf({ body: [...whatIsApproved(approval), text(targetNames(approval))] }, universal);
}

function whatIsApproved(approval: ApprovalState): readonly CardJson[] {
  if (approval.previews.length === 0) return [text(t.noAction)];
  return approval.previews.flatMap((p) => [
    facts(p.facts),
    // Whole, or nobody could say what was approved: the action keeps its texts short enough for a card.
    ...(p.documents ?? []).flatMap((d) => [text(plain(d.title), { weight: "Bolder" }), box([text(plain(d.text, d.text.length), { fontType: "Monospace", size: "Small" })])]),
  ]);
}

function targetNames(approval: ApprovalState): string {
  const names = [...new Set(approval.previews.flatMap((p) => p.targets.map((t) => t.name)))].toSorted();
  return names.length === 0 ? t.nothingTouched : names.map((n) => plain(n)).join(" · ");
}

function whoDecided(state: DrillState, step: StepState, approval: ApprovalState): CardJson {
  const decided = approval.decisions.map((d) => text(t.approved(plain(d.by.name), clockTime(d.at)), { color: "Good", spacing: "Small" }));
  const quorums = step.step.kind === "approval" ? quorumsOf(step.step) : [];
  const missing = quorums.reduce((sum, q) => sum + q.quorum, 0) - approval.decisions.length;
  const each = quorums.length > 1 ? t.needed(quorums.map((q) => ({ quorum: q.quorum, role: plain(q.role) }))) : "";
  const alone = aloneFor(state, step.step.id).map((p) => plain(p.name));
  return {
    type: "ColumnSet",
    spacing: "Medium",
    columns: [
      {
        type: "Column",
        width: "stretch",
        items: [...decided, ...(missing > 0 ? [small(t.missing(missing, stillAsked(state, approval), each))] : []), ...(alone.length > 0 ? [small(t.alone(alone))] : [])],
      },
      {
        type: "Column",
        width: "auto",
        items: [text(t.expires(expiry(approval)), { size: "Small", weight: "Bolder", horizontalAlignment: "Right" })],
      },
    ],
  };
}

/** A moment and no time that is left: the card would be edited each minute, and an edit takes away the reason that somebody is typing. */
function expiry({ askedAt, expiresAt }: ApprovalState): string {
  return between(askedAt, expiresAt) < halfADayMs ? clockTime(expiresAt) : dateAndTimeToken(expiresAt);
}

function refusedOrGone(step: StepState, approval: ApprovalState | null, buttons: ReturnType<StepDialog>["buttons"]): ReturnType<StepDialog> {
  const said = (what: string, lines: readonly string[]): ReturnType<StepDialog> => ({
    style: "attention",
    asks: what,
    body: [...lines.map((l) => text(l)), reasonInput(reasons.toEnd)],
    buttons,
  });
  if (step.blocked !== null) return said(asks.approvalNotAsked, [plain(step.blocked.message), cardTexts.tryThis(plain(step.blocked.action))]);
  if (approval?.status === "voided") {
    return said(asks.approvalVoid, [t.changed, ...approval.differences.map((d) => plain(d, Infinity)), t.nothingSent]);
  }
  if (approval?.status === "expired") return said(asks.approvalExpired, [t.silence]);
  const reject = approval?.decisions.find((d) => d.decision === "reject");
  return said(asks.rejected, [t.rejectedBy(plain(reject?.by.name ?? t.anApprover), plain(reject?.reason ?? "")), t.nothingSent]);
}
