import { z } from "zod";
import type { ProtectedServer } from "../checks/ports.ts";
import { DrillbookError } from "../errors.ts";
import type { Subject } from "./subject.ts";

/** Which way a real failover goes. */
export const directionKey = { direction: z.enum(["to-recovery", "to-primary"], { error: "Name to-recovery or to-primary." }).default("to-recovery") };
type Direction = "to-recovery" | "to-primary";

export const directions = {
  "to-recovery": { azure: "PrimaryToRecovery", from: "Primary", to: "Recovery", words: "from the primary to the recovery side" },
  "to-primary": { azure: "RecoveryToPrimary", from: "Recovery", to: "Primary", words: "from the recovery side back to the primary" },
} as const;

/** Throws `not-now` when a server does not run where the failover starts from. An unknown place is Azure's to judge. */
export function refuseWrongSide({ servers }: Subject, direction: Direction): void {
  const elsewhere = servers.filter((s) => s.activeLocation === directions[direction].to);
  if (elsewhere.length === 0) return;
  const where = directions[direction].to === "Recovery" ? "recovery" : "primary";
  throw new DrillbookError("not-now", `${elsewhere.map((s) => s.name).join(", ")} already run${elsewhere.length === 1 ? "s" : ""} on the ${where} side.`, "Name the other direction, or take the servers that are there already out of the plan.");
}

/** Whether a server runs where the failover was to take it, or waits there to be committed. */
export function movedTo(item: ProtectedServer, direction: Direction): boolean {
  return item.activeLocation === directions[direction].to;
}

/** What a real failover leaves owed, in the order in which it falls due. */
export const failoverObligations = [
  { id: "commit", text: "Commit the failover once the service is proved; until then the recovery point can still be changed" },
  { id: "re-protect", text: "Re-protect the servers: until then nothing replicates back" },
  { id: "backup", text: "Back up the servers on the side where they run now" },
];
