import { aloneFor, quorumsOf } from "../drills/quorum.ts";
import type { ApprovalState, DrillState, StepState } from "../drills/state.ts";
import { box, facts, plain, prose, reasonInput, small, text, type CardJson } from "./card.ts";
import { stillAsked } from "./live-card.ts";
import { at, giveUpButton, retryButton, type StepDialog } from "./step-dialog.ts";
import { between, clockTime, duration, listed } from "../texts/words.ts";

/** What will happen to what, who has decided, and two buttons. Everything shown is what the digest was made from. */
export const approvalDialog: StepDialog = (state, step, now) => {
  const approval = step.approval;
  if (step.status === "failing") return refusedOrGone(step, approval, [retryButton(state, step, "Ask again"), giveUpButton(state)]);
  if (approval === null) {
    return { style: "accent", asks: "reading what would be touched", body: prose(step.step.prose), buttons: [] };
  }
  const data = { ...at(state, step), code: approval.code };
  const number = state.steps.indexOf(step) + 1;
  return {
    style: "accent",
    asks: "your approval is asked",
    body: [
      ...prose(step.step.prose),
      ...whatIsApproved(approval),
      box([
        text(targetNames(approval), { weight: "Bolder" }),
        small(`as read at ${clockTime(approval.askedAt)} · runbook ${state.runbook.hash.slice(0, 7)} · approval code **${approval.code}**`, { spacing: "None" }),
      ]),
      whoDecided(state, step, approval, now),
      reasonInput("Reason (needed to reject)", "for example: month-end run until 22:00"),
    ],
    buttons: [
      { title: "Approve", verb: "approve", data, command: `approve ${number} ${approval.code}`, primary: true },
      { title: "Reject", verb: "reject", data, command: `reject ${number} ${approval.code} because …` },
    ],
  };
};

function whatIsApproved(approval: ApprovalState): readonly CardJson[] {
  if (approval.previews.length === 0) return [text("No action hangs on this approval: it is a decision to go on.")];
  return approval.previews.flatMap((p) => [
    facts(p.facts),
    // Whole, or nobody could say what was approved: the action keeps its texts short enough for a card.
    ...(p.documents ?? []).flatMap((d) => [text(plain(d.title), { weight: "Bolder" }), box([text(plain(d.text, d.text.length), { fontType: "Monospace", size: "Small" })])]),
  ]);
}

function targetNames(approval: ApprovalState): string {
  const names = approval.previews.flatMap((p) => p.targets.map((t) => t.name)).toSorted();
  return names.length === 0 ? "nothing is touched" : names.map((n) => plain(n)).join(" · ");
}

function whoDecided(state: DrillState, step: StepState, approval: ApprovalState, now: Date): CardJson {
  const decided = approval.decisions.map((d) => text(`✓ ${plain(d.by.name)} approved ${clockTime(d.at)}`, { color: "Good", spacing: "Small" }));
  const quorums = step.step.kind === "approval" ? quorumsOf(step.step) : [];
  const missing = quorums.reduce((sum, q) => sum + q.quorum, 0) - approval.decisions.length;
  const each = quorums.length > 1 ? ` (needed: ${quorums.map((q) => `${q.quorum} of ${plain(q.role)}`).join(" and ")})` : "";
  const alone = aloneFor(state, step.step.id).map((p) => plain(p.name));
  return {
    type: "ColumnSet",
    spacing: "Medium",
    columns: [
      {
        type: "Column",
        width: "stretch",
        items: [...decided, ...(missing > 0 ? [small(`○ ${missing} more of: ${listed(stillAsked(state, approval), "or")}${each}`)] : []), ...(alone.length > 0 ? [small(`Standing authority, alone: ${listed(alone, "or")}`)] : [])],
      },
      {
        type: "Column",
        width: "auto",
        items: [text(`expires in ${duration(between(now.toISOString(), approval.expiresAt))}`, { size: "Small", weight: "Bolder", horizontalAlignment: "Right" })],
      },
    ],
  };
}

function refusedOrGone(step: StepState, approval: ApprovalState | null, buttons: ReturnType<StepDialog>["buttons"]): ReturnType<StepDialog> {
  const said = (asks: string, lines: readonly string[]): ReturnType<StepDialog> => ({
    style: "attention",
    asks,
    body: [...lines.map((l) => text(l)), reasonInput("Reason (needed to end the drill)", "for example: we try again on Thursday")],
    buttons,
  });
  if (step.blocked !== null) return said("could not be asked", [plain(step.blocked.message), `**Try:** ${plain(step.blocked.action)}`]);
  if (approval?.status === "voided") {
    return said("approval is void", ["What was approved is no longer what would happen:", ...approval.differences.map((d) => plain(d)), "Nothing was sent."]);
  }
  if (approval?.status === "expired") return said("approval expired", ["Nobody's silence is a yes: nothing was sent."]);
  const reject = approval?.decisions.find((d) => d.decision === "reject");
  return said("rejected", [`**${plain(reject?.by.name ?? "An approver")}** rejected it: ${plain(reject?.reason ?? "")}`, "Nothing was sent."]);
}
