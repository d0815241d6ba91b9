import type { z } from "zod";
import { DrillbookError, asDrillbookError } from "../errors.ts";
import type { Preview } from "../drills/events.ts";
import type { Action, Look, Send } from "../drills/ports.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { readInput } from "../runbooks/read-input.ts";
import { armName } from "../runbooks/resource-id.ts";
import type { Json } from "../runbooks/runbook.ts";
import type { KeptFile } from "./boot-evidence.ts";
import { following, withForeign } from "./followed.ts";
import { refuseWhileOthersWork, workSince } from "./foreign-work.ts";
import { findJob, pauseOf } from "./jobs.ts";
import { defaultPollMs, defaultSettlingMs, lookAgainMs } from "./parts.ts";
import type { SiteRecoveryParts } from "./parts.ts";
import { progressOf } from "./site-recovery-progress.ts";
import type { Judgement } from "./site-recovery-progress.ts";
import { readSubject, targetOf } from "./subject.ts";
import type { Subject, TargetKeys } from "./subject.ts";

/** What one operation of Site Recovery is, beside what all of them share. */
export type SiteRecoveryOperation<Input extends TargetKeys> = {
  readonly facts: ActionFacts;
  readonly schema: z.ZodType<Input>;
  /** As a person says it: "a test failover". */
  readonly what: string;
  /** Azure's words for what must be allowed: any of them will do. */
  readonly allowedBy: (input: Input) => readonly string[];
  /** What to do when Azure does not allow it. */
  readonly whenNotAllowed: string;
  /** Nothing else may be under way. False: what is under way is what this ends, and Azure's word decides. */
  readonly idleOnly: boolean;
  /** The name under which Azure lists the job; null: the tag alone decides, because the name is not certain. */
  readonly scenario: string | null;
  /** Further reasons not to start. Throws `not-now`. */
  readonly refuse: (subject: Subject, input: Input) => void;
  readonly preview: (subject: Subject, input: Input) => Pick<Preview, "recoveryPointRule" | "undo" | "facts">;
  /** The one write; `look` may be used for what has to be read for it. */
  readonly send: (subject: Subject, input: Input, send: Send) => Promise<{ readonly jobId: string }>;
  readonly judge: (input: Input) => Judgement;
  readonly undoInput?: (input: Input, drill: string) => Json;
  /** Azure's word for what it is to a recovery plan, which may stop for people on the way; absent: a plan never stops in it. */
  readonly failoverType?: string;
  /** What is gone afterwards. */
  readonly evidence?: (subject: Subject, look: Look) => Promise<readonly KeptFile[]>;
  /** For an operation that takes another back. */
  readonly needed?: (subject: Subject) => { readonly needed: boolean; readonly why: string };
};

