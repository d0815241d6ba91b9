import { z } from "zod";
import type { ProtectedServer } from "../checks/ports.ts";
import type { Look } from "../drills/ports.ts";
import { DrillbookError, asDrillbookError } from "../errors.ts";
import { parseDuration } from "../runbooks/duration.ts";
import { durationText, sayDuration } from "../runbooks/duration-text.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { SiteRecoveryReader } from "./ports.ts";
import type { Subject } from "./subject.ts";

const dayMs = 86_400_000;

/** Rule of the runbook to Azure's name for it, and how an approver reads it. */
const recoveryPoints = {
  "latest-processed": { azure: "LatestProcessed", words: "latest processed recovery point" },
  latest: { azure: "Latest", words: "latest recovery point, after what is still under way has been processed" },
  "latest-app-consistent": { azure: "LatestApplicationConsistent", words: "latest application-consistent recovery point" },
  "latest-crash-consistent": { azure: "LatestCrashConsistent", words: "latest crash-consistent recovery point" },
} as const;
const names = ["latest-processed", "latest", "latest-app-consistent", "latest-crash-consistent"] as const;
export type PointName = (typeof names)[number];

/** Providers that there are bodies for, with the points that a plan of theirs can name. */
const ofPlans: Readonly<Record<string, readonly PointName[]>> = {
  A2A: names,
  HyperVReplicaAzure: ["latest-processed", "latest", "latest-app-consistent"],
  InMageRcm: names,
};

/** A single server takes a point where a plan takes a rule: Drillbook looks for it, and cannot ask for one still to be made. */
const ofItems: readonly PointName[] = ["latest-processed", "latest-app-consistent", "latest-crash-consistent"];

/** The keys of an input that choose from when. */
export const pointKeys = {
  recoveryPoint: z.enum(names, { error: `Name one of: ${names.join(", ")}.` }).default("latest-processed"),
  /** Greatest age of the replica that may be failed over from; part of what is approved. */
  maxAge: durationText({ min: 1000, max: 90 * dayMs }).optional(),
};
type PointChoice = { readonly recoveryPoint: PointName; readonly maxAge?: string | undefined };

/** Throws `not-now` when a provider's plan or server cannot be failed over from such a point. */
export function refuseUnknownPoint(subject: Subject, wanted: PointChoice, what: string): void {
  for (const provider of subject.providers.length > 0 ? subject.providers : ["unknown"]) {
    const known = subject.kind === "plan" ? ofPlans[provider] : Object.hasOwn(ofPlans, provider) ? ofItems : undefined;
    if (known?.includes(wanted.recoveryPoint)) continue;
    throw new DrillbookError(
      "not-now",
      `${what} of ${subject.name} from the ${recoveryPoints[wanted.recoveryPoint].words} is not known for its replication provider (${provider}).`,
      subject.kind === "item" && Object.hasOwn(ofPlans, provider) ? `For a single server name one of: ${ofItems.join(", ")}.` : `Providers that work: ${Object.keys(ofPlans).join(", ")}.`,
    );
  }
}

/** Throws `not-now` when a replica is older than the runbook allows, or of unknown age. */
export function refuseOldReplicas(servers: readonly ProtectedServer[], wanted: PointChoice): void {
  const most = maxAgeMs(wanted);
  const old = most === null ? undefined : servers.find((s) => s.rpoSeconds === null || s.rpoSeconds * 1000 > most);
  if (!old) return;
  const age = old.rpoSeconds === null ? "of unknown age" : `${sayDuration(old.rpoSeconds * 1000)} old`;
  throw new DrillbookError("not-now", `The replica of ${old.name} is ${age}; the runbook allows ${wanted.maxAge}.`, "Wait until replication has caught up, or change maxAge in the runbook.");
}

/** The rule as an approval binds to it: Azure's own name for the choice, and the greatest age in milliseconds; null: any age. */
export function pointRule(wanted: PointChoice): Json {
  return { type: recoveryPoints[wanted.recoveryPoint].azure, maxAgeMs: maxAgeMs(wanted) };
}

/** The rule as an approver reads it, with how far behind the servers are now. */
export function pointWords(servers: readonly ProtectedServer[], wanted: PointChoice): string {
  const [worst] = servers.filter((s) => s.rpoSeconds !== null).toSorted((a, b) => (b.rpoSeconds ?? 0) - (a.rpoSeconds ?? 0));
  const most = maxAgeMs(wanted);
  const limit = most === null ? "" : `, at most ${sayDuration(most)} old`;
  return `${recoveryPoints[wanted.recoveryPoint].words}${limit}${worst ? `; now ${sayDuration((worst.rpoSeconds ?? 0) * 1000)} behind at most (${worst.name})` : ""}`;
}

/** A plan's entries, one for each provider: an array where a single server takes an object. */
export function planEntries(subject: Subject, wanted: PointChoice): readonly Json[] {
  return subject.providers.map((instanceType) => ({ instanceType, recoveryPointType: recoveryPoints[wanted.recoveryPoint].azure }));
}

/** The point of a single server that the rule chooses now. Throws `not-now` when there is none, or none young enough. */
export async function pointOf(reader: SiteRecoveryReader, subject: Subject, wanted: PointChoice, now: Date, look: Look): Promise<string> {
  const points = await reader.recoveryPoints(subject.id, look).catch((thrown: unknown) => {
    throw new DrillbookError("not-now", `The recovery points of ${subject.name} could not be read: ${asDrillbookError(thrown).message}`, "Nothing was sent to Azure. Try again.", { cause: thrown });
  });
  const fits = { "latest-app-consistent": /app/i, "latest-crash-consistent": /crash/i, "latest-processed": /(?:)/, latest: /(?:)/ }[wanted.recoveryPoint];
  const point = points.find(({ type, id }) => fits.test(type) && id !== "");
  const most = maxAgeMs(wanted);
  if (point === undefined) throw new DrillbookError("not-now", `${subject.name} has no ${recoveryPoints[wanted.recoveryPoint].words.replace(/^latest /, "")}.`, "Name another recoveryPoint, or look at its replication in the vault.");
  if (most !== null && (point.at === null || now.getTime() - Date.parse(point.at) > most)) {
    throw new DrillbookError("not-now", `The ${recoveryPoints[wanted.recoveryPoint].words} of ${subject.name} is of ${point.at ?? "an unknown time"}; the runbook allows ${wanted.maxAge}.`, "Wait until replication has caught up, or change maxAge in the runbook.");
  }
  return point.id;
}

function maxAgeMs({ maxAge }: PointChoice): number | null {
  return maxAge === undefined ? null : parseDuration(maxAge);
}
