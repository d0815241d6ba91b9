import type { DrillEvent, DrillResult } from "../../../src/drills/events.ts";
import type { Runbook } from "../../../src/runbooks/runbook.ts";

const runbook: Runbook = {
  format: 1,
  id: "payroll-test-failover",
  hash: "ab".repeat(32),
  title: "Payroll test failover",
  summary: [],
  mode: "test",
  purpose: "exercise",
  owner: "dr-team@contoso.example",
  objectives: [],
  parameters: [],
  roles: {},
  steps: [],
};

const olivia = { id: "p-olivia", name: "Olivia Okafor" };

export function launched(drill: string, { at = "2026-11-20T11:00:01.000Z" } = {}): DrillEvent {
  return {
    v: 1, drill, seq: 1, at, by: olivia, type: "drill.launched", runbook, params: {}, mode: "rehearsal", purpose: "exercise",
    roles: {}, conversation: null,
  };
}

export function noted(drill: string, seq: number, text = "a note"): DrillEvent {
  return { v: 1, drill, seq, at: "2026-11-20T11:00:02.000Z", by: olivia, type: "note.added", step: null, text };
}

export function ended(drill: string, seq: number, result: DrillResult): DrillEvent {
  return { v: 1, drill, seq, at: "2026-11-20T11:00:03.000Z", by: null, type: "drill.ended", result };
}
