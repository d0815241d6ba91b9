import type { DrillEvent } from "../src/drills/events.ts";
import { sha256 } from "../src/evidence/hash.ts";
import type { Runbook } from "../src/runbooks/runbook.ts";

export const source = Buffer.from("# Long drill\n");

const runbook: Runbook = {
  format: 1, id: "long-drill", hash: sha256(source), title: "Long drill", summary: [], mode: "test", purpose: "exercise", owner: "dr-team@contoso.example",
  objectives: [], parameters: [], roles: { operator: "dr-operators" },
  steps: [{ kind: "action", type: "wait", input: null, id: "one", title: "The one step", phase: "Phase", prose: [], line: 1, role: "operator", plannedMs: null, guard: false, onFail: "ask" }],
};

const person = { id: "11111111-2222-4333-8444-555555555555", name: "Olivia Okafor" };
const began = Date.parse("2026-03-01T10:00:00.000Z");

const operation = "one#1";

/** A drill of so many events of about 500 bytes: a launch, a step, an operation, and its progress. */
export function drillOf(count: number): readonly DrillEvent[] {
  const common = (seq: number) => ({ v: 1 as const, drill: "D-1", seq, at: new Date(began + seq * 1_000).toISOString() });
  const requests = [{ at: "2026-03-01T10:00:00.000Z", method: "GET", path: "/subscriptions/1/jobs/2", status: 200, clientRequestId: person.id, requestId: person.id, correlationId: person.id, bodySha256: null, durationMs: 12 }];
  const begins: readonly DrillEvent[] = [
    { ...common(1), by: person, type: "drill.launched", runbook, params: {}, mode: "test", purpose: "exercise", roles: { operator: [person] }, conversation: null },
    { ...common(2), by: null, type: "step.opened", step: "one", round: 1 },
    { ...common(3), by: null, type: "operation.intended", operation, step: "one", action: "wait", input: null, tag: person.id, sendBy: "2026-03-01T10:01:00.000Z", undoOf: null, undo: null, requests: [] },
  ];
  const progress = Array.from({ length: Math.max(count - begins.length, 0) }, (_, i): DrillEvent => ({
    ...common(i + 4), by: null, type: "operation.progressed", operation, summary: `${i} seconds under way`, tasks: [], servers: [], requests,
  }));
  return [...begins, ...progress].slice(0, count);
}
