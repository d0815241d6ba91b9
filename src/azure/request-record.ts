import { createHash } from "node:crypto";
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import type { RequestRecord } from "../drills/events.ts";
import type { Clock } from "../drills/ports.ts";
import { currentCall } from "./call.ts";

/**
 * Puts every attempt at every request on the record of the call it belongs to. It must stand after the retry policy, or
 * it would see the last attempt alone.
 */
export function recordRequests(now: Clock): PipelinePolicy {
  return {
    name: "drillbookRequestRecord",
    async sendRequest(request, next) {
      const at = now().toISOString();
      const began = performance.now();
      let response: PipelineResponse | null = null;
      try {
        response = await next(request);
        return response;
      } finally {
        currentCall()?.look.record(recordOf(request, response, at, performance.now() - began));
      }
    },
  };
}

function recordOf(request: PipelineRequest, response: PipelineResponse | null, at: string, durationMs: number): RequestRecord {
  return {
    at,
    method: request.method,
    path: publicPath(request.url),
    status: response?.status ?? null,
    clientRequestId: request.headers.get("x-ms-client-request-id") ?? null,
    requestId: firstOf(response?.headers.get("x-ms-request-id")),
    correlationId: firstOf(response?.headers.get("x-ms-correlation-request-id")),
    bodySha256: typeof request.body === "string" ? createHash("sha256").update(request.body).digest("hex") : null,
    durationMs: Math.round(durationMs),
  };
}

/** Path and api-version. Other query values are left out: poll and SAS addresses carry signatures there. */
function publicPath(url: string): string {
  const { pathname, searchParams } = new URL(url);
  const version = searchParams.get("api-version");
  return version === null ? pathname : `${pathname}?api-version=${version}`;
}

/** Site Recovery sends x-ms-request-id twice, and a client joins the two with a comma. */
function firstOf(header: string | undefined): string | null {
  return header?.split(",")[0]?.trim() ?? null;
}
