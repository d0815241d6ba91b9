import { RestError } from "@azure/core-rest-pipeline";
import type { PipelinePolicy, PipelineRequest } from "@azure/core-rest-pipeline";
import type { Clock, Send } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { currentCall } from "./call.ts";
import type { WriteAttempt } from "./call.ts";

// A wait that Azure asks for is honoured up to here; a longer one is told to people instead of being slept through.
const longestWaitSeconds = 60;

/**
 * Ends an attempt after `timeoutMs`, the body included: the SDK's own timeout stops counting at the headers. A read that
 * ran out of time is reported in the form that the retry policy knows.
 */
export function limitTime(timeoutMs: number): PipelinePolicy {
  return {
    name: "drillbookTimeLimit",
    async sendRequest(request, next) {
      const whole = request.abortSignal;
      const limit = AbortSignal.timeout(timeoutMs);
      request.abortSignal = either(whole, limit);
      try {
        return await next(request);
      } catch (thrown) {
        if (!limit.aborted || whole?.aborted === true) throw thrown;
        throw new RestError(`No answer within ${timeoutMs} ms.`, { code: "ETIMEDOUT", request });
      } finally {
        request.abortSignal = whole;
      }
    },
  };
}

/** Takes an endless Retry-After off a 429, so that the SDK reports it at once. */
export function limitThrottleWait(): PipelinePolicy {
  return {
    name: "drillbookThrottleLimit",
    async sendRequest(request, next) {
      const response = await next(request);
      const wait = response.headers.get("retry-after");
      const seconds = Number(wait);
      if (response.status === 429 && wait !== undefined && !(seconds <= longestWaitSeconds)) response.headers.delete("retry-after");
      return response;
    },
  };
}

/**
 * The last policy before the socket of every writer: lets one POST through, before its send-by time, and nothing after
 * it. So the SDK's poller, a redirect, a challenge for another token and a retry all end here.
 */
export function sendOnce(now: Clock): PipelinePolicy {
  return {
    name: "drillbookSendOnce",
    async sendRequest(request, next) {
      const attempt = currentCall()?.attempt ?? null;
      if (attempt === null || attempt.sent) throw new OnePostOnly();
      const leftMs = leftOf(attempt.send, now);
      if (leftMs <= 0) throw tooLate(attempt);
      const outgoing = cutOffAt(request, leftMs);
      attempt.sent = true;
      const response = await next(outgoing);
      attempt.answer = { status: response.status, header: (name) => response.headers.get(name) ?? null, body: response.bodyAsText ?? "" };
      return response;
    },
  };
}

/** How long a write may still wait before it leaves, in milliseconds: whichever of the two clocks says less. */
export function leftOf({ sendBy, leftMs }: Send, now: Clock): number {
  // Whole milliseconds: a timer takes no part of one, and would fail after the write counts as sent.
  return Math.floor(Math.min(sendBy.getTime() - now().getTime(), leftMs?.() ?? Infinity));
}

/** Ends what the SDK would go on to do after its one POST. Never reaches a caller. */
class OnePostOnly extends Error {}

/** A connection that is slow to open must not carry the request past its send-by time. */
function cutOffAt(request: PipelineRequest, leftMs: number): PipelineRequest {
  const limit = AbortSignal.timeout(leftMs);
  request.abortSignal = either(request.abortSignal, limit);
  return request;
}

/** A signal of the SDK's own kind is not one that `AbortSignal.any` takes; its listener lives as long as one attempt. */
function either(one: PipelineRequest["abortSignal"], other: AbortSignal): AbortSignal {
  if (one === undefined) return other;
  if (one instanceof AbortSignal) return AbortSignal.any([one, other]);
  const both = new AbortController();
  const stop = () => both.abort();
  one.addEventListener("abort", stop, { once: true });
  other.addEventListener("abort", stop, { once: true });
  if (one.aborted || other.aborted) stop();
  return both.signal;
}

function tooLate(attempt: WriteAttempt): DrillbookError {
  const message = `The time to send this was over at ${attempt.send.sendBy.toISOString()}, so nothing was sent.`;
  return new DrillbookError("not-now", message, "Try the step again.");
}
