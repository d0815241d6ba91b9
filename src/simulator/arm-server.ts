import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../runbooks/runbook.ts";
import { armError } from "./arm-answer.ts";
import type { ArmAnswer } from "./arm-answer.ts";
import { arcRoutes } from "./arc-routes.ts";
import { computeRoutes } from "./compute-routes.ts";
import { dnsRoutes } from "./dns-routes.ts";
import { dueForRequest } from "./misfortunes.ts";
import type { RequestMisfortune } from "./misfortunes.ts";
import { networkRoutes } from "./network-routes.ts";
import { letThePortalAct } from "./portal.ts";
import { resourceRoutes } from "./resource-routes.ts";
import { route } from "./router.ts";
import type { Route } from "./route.ts";
import { fateOf, nowOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import { siteRecoveryRoutes } from "./site-recovery-routes.ts";
import { trafficRoutes } from "./traffic-routes.ts";

const routes: readonly Route[] = [...siteRecoveryRoutes, ...computeRoutes, ...arcRoutes, ...networkRoutes, ...trafficRoutes, ...dnsRoutes, ...resourceRoutes];

/** One request as the simulator saw it. `status` null: it was left without an answer on purpose. */
export type RequestSeen = {
  readonly at: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly clientRequestId: string;
  readonly body: string;
  status: number | null;
};

/** Answers one Resource Manager request, or leaves it to the misfortune that is due for it. */
export async function answerArm(simulation: Simulation, request: IncomingMessage, response: ServerResponse, body: string, seen: (one: RequestSeen) => void): Promise<void> {
  const url = new URL(request.url ?? "/", "https://management.azure.com");
  const method = request.method ?? "GET";
  const clientRequestId = header(request, "x-ms-client-request-id");
  const entry: RequestSeen = { at: new Date(nowOf(simulation)).toISOString(), method, path: url.pathname + url.search, clientRequestId, body, status: null };
  seen(entry);
  letThePortalAct(simulation);
  const misfortune = dueForRequest(simulation.world.misfortunes, method, url.pathname, (index, missed) => simulation.change({ type: "misfortune.counted", index, missed }), fateOf(simulation));
  if (misfortune?.kind === "reset") return void request.socket.destroy();
  if (misfortune?.kind === "hang") return hang(request);
  const answer = misfortune?.kind === "answer" ? scripted(misfortune) : answerOf(simulation, request, method, url, clientRequestId, body);
  if (misfortune?.kind === "lost-answer") return void request.socket.destroy();
  entry.status = answer.status;
  send(simulation, response, answer, method, clientRequestId);
}

function answerOf(simulation: Simulation, request: IncomingMessage, method: string, url: URL, clientRequestId: string, body: string): ArmAnswer {
  if (!/^Bearer \S+$/.test(header(request, "authorization"))) return armError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
  if (!url.searchParams.has("api-version")) return armError(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
  const json = parsed(body);
  if (json === undefined) return armError(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.");
  return route(routes, { method, url, body: json, clientRequestId, ifMatch: header(request, "if-match"), ifNoneMatch: header(request, "if-none-match") }, simulation);
}

/** Holds a request until whoever sent it gives up. */
async function hang(request: IncomingMessage): Promise<void> {
  const gone = new AbortController();
  request.socket.once("close", () => gone.abort());
  while (!gone.signal.aborted) await delay(3_600_000, undefined, { signal: gone.signal, ref: false }).catch(() => undefined);
}

function scripted({ status, error, retryAfterSeconds }: Extract<RequestMisfortune, { kind: "answer" }>): ArmAnswer {
  const { code, message } = error ?? ordinaryErrors[status] ?? { code: "InternalServerError", message: "An internal error occurred." };
  const answer = armError(status, code, message);
  return retryAfterSeconds === undefined ? answer : { ...answer, headers: { "Retry-After": String(retryAfterSeconds) } };
}

const ordinaryErrors: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
  403: { code: "AuthorizationFailed", message: "The client does not have authorization to perform the action over the scope, or the scope is invalid." },
  404: { code: "ResourceNotFound", message: "The resource was not found." },
  429: { code: "TooManyRequests", message: "The request was throttled. Try again later." },
  503: { code: "ServerTimeout", message: "The request timed out. Try again later." },
};

function send(simulation: Simulation, response: ServerResponse, answer: ArmAnswer, method: string, clientRequestId: string): void {
  const correlation = randomUUID();
  const stamp = new Date(nowOf(simulation)).toISOString().replace(/[-:]|\.\d+/g, "");
  const remaining: Readonly<Record<string, string>> = method === "GET" ? { "x-ms-ratelimit-remaining-subscription-reads": "1099", "x-ms-ratelimit-remaining-subscription-global-reads": "16499" } : { "x-ms-ratelimit-remaining-subscription-writes": "1198" };
  const headers: Record<string, string | readonly string[]> = {
    "Cache-Control": "no-cache",
    "x-ms-request-id": randomUUID(),
    "x-ms-client-request-id": clientRequestId,
    "x-ms-correlation-request-id": correlation,
    "x-ms-routing-request-id": `WESTEUROPE:${stamp}:${correlation}`,
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    ...remaining,
    ...answer.headers,
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, typeof value === "string" ? value : [...value]);
  const text = answer.body === undefined ? "" : JSON.stringify(answer.body);
  if (text !== "") response.setHeader("Content-Type", "application/json; charset=utf-8");
  if (answer.status !== 204) response.setHeader("Content-Length", Buffer.byteLength(text));
  response.writeHead(answer.status).end(text);
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

function parsed(body: string): Json | undefined {
  try {
    const json: Json = body === "" ? null : JSON.parse(body);
    return json;
  } catch {
    return undefined;
  }
}
