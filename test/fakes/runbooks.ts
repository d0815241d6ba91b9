import type { ActionStep, AnnounceStep, ApprovalStep, AskStep, DecideStep, CheckStep, ChecklistStep, ManualStep, Runbook, Step, WaitStep } from "../../src/runbooks/runbook.ts";

type Common = Omit<ManualStep, "kind" | "id" | "title">;
const common: Common = { phase: "Phase", prose: [], line: 1, role: "operator", plannedMs: null, guard: false, onFail: "ask" };

export const manual = (id: string, more: Partial<ManualStep> = {}): ManualStep => ({ ...common, kind: "manual", id, title: `Do ${id}`, ...more });
export const checklist = (id: string, items: readonly string[], more: Partial<ChecklistStep> = {}): ChecklistStep => ({ ...common, kind: "checklist", id, title: `Tick ${id}`, items, ...more });
export const check = (id: string, more: Partial<CheckStep> = {}): CheckStep => ({ ...common, kind: "check", id, title: `Check ${id}`, type: "fake-check", input: { target: "${plan}" }, ...more });
export const action = (id: string, more: Partial<ActionStep> = {}): ActionStep => ({ ...common, kind: "action", id, title: `Act ${id}`, type: "fake-action", input: { plan: "${plan}" }, ...more });
export const approval = (id: string, more: Partial<ApprovalStep> = {}): ApprovalStep => ({ ...common, kind: "approval", id, title: `Approve ${id}`, role: "approver", quorum: 2, expiresMs: 30 * 60_000, escalate: null, ...more });

export const ask = (id: string, answers: AskStep["answers"], more: Partial<AskStep> = {}): AskStep => ({ ...common, kind: "ask", id, title: `Ask ${id}`, answers, ...more });
export const decision = (id: string, name: string, more: Partial<DecideStep> = {}): DecideStep => ({ ...common, kind: "decide", id, title: `Decide ${id}`, name, options: [{ key: "east", label: "East" }, { key: "west", label: "West" }], ...more });

export const wait = (id: string, more: Partial<WaitStep> = {}): WaitStep => ({ ...common, kind: "wait", id, title: `Wait ${id}`, forMs: 600_000, until: null, ...more });
export const announcement = (id: string, more: Partial<AnnounceStep> = {}): AnnounceStep => ({ ...common, kind: "announce", id, title: `Announce ${id}`, audience: "Staff", text: "We test ${plan}.", ...more });

export function runbookOf(steps: readonly Step[], more: Partial<Runbook> = {}): Runbook {
  return {
    format: 1,
    id: "payroll-test-failover",
    hash: "0".repeat(64),
    title: "Payroll test failover",
    summary: [],
    mode: "test",
    purpose: "exercise",
    owner: "dr-team@contoso.example",
    objectives: [],
    parameters: [{ name: "plan", type: "recovery-plan", label: "Recovery plan", choices: [], default: null }],
    roles: { operator: "dr-operators", approver: "service-owners" },
    steps,
    ...more,
  };
}

export const olivia = { id: "olivia", name: "Olivia Okafor" };
export const amir = { id: "amir", name: "Amir Haddad" };
export const bea = { id: "bea", name: "Bea Lind" };
export const ravi = { id: "ravi", name: "Ravi Menon" };
export const roles = { operator: [olivia], owner: [olivia], approver: [amir, bea], reviewer: [ravi] };
