import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { DrillbookError } from "../errors.ts";
import { clouds, isResourceManager } from "./cloud.ts";
import type { Cloud } from "./cloud.ts";

// A longer wait is not slept through but told to people, in a rehearsal as in life.
const longestSleepSeconds = 60;

/** Sends to Resource Manager of one cloud and to nobody else: a link in an answer cannot lead a token elsewhere. */
export function resourceManagerOnly(cloud: Cloud, inner: HttpClient = createDefaultHttpClient()): HttpClient {
  return {
    sendRequest(request) {
      const url = new URL(request.url);
      if (!isResourceManager(cloud, url)) throw foreign(url);
      return inner.sendRequest(request);
    },
  };
}

/**
 * Sends what is meant for Azure to a simulator instead. The SDK keeps its https addresses, because it refuses to put a
 * token on plain http; only the last hop is rewritten. Any other host is refused. `sleep` is how a rehearsal lets a wait
 * pass that the simulator asks of a reader: the SDK itself can only wait in real time.
 */
export function toSimulator(baseUrl: string, sleep?: (ms: number, signal?: AbortSignal) => Promise<void>): HttpClient {
  const inner = createDefaultHttpClient();
  const base = new URL(baseUrl);
  if (base.hostname !== "127.0.0.1" && base.hostname !== "[::1]" && base.hostname !== "localhost") throw foreign(base);
  return {
    async sendRequest(request) {
      const original = request.url;
      const url = new URL(original);
      if (!isResourceManager(clouds.public, url)) throw foreign(url);
      request.url = `${base.origin}${url.pathname}${url.search}`;
      request.allowInsecureConnection = true;
      try {
        const response = await inner.sendRequest(request);
        const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
        if (sleep !== undefined && request.method === "GET" && (response.status === 429 || response.status === 503) && seconds <= longestSleepSeconds) {
          await sleep(seconds * 1000);
          response.headers.set("retry-after", "0");
        }
        return response;
      } finally {
        // The record and the retry policy read the address afterwards.
        request.url = original;
      }
    },
  };
}

function foreign(url: URL): DrillbookError {
  return new DrillbookError("not-allowed", `A request to ${url.origin} was refused.`, "Drillbook speaks to Azure Resource Manager alone: check the cloud and simulator settings.");
}
