import { z } from "zod";
import { armGroup, armName, recoveryPlanId, virtualNetworkId } from "../runbooks/resource-id.ts";
import { parseDuration } from "../runbooks/duration.ts";
import { durationText, sayDuration } from "../runbooks/duration-text.ts";
import { readInput } from "../runbooks/read-input.ts";
import type { Job, ProtectedServer, RecoveryPlan } from "../checks/ports.ts";
import type { Preview, ServerOutcome, TaskProgress } from "../drills/events.ts";
import type { Action, Look, Progress } from "../drills/ports.ts";
import { DrillbookError, asDrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import type { Json } from "../runbooks/runbook.ts";
import { refuseWhileOthersWork } from "./foreign-work.ts";
import { followedServers, withForeign } from "./followed-servers.ts";
import { atWork, findJob, flattenTasks, jobProblems, jobState } from "./jobs.ts";
import { defaultPollMs, defaultSettlingMs, itemLagMs } from "./parts.ts";
import type { TestFailoverParts } from "./parts.ts";
import { planDigest } from "./plan-digest.ts";
import { needsCleanup, outcomeByTask, problemOf, serverOutcome, unexplained } from "./servers.ts";

const dayMs = 86_400_000;

/** Rule of the runbook to Azure's name for it, and how an approver reads it. */
const recoveryPoints = {
  "latest-processed": { azure: "LatestProcessed", words: "latest processed recovery point" },
  latest: { azure: "Latest", words: "latest recovery point, after what is still under way has been processed" },
  "latest-app-consistent": { azure: "LatestApplicationConsistent", words: "latest application-consistent recovery point" },
  "latest-crash-consistent": { azure: "LatestCrashConsistent", words: "latest crash-consistent recovery point" },
} as const;
const pointNames = ["latest-processed", "latest", "latest-app-consistent", "latest-crash-consistent"] as const;

/** Providers that this action has bodies for, with the points that a plan of theirs can name. */
const providers: Readonly<Record<string, readonly (typeof pointNames)[number][]>> = {
  A2A: pointNames,
  HyperVReplicaAzure: ["latest-processed", "latest", "latest-app-consistent"],
};

const testFailoverInput = z.strictObject({
  plan: recoveryPlanId,
  network: virtualNetworkId,
  recoveryPoint: z.enum(pointNames, { error: `Name one of: ${pointNames.join(", ")}.` }).default("latest-processed"),
  /** Greatest age of the replica that may be failed over from; part of what is approved. */
  maxAge: durationText({ min: 1000, max: 90 * dayMs }).optional(),
  keepUntil: durationText({ min: 60_000, max: 14 * dayMs }).optional(),
});
type Input = z.infer<typeof testFailoverInput>;

const vault = "Microsoft.RecoveryServices/vaults";

export const asrTestFailoverFacts: ActionFacts = {
  type: "asr-test-failover",
  summary: "Starts test servers from the replicas of a recovery plan, in an isolated network",
  schema: testFailoverInput,
  undo: "asr-test-failover-cleanup",
  settlingMs: defaultSettlingMs,
  permissions: [
    `${vault}/replicationRecoveryPlans/read`,
    `${vault}/replicationRecoveryPlans/testFailover/action`,
    `${vault}/replicationProtectedItems/read`,
    `${vault}/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/read`,
    `${vault}/replicationJobs/read`,
  ],
};

/** The action `asr-test-failover`: one POST to the plan, then its job is followed until every server has an outcome. */
export function asrTestFailover(parts: TestFailoverParts): Action {
  const read = (input: Json) => readInput(asrTestFailoverFacts.type, testFailoverInput, input);
  const followed = followedServers(parts.reader);
  return {
    facts: { ...asrTestFailoverFacts, settlingMs: parts.settlingMs ?? defaultSettlingMs },
    async preview(input, look) {
      const wanted = read(input);
      const plan = await parts.reader.plan(wanted.plan, look);
      refuseUnlessReady(plan, wanted);
      const servers = await parts.reader.servers(wanted.plan, look);
      refuseWhileOthersWork(servers);
      refuseOldReplicas(servers, wanted);
      return preview(plan, servers, wanted);
    },
    async start(input, send) {
      const wanted = read(input);
      const properties = body(wanted, await readyPlan(parts, wanted, send));
      const { jobId } = await parts.writer.testFailover(wanted.plan, properties, send);
      return { handle: jobId };
    },
    find: (input, tag, since, look) => findJob(parts.reader, read(input).plan, "TestFailover", tag, since, look),
    async follow(handle, input, look) {
      const job = await parts.reader.job(handle, look);
      const { servers, foreign } = await followed(read(input).plan, job, handle, look);
      return withForeign(progress(job, servers, parts.clock(), parts.pollMs ?? defaultPollMs), foreign);
    },
    undoInput: (input, drill) => ({ plan: read(input).plan, comments: `Drillbook drill ${drill}` }),
  };
}

/**
 * Azure's own view once more, as the last look before the write. A failed read is `not-now`: nothing was sent, and the
 * runner must not take it for a lost answer.
 */
async function readyPlan(parts: TestFailoverParts, wanted: Input, look: Look): Promise<RecoveryPlan> {
  let plan: RecoveryPlan;
  let servers: readonly ProtectedServer[];
  try {
    plan = await parts.reader.plan(wanted.plan, look);
    servers = await parts.reader.servers(wanted.plan, look);
  } catch (thrown) {
    throw new DrillbookError("not-now", `The recovery plan could not be read before the start: ${asDrillbookError(thrown).message}`, "Nothing was sent to Azure. Try again.", { cause: thrown });
  }
  refuseUnlessReady(plan, wanted);
  refuseWhileOthersWork(servers);
  return plan;
}

function refuseUnlessReady(plan: RecoveryPlan, wanted: Input): void {
  if (plan.scenario) {
    throw new DrillbookError(
      "not-now",
      `Azure is already at work on ${plan.name}: ${plan.scenario.name}, job ${armName(plan.scenario.jobId)}${plan.scenarioStatus ? ` (${plan.scenarioStatus})` : ""}.`,
      "This drill did not start it. Find out whose it is; wait until it ends, or clean up the test failover that it left.",
    );
  }
  if (!plan.allowedOperations.includes("TestFailover")) {
    throw new DrillbookError("not-now", `Azure does not allow a test failover of ${plan.name} now; it allows ${plan.allowedOperations.join(", ") || "nothing"}.`, "Bring the plan's servers back to a protected, idle state in the vault first.");
  }
  for (const provider of plan.providers.length > 0 ? plan.providers : ["unknown"]) {
    if (providers[provider]?.includes(wanted.recoveryPoint)) continue;
    throw new DrillbookError("not-now", `A test failover of ${plan.name} from the ${recoveryPoints[wanted.recoveryPoint].words} is not known for its replication provider (${provider}).`, `Providers that work: ${Object.keys(providers).join(", ")}.`);
  }
}

function refuseOldReplicas(servers: readonly ProtectedServer[], wanted: Input): void {
  const most = wanted.maxAge === undefined ? null : parseDuration(wanted.maxAge);
  const old = most === null ? undefined : servers.find((s) => s.rpoSeconds === null || s.rpoSeconds * 1000 > most);
  if (!old) return;
  const age = old.rpoSeconds === null ? "of unknown age" : `${sayDuration(old.rpoSeconds * 1000)} old`;
  throw new DrillbookError("not-now", `The replica of ${old.name} is ${age}; the runbook allows ${wanted.maxAge}.`, "Wait until replication has caught up, or change maxAge in the runbook.");
}

function preview(plan: RecoveryPlan, servers: readonly ProtectedServer[], wanted: Input): Preview {
  const point = recoveryPoints[wanted.recoveryPoint];
  const targets = servers.map((s) => ({ id: s.id.toLowerCase(), name: s.name })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    action: asrTestFailoverFacts.type,
    targets,
    planDigest: planDigest(plan),
    recoveryPointRule: { type: point.azure, maxAgeMs: wanted.maxAge === undefined ? null : parseDuration(wanted.maxAge) },
    undo: "test failover cleanup",
    facts: [
      { label: "What happens", value: `Azure creates ${count(servers.length, "test server")} from their replicas` },
      { label: "Where", value: `${armName(wanted.network)} in ${armGroup(wanted.network)}; this action does not check its isolation` },
      { label: "From when", value: `${point.words}${wanted.maxAge === undefined ? "" : `, at most ${sayDuration(parseDuration(wanted.maxAge) ?? 0)} old`}${oldest(servers)}` },
      { label: "Production", value: "not touched; replication goes on" },
      { label: "Undo", value: `test failover cleanup, by itself at the end or on abort${wanted.keepUntil === undefined ? "" : `; kept for ${sayDuration(parseDuration(wanted.keepUntil) ?? 0)} at most`}` },
      { label: "Real outage meanwhile", value: "cleanup first: until then Azure fails none of these servers over" },
    ],
  };
}

function oldest(servers: readonly ProtectedServer[]): string {
  const [worst] = servers.filter((s) => s.rpoSeconds !== null).toSorted((a, b) => (b.rpoSeconds ?? 0) - (a.rpoSeconds ?? 0));
  return worst ? `; now ${sayDuration((worst.rpoSeconds ?? 0) * 1000)} behind at most (${worst.name})` : "";
}

/** The POST's properties: an array of provider entries, as a plan takes them where an item takes one. */
function body(wanted: Input, plan: RecoveryPlan): Json {
  const recoveryPointType = recoveryPoints[wanted.recoveryPoint].azure;
  return {
    failoverDirection: "PrimaryToRecovery",
    networkType: "VmNetworkAsInput",
    networkId: wanted.network,
    providerSpecificDetails: plan.providers.map((instanceType) => ({ instanceType, recoveryPointType })),
  };
}

function progress(job: Job, items: readonly ProtectedServer[], now: Date, pollMs: number): Progress {
  const ended = jobState(job);
  const tasks = flattenTasks(job.tasks);
  const lagging = job.endedAt !== null && now.getTime() - Date.parse(job.endedAt) < itemLagMs;
  const servers = items.map((item) => outcome(item, job, tasks, ended !== "running", lagging));
  const up = `${servers.filter((s) => s.outcome === "succeeded").length} of ${count(servers.length, "server")} up`;
  const waiting = ended === "running" || servers.some((s) => s.outcome === "running");
  if (waiting) return { state: "running", summary: `${up} · ${atWork(job, tasks)}`, tasks, servers, problems: job.problems, nextLookMs: pollMs };
  const whole = ended === "succeeded" && servers.length > 0 && servers.every((s) => s.outcome === "succeeded");
  const known = ended === "succeeded" ? job.problems : jobProblems(job);
  return { state: whole ? "succeeded" : "failed", summary: up, tasks, servers, problems: whole ? known : [...known, ...unexplained(servers, known)], nextLookMs: pollMs };
}

/** The job's word is not enough: a server is up when its item shows the test failover too. */
function outcome(item: ProtectedServer, job: Job, tasks: readonly TaskProgress[], ended: boolean, lagging: boolean): ServerOutcome {
  const problem = problemOf(job, item);
  if (problem) return serverOutcome(item, "failed", problem.message);
  const byTask = outcomeByTask(item, tasks);
  if (!ended) return serverOutcome(item, byTask ?? (job.tasks.length === 0 ? "waiting" : "running"), item.testServer ? `test server ${item.testServer.name}` : "");
  if (byTask === "failed" || /fail/i.test(item.testFailoverState)) return serverOutcome(item, "failed", `its test failover failed (${item.testFailoverState || "task failed"})`);
  if (needsCleanup(item)) return serverOutcome(item, "succeeded", item.testServer ? `test server ${item.testServer.name}` : "test server, which Azure does not name");
  return lagging ? serverOutcome(item, "running", "the job has ended; Azure does not show the test server yet") : serverOutcome(item, "failed", "the job ended and Azure shows no test server");
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
