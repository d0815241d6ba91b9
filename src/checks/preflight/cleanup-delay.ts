import { sayDuration } from "../../runbooks/duration-text.ts";
import type { Job, ProtectedServer } from "../ports.ts";

/** How long cleanups of these targets took, in words that follow a colon; honest where nobody ever made one. */
export function cleanupNote(jobs: readonly Job[], targets: readonly string[]): string {
  const names = new Set(targets.map((name) => name.toLowerCase()));
  const took = jobs.flatMap((job) => {
    if (job.scenario !== "TestFailoverCleanup" || job.state !== "Succeeded" || job.startedAt === null || job.endedAt === null || !names.has(job.targetName.toLowerCase())) return [];
    const ms = Date.parse(job.endedAt) - Date.parse(job.startedAt);
    return ms >= 0 ? [ms] : [];
  });
  if (took.length === 0) return "how long that takes is not known, because Azure lists no cleanup of them in the last 180 days";
  const [least, most] = [Math.min(...took), Math.max(...took)].map((ms) => sayDuration(Math.max(1000, Math.round(ms / 1000) * 1000)));
  return `the last ${took.length === 1 ? "one took" : `${took.length} took`} ${least === most ? most : `${least} to ${most}`}`;
}

/** Test failovers that stand already: a drill cannot start, and a real failover cannot either. */
export function pendingTests(servers: readonly ProtectedServer[], delay: string): readonly string[] {
  const pending = servers.filter((server) => server.allowedOperations.includes("TestFailoverCleanup"));
  if (pending.length === 0) return [];
  const names = pending.map((server) => server.name).join(", ");
  return [`A test failover of ${names} stands already: neither this drill nor a real failover of ${pending.length === 1 ? "it" : "them"} can start before its cleanup (${delay}).`];
}
