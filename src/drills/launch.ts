import { DrillbookError } from "../errors.ts";
import type { Json, Mode, Runbook } from "../runbooks/runbook.ts";
import { begin } from "./decide.ts";
import type { DrillEvent, EarlierRetests, EventBody, Person } from "./events.ts";
import { drillRefusals, permissionTexts } from "../texts/refusals.ts";

/** Everything that a drill is begun with; all of it stands in its first event or is named there by hash. */
export type Launch = {
  readonly by: Person;
  readonly runbook: Runbook;
  /** The bytes that the runbook was compiled from, stored with the first event. */
  readonly source: Uint8Array;
  /** Those of the runbooks that it includes, stored likewise. Absent: it includes none. */
  readonly included?: readonly Uint8Array[];
  readonly params: Readonly<Record<string, string>>;
  readonly mode: Mode;
  readonly roles: Readonly<Record<string, readonly Person[]>>;
  readonly conversation: Json;
  /** What the drill before it left to be shown again. Absent: nothing. */
  readonly retests?: EarlierRetests;
  /** The date of the schedule that begins it; absent: a person does. */
  readonly scheduledFor?: string;
  /** What opens an incident; an exercise has none. */
  readonly declaration?: Declaration;
};

/** What whoever declares an incident says. Times are ISO 8601; absent: not known. */
export type Declaration = { readonly criterion: string; readonly disruptedAt?: string; readonly detectedAt?: string };

/** Whoever may perform the drill may start it; a real incident is declared by the role that the runbook names. Throws `not-allowed`. */
export function refuseLauncher({ by, runbook, roles }: Launch): void {
  const role = runbook.purpose === "incident" ? (runbook.declaration?.role ?? "operator") : "operator";
  const may = roles[role] ?? [];
  if (may.some((p) => p.id === by.id)) return;
  throw new DrillbookError("not-allowed", ...permissionTexts.forRoleToStart(by.name, runbook.title, role, permissionTexts.anyOf(may.map((p) => p.name)) || permissionTexts.somebodyIn(role)));
}

/** The first events of a drill. `instead`: the exercises that stand aside for it. Throws `bad-input` for an incident without its declaration. */
export function firstEvents(launch: Launch, id: string, at: Date, instead: readonly string[]): readonly DrillEvent[] {
  const { by, source: _, included: ___, declaration: __, ...rest } = launch;
  const launched: DrillEvent = { v: 1, drill: id, seq: 1, at: at.toISOString(), by, type: "drill.launched", purpose: launch.runbook.purpose, ...rest };
  return begin(launched, declared(launch, at, instead));
}

function declared({ runbook, declaration }: Launch, at: Date, instead: readonly string[]): Extract<EventBody, { type: "incident.declared" }> | null {
  if (runbook.purpose !== "incident") return null;
  const criterion = criterionOf(runbook, declaration?.criterion ?? "");
  const decideByMs = runbook.declaration?.decideByMs;
  return {
    type: "incident.declared",
    criterion,
    decideBy: decideByMs === undefined ? null : new Date(at.getTime() + decideByMs).toISOString(),
    disruptedAt: pastTime(declaration?.disruptedAt, at),
    detectedAt: pastTime(declaration?.detectedAt, at),
    instead,
  };
}

function criterionOf(runbook: Runbook, said: string): string {
  const criteria = runbook.declaration?.criteria ?? [];
  const meant = criteria.find((c) => c.toLowerCase() === said.trim().toLowerCase());
  if (meant !== undefined) return meant;
  if (criteria.length === 0 && said.trim() !== "") return said.trim();
  throw new DrillbookError("bad-input", ...drillRefusals.declarationNeeded(criteria));
}

/** A time that cannot have been is no time: it would improve the recovery time. Throws `bad-input`. */
function pastTime(said: string | undefined, now: Date): string | null {
  if (said === undefined || said.trim() === "") return null;
  const at = Date.parse(said);
  if (at <= now.getTime()) return new Date(at).toISOString();
  throw new DrillbookError("bad-input", ...drillRefusals.noPastTime(said.slice(0, 40)));
}

/** For example PAY-0042: short enough to say on the telephone. */
export function drillIdOf(runbook: Runbook, number: number): string {
  const letters = runbook.id.replaceAll(/[^a-z]/g, "").slice(0, 3).toUpperCase().padEnd(3, "X");
  return `${letters}-${String(number).padStart(4, "0")}`;
}