/** An action of Site Recovery: read, refuse or show, read again, one POST, and the job followed until every server has an outcome. */
export function siteRecoveryAction<Input extends TargetKeys>(parts: SiteRecoveryParts, operation: SiteRecoveryOperation<Input>): Action {
  const { facts, needed, evidence } = operation;
  const read = (input: Json) => readInput(facts.type, operation.schema, input);
  const pollMs = parts.pollMs ?? defaultPollMs;
  const followed = following(parts.reader, parts.clock, pollMs);
  return {
    facts: { ...facts, settlingMs: parts.settlingMs ?? defaultSettlingMs },
    ...(needed === undefined ? {} : { needed: async (input: Json, look: Look) => needed(await readSubject(parts.reader, read(input), look)) }),
    scope: (input) => [targetOf(read(input))],
    ...(evidence === undefined ? {} : { evidence: (input: Json, look: Look) => readSubject(parts.reader, read(input), look).then((subject) => evidence(subject, look)).catch(() => []) }),
    async preview(input, look) {
      const wanted = read(input);
      const subject = await readSubject(parts.reader, wanted, look);
      refuseUnlessQualified(parts, operation, subject);
      // What follows another operation is approved together with it, before Azure can allow it; the start looks again.
      const notYet = operation.idleOnly ? null : notAllowed(operation, subject, wanted);
      if (notYet === null) refuseUnlessReady(operation, subject, wanted);
      else operation.refuse(subject, wanted);
      const shown = operation.preview(subject, wanted);
      const stops = subject.manualActions.filter(({ failoverTypes }) => failoverTypes.includes(operation.failoverType ?? ""));
      const factsNow = [
        ...shown.facts,
        ...stops.map(({ name, text }) => ({ label: "Stops for people", value: text === "" ? name : `${name}: ${text}` })),
        ...(notYet === null ? [] : [{ label: "Now", value: `not allowed yet: ${notYet}` }]),
      ];
      const targets = subject.servers.map((s) => ({ id: s.id.toLowerCase(), name: s.name })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return { action: facts.type, targets, planDigest: subject.digest, ...shown, facts: factsNow };
    },
    async start(input, send) {
      const wanted = read(input);
      const subject = await lastLook(parts, operation, wanted, send);
      refuseUnlessQualified(parts, operation, subject);
      refuseUnlessReady(operation, subject, wanted);
      const { jobId } = await operation.send(subject, wanted, send);
      followed.began(jobId, subject);
      return { handle: jobId };
    },
    find: (input, tag, since, look) => findJob(parts.reader, targetOf(read(input)), operation.scenario, tag, since, look),
    async follow(handle, input, look) {
      const wanted = read(input);
      const judgement = operation.judge(wanted);
      const hollow = followed.hollow(handle);
      if (hollow !== null) return progressOf(accepted(handle), hollow, judgement, parts.clock(), pollMs);
      const job = await parts.reader.job(handle, look);
      const { servers, foreign } = await followed.look(wanted, job, handle, look);
      const progress = progressOf(job, servers, judgement, parts.clock(), lookAgainMs(pollMs, job.askAgainAfterMs));
      const kind = wanted.plan === undefined ? "server" : "plan";
      // What somebody else began and already ended shows in the vault's jobs alone, and explains why our own work is gone.
      const others = progress.state === "failed" && foreign.length === 0 ? await workSince(parts.reader, targetOf(wanted), job, wanted.plan === undefined ? "item" : "plan", look) : foreign;
      return withForeign(progress, others, kind);
    },
    ...(operation.failoverType === undefined
      ? {}
      : {
          async resume(handle, _, pause, comments, send) {
            await stillWaiting(parts, handle, pause, send);
            await parts.writer.resumeJob(handle, comments, send);
          },
        }),
    undoInput: (input, drill) => operation.undoInput?.(read(input), drill) ?? null,
  };
}

/**
 * Azure's own view once more, as the last look before the write. A failed read is `not-now`: nothing was sent, and the
 * runner must not take it for a lost answer.
 */
async function lastLook<Input extends TargetKeys>(parts: SiteRecoveryParts, { what }: SiteRecoveryOperation<Input>, wanted: Input, look: Look): Promise<Subject> {
  try {
    return await readSubject(parts.reader, wanted, look);
  } catch (thrown) {
    const subject = wanted.plan === undefined ? "The server" : "The recovery plan";
    throw new DrillbookError("not-now", `${subject} could not be read before ${what.replace(/^an? /, "the ")}: ${asDrillbookError(thrown).message}`, "Nothing was sent to Azure. Try again.", { cause: thrown });
  }
}

/** Somebody may have let it go on in the portal: resuming then would pass over the next stop. Throws `not-now`; nothing was sent. */
async function stillWaiting({ reader }: SiteRecoveryParts, handle: string, pause: string, look: Look): Promise<void> {
  const job = await reader.job(handle, look).catch((thrown: unknown) => {
    throw new DrillbookError("not-now", `The job could not be read before it was resumed: ${asDrillbookError(thrown).message}`, "Nothing was sent to Azure. Try again.", { cause: thrown });
  });
  if (pauseOf(job)?.id === pause) return;
  throw new DrillbookError("not-now", "The recovery plan does not wait there any more: somebody has let it go on, or it has ended.", "Nothing was sent to Azure. Look at what it does now.");
}

function refuseUnlessReady<Input extends TargetKeys>(operation: SiteRecoveryOperation<Input>, subject: Subject, wanted: Input): void {
  if (operation.idleOnly && subject.scenario !== null) {
    throw new DrillbookError(
      "not-now",
      `Azure is already at work on ${subject.name}: ${work(subject)}.`,
      "This drill did not start it. Find out whose it is; wait until it ends, or clean up the test failover that it left.",
    );
  }
  const why = notAllowed(operation, subject, wanted);
  if (why !== null) throw new DrillbookError("not-now", `Azure does not allow ${operation.what} of ${subject.name} now: ${why}.`, operation.whenNotAllowed);
  operation.refuse(subject, wanted);
  if (operation.idleOnly) refuseWhileOthersWork(subject.servers);
}

/** Why Azure would refuse it now, in words; null: it would not. */
function notAllowed<Input extends TargetKeys>(operation: SiteRecoveryOperation<Input>, subject: Subject, wanted: Input): string | null {
  if (operation.allowedBy(wanted).some((word) => subject.allowedOperations.includes(word))) return null;
  return subject.scenario === null ? `it allows ${subject.allowedOperations.join(", ") || "nothing"}` : `it is at ${work(subject)}`;
}

/** A real failover rests on how Azure behaves, which nobody here has seen until one sacrificial server went through it. */
function refuseUnlessQualified<Input extends TargetKeys>({ qualified }: SiteRecoveryParts, { facts, what }: SiteRecoveryOperation<Input>, { name, providers }: Subject): void {
  const unknown = facts.live === true && qualified !== undefined ? providers.filter((provider) => !qualified(provider)) : [];
  if (unknown.length === 0) return;
  throw new DrillbookError("not-now", `${what[0]?.toUpperCase() ?? ""}${what.slice(1)} of ${name} is for real, and Drillbook was not qualified for ${unknown.join(", ")} here.`, "Run drillbook qualify on one sacrificial server of the same kind first: see docs/azure.md.");
}

function work({ scenario, scenarioStatus }: Subject): string {
  return `${scenario?.name ?? ""}, job ${armName(scenario?.jobId ?? "")}${scenarioStatus === "" ? "" : ` (${scenarioStatus})`}`;
}

/** A job of which nothing can be seen yet. */
function accepted(id: string) {
  return { id, scenario: "", state: "NotStarted", stateDescription: "", activityId: "", targetName: "", startedAt: null, endedAt: null, tasks: [], problems: [] };
}
