import type { DrillEvent } from "../../drills/events.ts";
import { titleOf, type ApprovalRecord, type Moment } from "./transcript.ts";

type Growing = { -readonly [K in keyof ApprovalRecord]: ApprovalRecord[K] };

/** Every time an approval was asked, with what was shown and what became of it. */
export function approvalsOf(moments: readonly Moment[]): readonly ApprovalRecord[] {
  const records: Growing[] = [];
  const latest = new Map<string, Growing>();
  for (const moment of moments) {
    const { event } = moment;
    if (event.type === "approval.asked") {
      const record = asked(moment, event);
      records.push(record);
      latest.set(event.step, record);
      continue;
    }
    const record = "step" in event && event.step !== null ? latest.get(event.step) : undefined;
    if (record !== undefined) follow(record, event, moment);
  }
  return records;
}

function asked({ after }: Moment, event: Extract<DrillEvent, { type: "approval.asked" }>): Growing {
  const step = after.steps.find((s) => s.step.id === event.step)?.step;
  return {
    title: titleOf(after, event.step),
    round: event.round,
    askedAt: event.at,
    expiresAt: event.expiresAt,
    quorum: step?.kind === "approval" ? step.quorum : 0,
    approvers: event.approvers,
    digest: event.digest,
    code: event.code,
    previews: event.previews,
    card: null,
    decisions: [],
    outcome: "open",
    differences: [],
  };
}

function follow(record: Growing, event: DrillEvent, { after }: Moment): void {
  switch (event.type) {
    case "approval.shown":
      record.card = event.card;
      return;
    case "approval.decided": {
      const { at, decision, reason } = event;
      record.decisions = [...record.decisions, { at, by: event.by?.name ?? "", decision, reason }];
      const status = after.steps.find((s) => s.step.id === event.step)?.approval?.status;
      if (status === "granted" || status === "rejected") record.outcome = status;
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
