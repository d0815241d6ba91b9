import type { SiteRecoveryManagementClient } from "@azure/arm-recoveryservices-siterecovery";
import type { TestFailoverWriter } from "../actions/ports.ts";
import type { Send } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { jobIdIn, parsePlanId } from "./arm-id.ts";
import type { PlanId } from "./arm-id.ts";
import { writing } from "./call.ts";
import type { WriteAttempt } from "./call.ts";
import type { Connection } from "./connection.ts";
import { writeFailure } from "./failure.ts";
import { testFailoverProperties } from "./test-failover-input.ts";

type RequestOptions = { readonly abortSignal: AbortSignal; readonly requestOptions: { readonly customHeaders: Record<string, string> } };
type Post = (client: SiteRecoveryManagementClient, plan: PlanId, options: RequestOptions) => Promise<unknown>;

/** Starts and cleans up test failovers of recovery plans, one POST a call, and gives the job that Azure names. */
export function testFailoverWriter(connection: Connection): TestFailoverWriter {
  return {
    async testFailover(planId, properties, send) {
      const input = { properties: testFailoverProperties(properties) };
      return post(connection, planId, "the test failover", send, (client, { vault, resourceGroup, plan }, options) =>
        client.replicationRecoveryPlans.beginTestFailover(vault, resourceGroup, plan, input, options),
      );
    },
    async testFailoverCleanup(planId, comments, send) {
      const input = { properties: { comments } };
      return post(connection, planId, "the clean-up of the test failover", send, (client, { vault, resourceGroup, plan }, options) =>
        client.replicationRecoveryPlans.beginTestFailoverCleanup(vault, resourceGroup, plan, input, options),
      );
    },
  };
}

async function post(connection: Connection, planId: string, what: string, send: Send, request: Post): Promise<{ jobId: string }> {
  const plan = parsePlanId(planId);
  const client = connection.writer(plan.subscription);
  const attempt: WriteAttempt = { send, sent: false, answer: null };
  let thrown: unknown = null;
  try {
    await writing(attempt, () => request(client, plan, optionsOf(send)));
  } catch (error) {
    // Also what stops the SDK's poller: what happened to the POST is in the attempt, whatever came after it.
    thrown = error;
  }
  const job = acceptedJob(attempt);
  if (job === null) throw writeFailure(attempt, thrown, what);
  return { jobId: jobIdIn(plan, job) };
}

function optionsOf(send: Send): RequestOptions {
  // The tag becomes a header: nothing that could end it or start another.
  if (!/^[\w.-]{1,128}$/.test(send.tag)) throw new DrillbookError("bad-input", "A tag has letters, digits, dots, dashes and underscores only.", "This is a fault in Drillbook: report it.");
  return { abortSignal: send.signal, requestOptions: { customHeaders: { "x-ms-client-request-id": send.tag } } };
}

/** The job's name from the headers of an accepted POST. Any of the three carries it; a doubled header names it twice. */
export function acceptedJob({ answer }: WriteAttempt): string | null {
  if (answer === null || answer.status < 200 || answer.status >= 300) return null;
  for (const [header, before] of jobHeaders) {
    const job = new RegExp(`/${before}/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![\\w-])`, "i").exec(answer.header(header) ?? "")?.[1];
    if (job !== undefined) return job;
  }
  return null;
}

const jobHeaders = [
  ["location", "operationresults"],
  ["azure-asyncoperation", "replicationOperationStatus"],
  ["x-ms-request-id", "replicationJobs"],
] as const;
