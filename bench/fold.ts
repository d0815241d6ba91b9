import { fold } from "../src/drills/evolve.ts";
import type { DrillEvent, EventBody } from "../src/drills/events.ts";
import type { Runbook, Step } from "../src/runbooks/runbook.ts";
import { cost, medianMs } from "./figure.ts";
import type { Bench } from "./figure.ts";

const events = 10_000;
const shortEvents = 1_000;

/**
 * Folding a long drill, against the time that it may take; and what an event of it costs, against an event of a drill a tenth
 * as long. The history grows in everything that can grow: attempts, operations, debts, notes, findings.
 */
export const folding: Bench = {
  name: "fold",
  run: async (effort) => {
    const history = longDrill(events);
    const short = longDrill(shortEvents);
    // As many events in both, so that a busy machine takes its turns away from both alike.
    const shorts = Array.from({ length: events / shortEvents }, () => short);
    const times = medianMs(effort === "quick" ? 3 : 31, { long: () => fold(history), short: () => shorts.forEach((one) => fold(one)) });
    return [
      cost(`folding a drill of ${events} events`, "ms", times.long, 50, 1),
      cost(`one of its events, beside one of ${shortEvents}`, "ns", (times.long / events) * 1e6, (times.short / events) * 1e6, 2),
    ];
  },
};

function longDrill(length: number): readonly DrillEvent[] {
  const by = { id: "olivia", name: "Olivia Okafor" };
  const bodies: EventBody[] = [{ type: "drill.launched", runbook, params: {}, mode: "test", purpose: "exercise", roles: { operator: [by] }, conversation: null }, { type: "step.opened", step: "step-150", round: 1 }];
  for (let round = 1; bodies.length < length; round += 1) bodies.push(...attempt(round, by));
  return bodies.slice(0, length).map((body, i) => ({ v: 1, drill: "PAY-0001", seq: i + 1, at: new Date(1_800_000_000_000 + i * 1_000).toISOString(), by, ...body }));
}

function attempt(round: number, owner: { readonly id: string; readonly name: string }): readonly EventBody[] {
  const step = "step-150";
  const operation = `${step}#${round}`;
  const servers = Array.from({ length: 10 }, (_, i) => ({ name: `payroll-${i}`, outcome: "running" as const, detail: "", testServer: null }));
  return [
    { type: "operation.intended", operation, step, action: "fail-over", input: {}, tag: operation, sendBy: "", undoOf: null, undo: { action: "clean-up", input: {} }, requests: [] },
    { type: "operation.started", operation, handle: "job", adopted: false, requests: [] },
    { type: "operation.progressed", operation, summary: "half", tasks: [], servers, requests: [] },
    { type: "operation.ended", operation, outcome: "failed", summary: "one failed", tasks: [], servers, problems: [], requests: [] },
    { type: "note.added", step, text: "seen" },
    { type: "finding.recorded", finding: `F${round}`, step, text: "again", owner, due: "2027-01-01" },
    { type: "step.retried", step, round: round + 1, reason: "again" },
  ];
}

const steps = Array.from({ length: 200 }, (_, i): Step => ({
  kind: "action", id: `step-${i}`, title: `Step ${i}`, phase: "Phase", prose: [], line: i + 1, role: "operator", plannedMs: null, guard: false, onFail: "ask", type: "fail-over", input: {},
}));

const runbook: Runbook = {
  format: 1, id: "long", hash: "0".repeat(64), title: "A long drill", summary: [], mode: "test", purpose: "exercise", owner: "dr@contoso.example", objectives: [], parameters: [], roles: {}, steps,
};
