import type { Job, ProtectedServer } from "../../checks/ports.ts";
import type { Problem, RequestRecord } from "../../drills/events.ts";
import type { Action, Clock, Look } from "../../drills/ports.ts";
import { DrillbookError, asDrillbookError } from "../../errors.ts";
import type { Json } from "../../runbooks/runbook.ts";
import { asrFailoverCommit } from "../asr-failover-commit.ts";
import { asrPlannedFailover } from "../asr-planned-failover.ts";
import { asrReprotect } from "../asr-reprotect.ts";
import { asrTestFailover } from "../asr-test-failover.ts";
import { asrTestFailoverCleanup } from "../asr-test-failover-cleanup.ts";
import { asrUnplannedFailover } from "../asr-unplanned-failover.ts";
import type { SiteRecoveryParts } from "../parts.ts";

/** What one server shows of itself between two steps. */
export type ItemSeen = Pick<ProtectedServer, "protectionState" | "testFailoverState" | "activeLocation"> & { readonly allowedOperations: readonly string[]; readonly scenario: string };

export type QualificationStep = "test-failover" | "cleanup" | "failover" | "commit" | "failback" | "commit of the failback" | "re-protect";

/** What a qualification of a provider consists of. A Hyper-V server is protected again only after it came home. */
export function qualificationSteps(provider: string): readonly QualificationStep[] {
  const home: readonly QualificationStep[] = provider === "HyperVReplicaAzure" ? ["failback", "commit of the failback"] : [];
  return ["test-failover", "cleanup", "failover", "commit", ...home, "re-protect"];
}

/** What one step of a qualification showed. */
export type StepSeen = {
  readonly step: QualificationStep;
  readonly outcome: "succeeded" | "failed" | "refused" | "unknown";
  readonly summary: string;
  readonly seconds: number;
  /** Whether a lost answer could have been found again by its tag. */
  readonly foundByTag: boolean;
  /** "state/description", in the order in which they were first seen. */
  readonly jobStates: readonly string[];
  readonly scenarioNames: readonly string[];
  readonly tasks: readonly string[];
  readonly after: ItemSeen | null;
  readonly problems: readonly Problem[];
  readonly requests: readonly RequestRecord[];
};

export type QualificationParts = Omit<SiteRecoveryParts, "pollMs" | "settlingMs"> & {
  readonly pollMs: number;
  /** How long Azure may take to show what was sent, in milliseconds. */
  readonly settlingMs: number;
  readonly newId: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onStep: (step: StepSeen["step"], words: string) => void;
};

const sendWithinMs = 30_000;
const longestStepMs = 4 * 3_600_000;

/**
 * Test failover, cleanup, failover, commit and re-protection of one sacrificial server (with a failback in between for
 * Hyper-V), each sent once and followed to its end. It stops at the first step that does not succeed; only the cleanup is
 * tried after a failed test failover, because it is owed. An Azure server ends on the other side.
 */
export async function runQualification(parts: QualificationParts, item: string, network: string): Promise<readonly StepSeen[]> {
  const jobs: Job[] = [];
  const watched: SiteRecoveryParts = { ...parts, reader: { ...parts.reader, job: async (id, look) => kept(jobs, await parts.reader.job(id, look)) } };
  const { provider } = await parts.reader.server(item, nobody(parts));
  const hyperV = provider === "HyperVReplicaAzure";
  const commit = asrFailoverCommit(watched);
  const steps: Readonly<Record<QualificationStep, readonly [Action, Json]>> = {
    "test-failover": [asrTestFailover(watched), { item, network }],
    cleanup: [asrTestFailoverCleanup(watched), { item, comments: "Drillbook qualification" }],
    failover: [hyperV ? asrPlannedFailover(watched) : asrUnplannedFailover(watched), { item }],
    commit: [commit, { item }],
    failback: [asrPlannedFailover(watched), { item, direction: "to-primary" }],
    "commit of the failback": [commit, { item }],
    "re-protect": [asrReprotect(watched), { item, direction: hyperV ? "to-recovery" : "to-primary" }],
  };
  const seen: StepSeen[] = [];
  for (const step of qualificationSteps(provider)) {
    const [action, input] = steps[step];
    const failed = seen.some(({ outcome }) => outcome !== "succeeded");
    const owed = step === "cleanup" && seen.at(-1)?.outcome === "failed";
    if (failed && !owed) break;
    jobs.length = 0;
    seen.push(await oneStep(parts, step, action, input, item, jobs));
  }
  return seen;
}

