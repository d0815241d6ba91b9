import { z } from "zod";
import type { Clock, Look } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import type { ScriptLibrary } from "../runbooks/script-library.ts";
import type { Machine, MachineReader, MachineWriter } from "./compute-ports.ts";

/** What every action on virtual machines needs. */
export type ComputeParts = {
  readonly machines: MachineReader;
  readonly machineWriter: MachineWriter;
  readonly scriptLibrary: ScriptLibrary;
  /** Time between two looks, in milliseconds; 15,000 unless said otherwise. */
  readonly pollMs?: number;
  readonly settlingMs?: number;
  readonly clock: Clock;
};

const machine = /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Compute\/virtualMachines\/[^/\s?#]+$/i;

export const machineId = z.string().max(1000).regex(machine, { error: "Give the virtual machine's Azure resource id (/subscriptions/…/virtualMachines/name)." });

/** Where something was started and when: what a restart of Drillbook needs to go on looking. */
export function handleOf(place: string, startedAt: Date): string {
  return `${place}#${startedAt.toISOString()}`;
}

/** What `handleOf` wrote: the place, and the beginning in milliseconds since 1970. `startedAt` is NaN for a handle that is none of ours. */
export function readHandle(handle: string): { readonly place: string; readonly startedAt: number } {
  const at = handle.lastIndexOf("#");
  return { place: handle.slice(0, at), startedAt: Date.parse(handle.slice(at + 1)) };
}

/** A machine as it is, null when there is none yet: what a test failover will create is approved together with it. */
export async function machineIfAny({ machines }: ComputeParts, id: string, look: Look): Promise<Machine | null> {
  try {
    return await machines.machine(id, look);
  } catch (thrown) {
    if (thrown instanceof DrillbookError && thrown.code === "not-found") return null;
    throw thrown;
  }
}
