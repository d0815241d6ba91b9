import type { DrillEvent } from "../../drills/events.ts";
import type { DrillState } from "../../drills/state.ts";
import type { ApprovalRecord } from "./records.ts";
import { titleOf } from "./title.ts";

type Growing = { -readonly [K in keyof ApprovalRecord]: ApprovalRecord[K] };

/** Every time an approval was asked, with what was shown and what became of it. */
export function approvalsOf(events: readonly DrillEvent[], state: DrillState): readonly ApprovalRecord[] {
  const records: Growing[] = [];
  const latest = new Map<string, Growing>();
  for (const event of events) {
    if (event.type === "approval.asked") {
      const record = asked(event, state);
      records.push(record);
      latest.set(event.step, record);
      continue;
    }
    const record = "step" in event && event.step !== null ? latest.get(event.step) : undefined;
    if (record !== undefined) follow(record, event);
  }
  return records;
}

function asked(event: Extract<DrillEvent, { type: "approval.asked" }>, state: DrillState): Growing {
  const step = state.steps.find((s) => s.step.id === event.step)?.step;
  return {
    title: titleOf(state, event.step),
    round: event.round,
    askedAt: event.at,
    expiresAt: event.expiresAt,
    quorum: step?.kind === "approval" ? step.quorum : 0,
    approvers: event.approvers,
    digest: event.digest,
    code: event.code,
    previews: event.previews,
    card: null,
    seq: event.seq,
    shownSeq: null,
    decisions: [],
    outcome: "open",
    differences: [],
  };
}

function follow(record: Growing, event: DrillEvent): void {
  switch (event.type) {
    case "approval.shown":
      record.card = event.card;
      record.shownSeq = event.seq;
      return;
    case "approval.decided": {
      const { at, decision, reason } = event;
      record.decisions = [...record.decisions, { at, by: event.by?.name ?? "", decision, reason }];
      if (decision === "reject") record.outcome = "rejected";
      else if (record.decisions.filter((d) => d.decision === "approve").length >= record.quorum) record.outcome = "granted";
      return;
    }
    case "approval.expired":
      record.outcome = "expired";
      return;
    case "approval.voided":
      record.outcome = "voided";
      record.differences = event.differences;
  }
}