async function oneStep(parts: QualificationParts, step: StepSeen["step"], action: Action, input: Json, item: string, jobs: readonly Job[]): Promise<StepSeen> {
  const requests: RequestRecord[] = [];
  const look: Look = { signal: parts.signal, record: (one) => void requests.push(one) };
  const began = parts.clock();
  const tag = parts.newId();
  const done = async (outcome: StepSeen["outcome"], summary: string, problems: readonly Problem[], foundByTag = false): Promise<StepSeen> => ({
    step,
    outcome,
    summary,
    seconds: Math.round((parts.clock().getTime() - began.getTime()) / 1000),
    foundByTag,
    jobStates: distinct(jobs.map(({ state, stateDescription }) => `${state}/${stateDescription}`)),
    scenarioNames: distinct(jobs.map(({ scenario }) => scenario)),
    tasks: jobs.at(-1)?.tasks.map(({ name }) => name) ?? [],
    after: await itemSeen(parts, item, look),
    problems,
    requests,
  });
  try {
    parts.onStep(step, "sending");
    const handle = await startedOrFound(parts, action, input, tag, began, look);
    if (handle === null) return done("unknown", "Azure gave no answer and shows no trace of it.", []);
    const foundByTag = (await action.find(input, tag, began, look)) !== null;
    for (;;) {
      const progress = await action.follow(handle, input, look);
      parts.onStep(step, progress.summary);
      if (progress.state !== "running") return await done(progress.state, progress.summary, progress.problems, foundByTag);
      if (parts.clock().getTime() - began.getTime() > longestStepMs) return await done("unknown", "It did not end in time.", progress.problems, foundByTag);
      await parts.sleep(progress.nextLookMs);
    }
  } catch (thrown) {
    const error = asDrillbookError(thrown);
    if (error.code === "internal") throw thrown;
    return done(refused.has(error.code) ? "refused" : "unknown", error.message, [{ code: error.code, message: error.message, causes: "", action: error.suggestion, server: null }]);
  }
}

const refused: ReadonlySet<string> = new Set(["azure-refused", "azure-throttled", "not-now", "bad-input"]);

/** The handle; null when nobody knows whether it started. It is never sent a second time. */
async function startedOrFound(parts: QualificationParts, action: Action, input: Json, tag: string, since: Date, look: Look): Promise<string | null> {
  try {
    return (await action.start(input, { ...look, tag, sendBy: new Date(parts.clock().getTime() + sendWithinMs) })).handle;
  } catch (thrown) {
    if (!(thrown instanceof DrillbookError) || thrown.code !== "outcome-unknown") throw thrown;
    await parts.sleep(parts.settlingMs);
    return (await action.find(input, tag, since, look))?.handle ?? null;
  }
}

async function itemSeen(parts: QualificationParts, item: string, look: Look): Promise<ItemSeen | null> {
  try {
    const { protectionState, testFailoverState, activeLocation, allowedOperations, scenario } = await parts.reader.server(item, look);
    return { protectionState, testFailoverState, activeLocation, allowedOperations: allowedOperations.toSorted(), scenario: scenario?.name ?? "None" };
  } catch {
    return null;
  }
}

function nobody({ signal }: QualificationParts): Look {
  return { signal, record: () => undefined };
}

function kept(jobs: Job[], one: Job): Job {
  jobs.push(one);
  return one;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
