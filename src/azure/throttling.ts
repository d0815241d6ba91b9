import { setTimeout as delay } from "node:timers/promises";
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import type { Clock } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { currentCall } from "./call.ts";
import { leftOf } from "./request-limits.ts";

// Waited for silently up to here; beyond it people are told instead.
const longestWaitMs = 60_000;
// However long Azure asks for, it is asked again after this.
const longestBlockMs = 10 * 60_000;
// With so few requests left in Azure's bucket, those that may wait leave room for those that may not.
const fewLeft = 20;
const spreadMs = 1_000;

export type Throttling = {
  /** Before a request: waits until its turn. Throws `azure-throttled` when that would take too long; nothing was sent then. */
  readonly waitForTurn: PipelinePolicy;
  /** After an answer: learns from its headers. */
  readonly learn: PipelinePolicy;
};

/**
 * What Azure says of its limits, kept for all drills of this process: one that is throttled slows the others too, because
 * they share the bucket. Azure counts by subscription, by service, and reads apart from writes. `now` is the clock of the
 * send-by times, `elapsed` a monotonic time in milliseconds.
 */
export function throttling(now: Clock, elapsed: () => number = () => performance.now(), sleep = (ms: number, signal: AbortSignal | undefined): Promise<unknown> => delay(ms, undefined, signal === undefined ? {} : { signal })): Throttling {
  const blockedUntil = new Map<string, number>();
  const put = (key: string, ms: number) => void blockedUntil.set(key, Math.max(blockedUntil.get(key) ?? 0, elapsed() + Math.min(ms, longestBlockMs)));
  return {
    waitForTurn: {
      name: "drillbookThrottleTurn",
      async sendRequest(request, next) {
        const [bucket, service] = keysOf(request);
        const leftMs = Math.max(blockedUntil.get(bucket) ?? 0, blockedUntil.get(service) ?? 0) - elapsed();
        if (leftMs > 0) {
          if (leftMs > patienceMs(now)) throw throttled(leftMs);
          await sleep(leftMs, currentCall()?.look.signal);
        }
        return next(request);
      },
    },
    learn: {
      name: "drillbookThrottleLearn",
      async sendRequest(request, next) {
        const response = await next(request);
        const [bucket, service] = keysOf(request);
        if (response.status === 429) put(service, askedMs(response) ?? spreadMs);
        const left = remaining(response);
        if (left !== null && left < fewLeft) put(bucket, spreadMs);
        return response;
      },
    },
  };
}

/** A write may not wait past the time until which it may be sent. */
function patienceMs(now: Clock): number {
  const send = currentCall()?.attempt?.send;
  return send === undefined ? longestWaitMs : Math.min(longestWaitMs, Math.max(0, leftOf(send, now)));
}

function keysOf({ url, method }: PipelineRequest): readonly [bucket: string, service: string] {
  const path = new URL(url).pathname.toLowerCase();
  const bucket = `${/^\/subscriptions\/[^/]+/.exec(path)?.[0] ?? ""} ${method === "GET" ? "reads" : "writes"}`;
  return [bucket, `${bucket} ${/\/providers\/([^/]+)/.exec(path)?.[1] ?? ""}`];
}

/** Seconds or a date, as HTTP has it. */
function askedMs({ headers }: PipelineResponse): number | null {
  const text = headers.get("retry-after");
  if (text === undefined || text === "") return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}

function remaining({ headers }: PipelineResponse): number | null {
  const counts = ["reads", "writes"].map((kind) => Number(headers.get(`x-ms-ratelimit-remaining-subscription-${kind}`) ?? Number.NaN)).filter((count) => Number.isFinite(count));
  return counts.length === 0 ? null : Math.min(...counts);
}

function throttled(leftMs: number): DrillbookError {
  return new DrillbookError("azure-throttled", `Azure asked for no more requests for another ${Math.ceil(leftMs / 1000)} seconds, so nothing was sent.`, "Wait, then try again. Other drills and other programs share the same limit.");
}
