import type { PastDrill } from "./past-drill.ts";

/** A recovery plan that Azure shows now, with its servers by name. */
export type KnownPlan = { readonly id: string; readonly name: string; readonly servers: readonly string[]; /** Build by server (name in lower case), where Azure tells it now. */ readonly builds?: Readonly<Record<string, string>> };
/** `everyMs`: how often it is to be drilled; `dueAt`: the last date of its calendar that has passed. null: nobody said. */
export type KnownRunbook = { readonly id: string; readonly title: string; readonly version: string; readonly everyMs: number | null; readonly dueAt: string | null };

/** `never`: not once for real. `failed`: the last time ended badly. `changed`: something is not what was exercised. `old`: it is time again. */
export type CoverageState = "current" | "never" | "failed" | "changed" | "old";

export type CoverageRow = {
  readonly kind: "runbook" | "plan" | "server";
  readonly name: string;
  /** The plan of a server; empty for everything else. */
  readonly within: string;
  readonly state: CoverageState;
  readonly lastDrill: string;
  readonly lastAt: string;
  readonly result: string;
  readonly version: string;
  readonly why: string;
};

export type CoverageInput = { readonly plans: readonly KnownPlan[]; readonly runbooks: readonly KnownRunbook[]; readonly drills: readonly PastDrill[]; readonly now: Date };

const good = new Set(["passed", "passed-with-findings"]);

/**
 * When everything was last exercised for real, and what has changed since. Rehearsals never count. What is worst comes first
 * within each kind.
 */
export function coverageOf({ plans, runbooks, drills, now }: CoverageInput): readonly CoverageRow[] {
  const real = drills.filter((drill) => drill.mode !== "rehearsal").toSorted((a, b) => a.endedAt.localeCompare(b.endedAt));
  const lastOfRunbook = new Map(real.map((drill) => [drill.runbook, drill]));
  const lastOfPlan = new Map(real.flatMap((drill) => drill.plans.map((plan) => [plan, drill] as const)));
  const known = new Map(runbooks.map((runbook) => [runbook.id, runbook]));
  const rows = [
    ...runbooks.map((runbook) => runbookRow(runbook, lastOfRunbook.get(runbook.id), now)),
    ...plans.flatMap((plan) => {
      const last = lastOfPlan.get(plan.id.toLowerCase());
      return [planRow(plan, last, known), ...plan.servers.map((server) => serverRow(server, plan, last))];
    }),
  ];
  const order: readonly CoverageState[] = ["never", "failed", "changed", "old", "current"];
  return rows.toSorted((a, b) => a.kind.localeCompare(b.kind) || order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name));
}

function runbookRow(runbook: KnownRunbook, last: PastDrill | undefined, now: Date): CoverageRow {
  const row = { kind: "runbook" as const, name: runbook.id, within: "", ...told(last) };
  if (last === undefined) return { ...row, state: "never", why: "never run for real" };
  if (!good.has(last.result)) return { ...row, state: "failed", why: `its last drill ${last.result}` };
  if (last.version !== runbook.version) return { ...row, state: "changed", why: "the runbook was edited since" };
  const age = now.getTime() - Date.parse(last.endedAt);
  if (runbook.dueAt !== null && last.endedAt < runbook.dueAt) return { ...row, state: "old", why: `last run ${days(age)} days ago, was due on ${runbook.dueAt.slice(0, 10)}` };
  if (runbook.everyMs !== null && age > runbook.everyMs) return { ...row, state: "old", why: `last run ${days(age)} days ago, due every ${days(runbook.everyMs)}` };
  return { ...row, state: "current", why: "" };
}

const days = (ms: number): number => Math.floor(ms / 86_400_000);

function planRow(plan: KnownPlan, last: PastDrill | undefined, runbooks: ReadonlyMap<string, KnownRunbook>): CoverageRow {
  const row = { kind: "plan" as const, name: plan.name, within: "", ...told(last) };
  if (last === undefined) return { ...row, state: "never", why: "no drill has started it for real" };
  if (!good.has(last.result)) return { ...row, state: "failed", why: `its last drill ${last.result}` };
  const exercised = new Set(last.servers.map(({ name }) => name.toLowerCase()));
  const fresh = plan.servers.filter((server) => !exercised.has(server.toLowerCase()));
  const now = new Set(plan.servers.map((server) => server.toLowerCase()));
  const gone = last.servers.filter(({ name }) => !now.has(name.toLowerCase())).map(({ name }) => name);
  const edited = runbooks.get(last.runbook);
  const changes = [
    ...(fresh.length > 0 ? [`new: ${fresh.join(", ")}`] : []),
    ...(gone.length > 0 ? [`gone: ${gone.join(", ")}`] : []),
    ...(edited !== undefined && edited.version !== last.version ? [`${last.runbook} was edited`] : []),
  ];
  return changes.length > 0 ? { ...row, state: "changed", why: `since the last drill, ${changes.join("; ")}` } : { ...row, state: "current", why: "" };
}

function serverRow(server: string, plan: KnownPlan, last: PastDrill | undefined): CoverageRow {
  const row = { kind: "server" as const, name: server, within: plan.name };
  const exercised = last?.servers.find(({ name }) => name.toLowerCase() === server.toLowerCase());
  if (last === undefined || exercised === undefined) return { ...row, ...told(undefined), state: "never", why: last === undefined ? "never started at the recovery side for real" : `not in the plan when ${last.id} ran` };
  if (!exercised.well || !good.has(last.result)) return { ...row, ...told(last), state: "failed", why: exercised.well ? `${last.id} ${last.result}` : `it failed in ${last.id}` };
  const [then, now] = [last.builds[server.toLowerCase()], plan.builds?.[server.toLowerCase()]];
  if (then !== undefined && now !== undefined && then !== now) return { ...row, ...told(last), state: "changed", why: `build ${now} now, ${then} when it was exercised` };
  return { ...row, ...told(last), state: "current", why: "" };
}

function told(last: PastDrill | undefined): Pick<CoverageRow, "lastDrill" | "lastAt" | "result" | "version"> {
  return { lastDrill: last?.id ?? "", lastAt: last?.endedAt ?? "", result: last?.result ?? "", version: last?.version.slice(0, 12) ?? "" };
}

/** Names that a spreadsheet would take for a formula stay text. */
export function coverageCsv(rows: readonly CoverageRow[]): string {
  const columns = ["kind", "name", "within", "state", "lastDrill", "lastAt", "result", "version", "why"] as const;
  const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return `${[columns.join(","), ...rows.map((row) => columns.map((column) => cell(row[column])).join(","))].join("\r\n")}\r\n`;
}
