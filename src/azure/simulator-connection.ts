import type { AzureOptions } from "./connect.ts";
import { toSimulator } from "./http-client.ts";

/**
 * What `connectAzure` needs to speak to a simulator on this machine. The token is a fixed word that is worth nothing
 * anywhere, and every host but Resource Manager's is refused before a socket opens.
 */
export function simulatorConnection(
  baseUrl: string,
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>,
): Pick<AzureOptions, "credential" | "httpClient" | "blobOrigin" | "scriptPollMs" | "retryDelayMs"> {
  return {
    credential: { getToken: async () => ({ token: "simulated", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
    httpClient: toSimulator(baseUrl, sleep),
    blobOrigin: new URL(baseUrl).origin,
    scriptPollMs: 200,
    retryDelayMs: 200,
  };
}
