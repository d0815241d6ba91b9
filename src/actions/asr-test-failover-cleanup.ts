import { z } from "zod";
import { armName, recoveryPlanId } from "../runbooks/resource-id.ts";
import { readInput } from "../runbooks/read-input.ts";
import type { Job, ProtectedServer, RecoveryPlan } from "../checks/ports.ts";
import type { Preview, ServerOutcome, TaskProgress } from "../drills/events.ts";
import type { Action, Look, Progress } from "../drills/ports.ts";
import { DrillbookError, asDrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import type { Json } from "../runbooks/runbook.ts";
import { followedServers, withForeign } from "./followed-servers.ts";
import { atWork, findJob, flattenTasks, jobProblems, jobState } from "./jobs.ts";
import { defaultPollMs, defaultSettlingMs, itemLagMs } from "./parts.ts";
import type { TestFailoverParts } from "./parts.ts";
import { planDigest } from "./plan-digest.ts";
import { needsCleanup, outcomeByTask, problemOf, serverOutcome, unexplained } from "./servers.ts";

const cleanupInput = z.strictObject({
  plan: recoveryPlanId,
  /** Kept by Azure with the job. */
  comments: z.string().max(1000).default("Drillbook"),
});

const vault = "Microsoft.RecoveryServices/vaults";

export const asrTestFailoverCleanupFacts: ActionFacts = {
  type: "asr-test-failover-cleanup",
  summary: "Deletes the test servers that a test failover of a recovery plan created",
  schema: cleanupInput,
  undo: null,
  settlingMs: defaultSettlingMs,
  permissions: [
    `${vault}/replicationRecoveryPlans/read`,
    `${vault}/replicationRecoveryPlans/testFailoverCleanup/action`,
    `${vault}/replicationProtectedItems/read`,
    `${vault}/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/read`,
    `${vault}/replicationJobs/read`,
  ],
};

/** The action `asr-test-failover-cleanup`, which takes `asr-test-failover` back. Nothing takes back a cleanup. */
export function asrTestFailoverCleanup(parts: TestFailoverParts): Action {
  const read = (input: Json) => readInput(asrTestFailoverCleanupFacts.type, cleanupInput, input);
  const both = async (input: Json, look: Look) => {
    const { plan } = read(input);
    return { plan: await parts.reader.plan(plan, look), servers: await parts.reader.servers(plan, look) };
  };
  const followed = followedServers(parts.reader);
  return {
    facts: { ...asrTestFailoverCleanupFacts, settlingMs: parts.settlingMs ?? defaultSettlingMs },
    async needed(input, look) {
      const { plan, servers } = await both(input, look);
      return owed(plan, servers);
    },
    async preview(input, look) {
      const { plan, servers } = await both(input, look);
      refuseUnlessReady(plan);
      return preview(plan, servers);
    },
    async start(input, send) {
      const { plan, comments } = read(input);
      refuseUnlessReady(await lastLook(parts, plan, send));
      const { jobId } = await parts.writer.testFailoverCleanup(plan, comments, send);
      return { handle: jobId };
    },
    find: (input, tag, since, look) => findJob(parts.reader, read(input).plan, "TestFailoverCleanup", tag, since, look),
    async follow(handle, input, look) {
      const job = await parts.reader.job(handle, look);
      const { servers, foreign } = await followed(read(input).plan, job, handle, look);
      return withForeign(progress(job, servers, parts.clock(), parts.pollMs ?? defaultPollMs), foreign);
    },
    undoInput: () => null,
  };
}

function owed(plan: RecoveryPlan, servers: readonly ProtectedServer[]): { needed: boolean; why: string } {
  const left = servers.filter(needsCleanup);
  if (left.length > 0) return { needed: true, why: `${left.map((s) => s.testServer?.name ?? s.name).join(", ")} still exist in the test network` };
  if (plan.allowedOperations.includes("TestFailoverCleanup")) return { needed: true, why: `Azure says that a test failover of ${plan.name} waits for its cleanup` };
  if (plan.scenario?.name === "TestFailover") return { needed: true, why: `a test failover of ${plan.name} is under way (job ${armName(plan.scenario.jobId)})` };
  return { needed: false, why: `${plan.name} has no test failover to clean up` };
}

/** A failed read is `not-now`: nothing was sent, and the runner must not take it for a lost answer. */
async function lastLook(parts: TestFailoverParts, planId: string, look: Look): Promise<RecoveryPlan> {
  try {
    return await parts.reader.plan(planId, look);
  } catch (thrown) {
    throw new DrillbookError("not-now", `The recovery plan could not be read before the cleanup: ${asDrillbookError(thrown).message}`, "Nothing was sent to Azure. Try again.", { cause: thrown });
  }
}

function refuseUnlessReady(plan: RecoveryPlan): void {
  if (plan.allowedOperations.includes("TestFailoverCleanup")) return;
  const busy = plan.scenario ? `it is at ${plan.scenario.name}, job ${armName(plan.scenario.jobId)}${plan.scenarioStatus ? ` (${plan.scenarioStatus})` : ""}` : `it allows ${plan.allowedOperations.join(", ") || "nothing"}`;
  throw new DrillbookError("not-now", `Azure does not allow a test failover cleanup of ${plan.name} now: ${busy}.`, "Wait until the job has ended. If test servers are left with no job, clean up each server in the vault.");
}

function preview(plan: RecoveryPlan, servers: readonly ProtectedServer[]): Preview {
  const left = servers.filter(needsCleanup);
  const names = left.map((s) => s.testServer?.name ?? s.name).join(", ");
  return {
    action: asrTestFailoverCleanupFacts.type,
    targets: servers.map((s) => ({ id: s.id.toLowerCase(), name: s.name })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    planDigest: planDigest(plan),
    recoveryPointRule: null,
    undo: "nothing takes this back; a new test failover can be started",
    facts: [
      { label: "What happens", value: `Azure deletes ${left.length} test server${left.length === 1 ? "" : "s"}${names === "" ? "" : `: ${names}`}` },
      { label: "What is lost", value: "everything that was changed inside the test servers" },
      { label: "Production", value: "not touched; replication goes on" },
      { label: "Undo", value: "none" },
      { label: "Real outage meanwhile", value: "wait for the cleanup, then fail over" },
    ],
  };
}

function progress(job: Job, items: readonly ProtectedServer[], now: Date, pollMs: number): Progress {
  const ended = jobState(job);
  const tasks = flattenTasks(job.tasks);
  const lagging = job.endedAt !== null && now.getTime() - Date.parse(job.endedAt) < itemLagMs;
  const servers = items.map((item) => outcome(item, job, tasks, ended, lagging));
  const gone = `${servers.filter((s) => s.outcome === "removed").length} of ${servers.length} test servers removed`;
  const waiting = ended === "running" || servers.some((s) => s.outcome === "running");
  if (waiting) return { state: "running", summary: `${gone} · ${atWork(job, tasks)}`, tasks, servers, problems: job.problems, nextLookMs: pollMs };
  const whole = ended === "succeeded" && servers.every((s) => s.outcome === "removed");
  const known = ended === "succeeded" ? job.problems : jobProblems(job);
  return { state: whole ? "succeeded" : "failed", summary: gone, tasks, servers, problems: whole ? known : [...known, ...unexplained(servers, known)], nextLookMs: pollMs };
}

/** The job's word is not enough: a server is removed when its item owes no cleanup any more. */
function outcome(item: ProtectedServer, job: Job, tasks: readonly TaskProgress[], ended: ReturnType<typeof jobState>, lagging: boolean): ServerOutcome {
  const problem = problemOf(job, item);
  if (problem) return serverOutcome(item, "failed", problem.message);
  if (ended === "running") {
    const byTask = outcomeByTask(item, tasks) ?? (job.tasks.length === 0 ? "waiting" : "running");
    return serverOutcome(item, byTask === "succeeded" ? "removed" : byTask, "");
  }
  if (!needsCleanup(item)) return serverOutcome(item, "removed", "its test server is gone", null);
  if (ended === "succeeded" && lagging) return serverOutcome(item, "running", "the job has ended; Azure still shows the test server");
  return serverOutcome(item, "failed", `its test server ${item.testServer?.name ?? ""} still exists`.replace("  ", " "));
}
