import type { Person } from "../drills/events.ts";
import type { DrillState, StepState } from "../drills/state.ts";
import type { Shown } from "./card.ts";
import { cleanupCard } from "./cleanup-card.ts";
import { signOffCard } from "./closing-cards.ts";
import { liveCard } from "./live-card.ts";
import { stepCard } from "./step-card.ts";
import { seenBy } from "./view.ts";

/** A place where a drill shows itself: "live", "cleanup", "sign-off" or "step:<id>". */
export type SurfaceName = string;

/** The surfaces that a drill needs in this state, in the order in which they are to appear. */
export function surfacesOf(state: DrillState): readonly SurfaceName[] {
  return [
    "live",
    ...state.steps.filter(needsCard).map((s) => `step:${s.step.id}`),
    ...(state.cleanup !== null && (state.debts.length > 0 || state.operations.some((o) => o.undoOf !== null)) ? ["cleanup"] : []),
    ...(state.status === "signing-off" || state.signatures.length > 0 ? ["sign-off"] : []),
  ];
}

/** What a drill's final card says of its evidence; null before the end, and for every other surface. */
export async function evidenceOn(surface: SurfaceName, state: DrillState, finalLine: ((state: DrillState) => Promise<string | null>) | undefined): Promise<string | null> {
  if (state.status !== "ended") return null;
  // A drill that was aborted before anything started is signed off by nobody.
  const last = surfacesOf(state).includes("sign-off") ? "sign-off" : "live";
  return surface === last ? ((await finalLine?.(state)) ?? null) : null;
}

/** Draws a surface from the state as it is now, for one viewer or (null) for everybody; null for a name that this drill cannot have. */
export function draw(surface: SurfaceName, state: DrillState, now: Date, transcriptUrl: string | null, viewer: Person | null = null, evidence: string | null = null): Shown | null {
  const drawn = drawForAll(surface, state, now, transcriptUrl, evidence);
  return drawn === null || viewer === null ? drawn : seenBy(drawn, state, viewer);
}

function drawForAll(surface: SurfaceName, state: DrillState, now: Date, transcriptUrl: string | null, evidence: string | null): Shown | null {
  if (surface === "live") return liveCard(state, now, transcriptUrl, evidence);
  if (surface === "cleanup") return cleanupCard(state, now);
  if (surface === "sign-off") return signOffCard(state, now, evidence);
  const step = state.steps.find((s) => `step:${s.step.id}` === surface);
  return step === undefined ? null : stepCard(state, step, now);
}

/** A check that passes and has nothing to tell needs nobody and gets no card of its own: the live card says so. */
function needsCard(step: StepState): boolean {
  if (step.openedAt === null) return false;
  const telling = step.observation !== null && step.observation.diagnosis.length > 0;
  return step.step.kind !== "check" || telling || !["open", "passed"].includes(step.status);
}
