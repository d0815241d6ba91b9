import type { QualificationStep, StepSeen } from "./run.ts";

/** One thing that Azure does otherwise than the simulator. `safety`: something that keeps a second start or a silent failure away rests on it. */
export type Difference = { readonly step: string; readonly what: string; readonly azure: string; readonly simulator: string; readonly safety: boolean };

/** Whether a qualification holds, what speaks against it, and how Azure differs from the simulator. */
export type Verdict = { readonly qualified: boolean; readonly reasons: readonly string[]; readonly differences: readonly Difference[] };

/** Judges what Azure showed, beside what the simulator shows of the same steps. Differences alone do not disqualify; a safety rule that does not hold does. */
export function judge(azure: readonly StepSeen[], simulator: readonly StepSeen[], required: readonly QualificationStep[]): Verdict {
  const reasons = [...required.flatMap((step) => failure(azure, step)), ...safety(azure)];
  const differences = azure.flatMap((one) => {
    const other = simulator.find(({ step }) => step === one.step);
    return other === undefined ? [] : differencesOf(one, other);
  });
  return { qualified: reasons.length === 0, reasons, differences };
}

function failure(azure: readonly StepSeen[], step: StepSeen["step"]): readonly string[] {
  const seen = azure.find((one) => one.step === step);
  if (seen === undefined) return [`${step} was not run.`];
  return seen.outcome === "succeeded" ? [] : [`${step} ${seen.outcome}: ${seen.summary}`];
}

/** What no guess of the simulator may prove alone. */
function safety(azure: readonly StepSeen[]): readonly string[] {
  const ended = azure.filter(({ outcome }) => outcome === "succeeded");
  const lost = ended.filter(({ foundByTag }) => !foundByTag).map(({ step }) => `${step}: the job cannot be found by its client-request id, so a lost answer could not be cleared up.`);
  const tested = ended.find(({ step }) => step === "test-failover")?.after;
  const blocks = tested?.allowedOperations.filter((word) => /^(Planned|Unplanned|Test)Failover$/.test(word)) ?? [];
  const second = blocks.length === 0 ? [] : [`After a test failover Azure still allows ${blocks.join(", ")}: a second start would not be refused.`];
  return [...lost, ...second];
}

function differencesOf(azure: StepSeen, simulator: StepSeen): readonly Difference[] {
  const rows: readonly (readonly [what: string, of: (one: StepSeen) => string, safety: boolean])[] = [
    ["found by its client-request id", (one) => String(one.foundByTag), true],
    ["last state of the job", (one) => one.jobStates.at(-1) ?? "", true],
    ["operations allowed afterwards", (one) => one.after?.allowedOperations.join(", ") ?? "not read", true],
    ["what is under way afterwards", (one) => one.after?.scenario ?? "not read", true],
    ["names of the scenario", (one) => one.scenarioNames.filter((name) => name !== "").join(", "), false],
    ["tasks", (one) => one.tasks.join("; "), false],
    ["protection state", (one) => one.after?.protectionState ?? "", false],
    ["test failover state", (one) => one.after?.testFailoverState ?? "", false],
    ["active location", (one) => one.after?.activeLocation ?? "", false],
  ];
  return rows.flatMap(([what, of, matters]) => (of(azure) === of(simulator) ? [] : [{ step: azure.step, what, azure: of(azure), simulator: of(simulator), safety: matters }]));
}
