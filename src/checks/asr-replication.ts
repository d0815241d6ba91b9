import { z } from "zod";
import type { Observation } from "../drills/events.ts";
import type { Check, Clock } from "../drills/ports.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { armName, recoveryPlanId, sameId } from "../runbooks/resource-id.ts";
import { parseDuration } from "../runbooks/duration.ts";
import { durationText, sayDuration } from "../runbooks/duration-text.ts";
import { readInput } from "../runbooks/read-input.ts";
import type { ProtectedServer, RecoveryPlan, ReplicationReader } from "./ports.ts";

const dayMs = 86_400_000;
/** A figure from further ahead than this was not made by a clock that agrees with ours. */
const clockSkewMs = 300_000;

const replicationInput = z.strictObject({
  plan: recoveryPlanId,
  maxRpo: durationText({ min: 1000, max: 90 * dayMs }),
  maxAge: durationText({ min: 1000, max: dayMs }).default("15m"),
});

export const asrReplicationFacts: CheckFacts = {
  type: "asr-replication",
  summary: "Every server of a recovery plan replicates in health and within the RPO, and the plan can start a test failover",
  schema: replicationInput,
  permissions: [
    "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/read",
    "Microsoft.RecoveryServices/vaults/replicationProtectedItems/read",
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/read",
  ],
};

type Fault = { readonly verdict: "failed" | "not-proved"; readonly text: string };

/** The check `asr-replication`. What the reader throws is passed on: nothing was observed then. */
export function asrReplicationCheck(parts: { readonly reader: ReplicationReader; readonly clock: Clock }): Check {
  return {
    facts: asrReplicationFacts,
    async observe(input, look) {
      const wanted = readInput("asr-replication", replicationInput, input);
      const plan = await parts.reader.plan(wanted.plan, look);
      const servers = await parts.reader.servers(wanted.plan, look);
      const limits = { maxRpoMs: parseDuration(wanted.maxRpo) ?? 0, maxAgeMs: parseDuration(wanted.maxAge) ?? 0, now: parts.clock() };
      return observation(plan, servers, limits);
    },
  };
}

type Limits = { readonly maxRpoMs: number; readonly maxAgeMs: number; readonly now: Date };

function observation(plan: RecoveryPlan, servers: readonly ProtectedServer[], limits: Limits): Observation {
  const rows = servers.map((server) => ({ server, ageMs: ageMs(server, limits.now), faults: serverFaults(server, limits) }));
  const faults = [...planFaults(plan, servers), ...rows.flatMap((row) => row.faults.map((f) => ({ ...f, text: `${row.server.name}: ${f.text}` })))];
  const good = rows.filter((row) => row.faults.length === 0);
  const verdict = faults.some((f) => f.verdict === "failed") ? "failed" : faults.length > 0 ? "not-proved" : "passed";
  return {
    verdict,
    summary: `${good.length} of ${servers.length} servers${worst(servers)}${verdict === "passed" ? "" : `; ${faults[0]?.text ?? ""}`}`,
    diagnosis: [...faults.map((f) => `${f.text}.`), ...servers.flatMap(azureSays)],
    result: {
      plan: plan.name,
      observedAt: limits.now.toISOString(),
      maxRpoSeconds: limits.maxRpoMs / 1000,
      scenario: plan.scenario && { name: plan.scenario.name, jobId: plan.scenario.jobId, status: plan.scenarioStatus },
      servers: rows.map(({ server, ageMs: age, faults: own }) => ({
        id: server.id.toLowerCase(),
        name: server.name,
        provider: server.provider,
        replicationHealth: server.replicationHealth,
        rpoSeconds: server.rpoSeconds,
        rpoCalculatedAt: server.rpoCalculatedAt,
        rpoAgeSeconds: age === null ? null : Math.round(age / 1000),
        faults: own.map((f) => f.text),
      })),
    },
  };
}

function planFaults(plan: RecoveryPlan, servers: readonly ProtectedServer[]): readonly Fault[] {
  const members = plan.groups.flatMap((group) => group.servers);
  const unseen = members.filter((id) => !servers.some((server) => sameId(server.id, id)));
  const { scenario } = plan;
  return [
    ...(servers.length === 0 ? [fault("failed", `the plan ${plan.name} has no servers`)] : []),
    ...(unseen.length > 0 && servers.length > 0 ? [fault("not-proved", `the plan lists ${unseen.length} servers that the vault does not show (${unseen.map(armName).join(", ")})`)] : []),
    ...(scenario ? [fault("failed", `the plan is busy: ${scenario.name} (job ${armName(scenario.jobId)}${plan.scenarioStatus ? `, ${plan.scenarioStatus}` : ""})`)] : []),
    ...(plan.allowedOperations.includes("TestFailover") ? [] : [fault("failed", `Azure does not allow a test failover of ${plan.name} now (allowed: ${plan.allowedOperations.join(", ") || "nothing"})`)]),
  ];
}

function serverFaults(server: ProtectedServer, limits: Limits): readonly Fault[] {
  const age = ageMs(server, limits.now);
  const rpoMs = server.rpoSeconds === null ? null : server.rpoSeconds * 1000;
  return [
    ...(server.replicationHealth === "Normal" ? [] : [fault("failed", `replication health is ${server.replicationHealth || "unknown"}`)]),
    ...(rpoMs === null ? [fault("not-proved", "Azure gives no RPO")] : []),
    ...(rpoMs !== null && rpoMs > limits.maxRpoMs ? [fault("failed", `RPO ${sayDuration(rpoMs)} is over ${sayDuration(limits.maxRpoMs)}`)] : []),
    ...(rpoMs !== null ? ageFaults(age, limits) : []),
  ];
}

function ageFaults(age: number | null, limits: Limits): readonly Fault[] {
  if (age === null) return [fault("not-proved", "Azure does not say when its RPO was calculated")];
  if (age < -clockSkewMs) return [fault("not-proved", "its RPO is dated in the future: the clocks differ")];
  return age > limits.maxAgeMs ? [fault("not-proved", `its RPO was calculated ${sayDuration(age)} ago, which is older than ${sayDuration(limits.maxAgeMs)}`)] : [];
}

/** Azure writes the year 1 or 1753 for "never". */
function ageMs(server: ProtectedServer, now: Date): number | null {
  const at = server.rpoCalculatedAt === null ? Number.NaN : Date.parse(server.rpoCalculatedAt);
  return Number.isNaN(at) || at < 0 ? null : now.getTime() - at;
}

function worst(servers: readonly ProtectedServer[]): string {
  const known = servers.flatMap((s) => (s.rpoSeconds === null ? [] : [{ name: s.name, ms: s.rpoSeconds * 1000 }]));
  const last = known.toSorted((a, b) => b.ms - a.ms)[0];
  return last ? `, worst RPO ${sayDuration(last.ms)} (${last.name})` : "";
}

function azureSays(server: ProtectedServer): readonly string[] {
  return server.problems.slice(0, 3).map((p) => [`${server.name}: ${p.message}`, p.causes && `Possible causes: ${p.causes}`, p.action && `Recommended: ${p.action}`].filter(Boolean).join(" "));
}

function fault(verdict: Fault["verdict"], text: string): Fault {
  return { verdict, text };
}
