import type { Send } from "../drills/ports.ts";
import type { Json } from "../runbooks/runbook.ts";

/**
 * Writing to Site Recovery. Each call sends one POST and no more, carries `send.tag` as its client-request id, and gives
 * the ARM id of the job as soon as Azure accepts. Throws `azure-refused`, `azure-throttled` or `not-now` when it certainly
 * did not start, `outcome-unknown` when nobody can tell.
 */
export type TestFailoverWriter = {
  testFailover(planId: string, properties: Json, send: Send): Promise<{ readonly jobId: string }>;
  testFailoverCleanup(planId: string, comments: string, send: Send): Promise<{ readonly jobId: string }>;
};
