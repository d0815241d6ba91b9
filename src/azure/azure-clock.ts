import type { Clock } from "../drills/ports.ts";

/** The Date header tells whole seconds: half of one is the fairest guess of the rest. */
const halfSecondMs = 500;
const patienceMs = 3_000;

/**
 * Azure's clock less ours, in milliseconds, by the Date header of any answer of Resource Manager; null: none came. As exact
 * as a second and half the way there and back, which is enough to tell a clock that is wrong.
 */
export async function azureClockOffset(resourceManager: string, clock: Clock, ask: typeof fetch = fetch): Promise<number | null> {
  const before = clock().getTime();
  const answer = await ask(resourceManager, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(patienceMs) }).catch(() => null);
  const said = Date.parse(answer?.headers.get("date") ?? "");
  if (Number.isNaN(said)) return null;
  return Math.round(said + halfSecondMs - (before + clock().getTime()) / 2);
}
