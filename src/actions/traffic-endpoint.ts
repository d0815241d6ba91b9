import { z } from "zod";
import { digestOf } from "../drills/digest.ts";
import type { Action, Look, Progress } from "../drills/ports.ts";
import { DrillbookError, asDrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { sayDuration } from "../runbooks/duration-text.ts";
import { readInput } from "../runbooks/read-input.ts";
import { sameId } from "../runbooks/resource-id.ts";
import type { Json } from "../runbooks/runbook.ts";
import { handleOf, readHandle } from "./compute-parts.ts";
import { defaultPollMs, defaultSettlingMs } from "./parts.ts";
import { serviceMs, shownValues, trafficFacts } from "./traffic-parts.ts";
import type { TrafficParts } from "./traffic-parts.ts";
import type { Endpoint, TrafficProfile } from "./traffic-ports.ts";

const endpointId = z
  .string()
  .max(1000)
  .regex(/^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Network\/trafficManagerProfiles\/[^/\s]+\/(?:azure|external|nested)Endpoints\/[^/\s?#]+$/i, { error: "Give the endpoint's Azure resource id (/subscriptions/…/trafficManagerProfiles/profile/azureEndpoints/name)." });

const wanted = { status: z.enum(["enabled", "disabled"]).optional(), priority: z.number().int().min(1).max(1000).optional() };

const endpointInput = z
  .strictObject({
    endpoint: endpointId,
    ...wanted,
    /** What must be there now; the undo writes it, so that it takes back our change and nobody else's. */
    onlyIf: z.strictObject(wanted).optional(),
  })
  .refine(({ status, priority }) => status !== undefined || priority !== undefined, { error: "Give status, priority or both." });
type Input = z.output<typeof endpointInput>;

const profiles = "Microsoft.Network/trafficManagerProfiles";

export const trafficEndpointFacts: ActionFacts = trafficFacts({
  type: "traffic-endpoint",
  summary: "Enables, disables or orders an endpoint of a Traffic Manager profile, and waits until resolvers know",
  schema: endpointInput,
  permissions: [`${profiles}/read`, ...["azureEndpoints", "externalEndpoints", "nestedEndpoints"].map((kind) => `${profiles}/${kind}/write`)],
});

/** The action `traffic-endpoint`. Its undo is itself, with the exact values that were there before. */
export function trafficEndpoint(parts: TrafficParts): Action {
  const read = (input: Json) => readInput(trafficEndpointFacts.type, endpointInput, input);
  const values = shownValues();
  return {
    facts: { ...trafficEndpointFacts, settlingMs: parts.settlingMs ?? defaultSettlingMs },
    async needed(input, look) {
      const change = read(input);
      const { endpoint } = await found(parts, change, look);
      return holds(endpoint, change) ? { needed: false, why: `${endpoint.name} is as it was before` } : { needed: true, why: `${endpoint.name} is ${state(endpoint)}` };
    },
    async preview(input, look) {
      const change = read(input);
      const { profile, endpoint } = await found(parts, change, look);
      refuse(profile, endpoint, change);
      const former = formerOf(endpoint, change);
      values.shown(input, former);
      return {
        action: trafficEndpointFacts.type,
        targets: [{ id: change.endpoint.toLowerCase(), name: endpoint.name }],
        planDigest: digestOf({ endpoint: change.endpoint.toLowerCase(), ...former }),
        recoveryPointRule: null,
        undo: `back to ${words(former)}`,
        former,
        facts: [
          { label: "What happens", value: `${endpoint.name} (${endpoint.target}) in ${profile.name} becomes ${words(change)}` },
          { label: "Now", value: `${state(endpoint)}; probes say ${endpoint.monitor || "nothing"}` },
          { label: "Who is moved", value: `everybody who resolves ${profile.fqdn}` },
          { label: "Known everywhere after", value: sayDuration(noticedSeconds(profile, endpoint, change) * 1000) },
          { label: "Undo", value: `back to ${words(former)}` },
        ],
      };
    },
    async start(input, send) {
      const change = read(input);
      const { profile, endpoint } = await lastLook(parts, change, send);
      refuse(profile, endpoint, change);
      values.refuseChanged(input, formerOf(endpoint, change));
      const seconds = noticedSeconds(profile, endpoint, change);
      const startedAt = parts.clock();
      await parts.trafficWriter.endpoint(change.endpoint, asked(change), send);
      return { handle: handleOf(String(seconds), startedAt) };
    },
    // The endpoint itself tells: it stands as was asked or it does not.
    async find(input, _tag, since, look) {
      const change = read(input);
      const { profile, endpoint } = await found(parts, change, look);
      return holds(endpoint, change) ? { handle: handleOf(String(noticedSeconds(profile, endpoint, change)), since) } : null;
    },
    async follow(handle, input, look) {
      const change = read(input);
      const { place: seconds, startedAt } = readHandle(handle);
      const { profile, endpoint } = await found(parts, change, look);
      const waitMs = serviceMs(Number(seconds), parts.pace);
      return progress(profile, endpoint, change, parts.clock().getTime() - startedAt, waitMs, parts.pollMs ?? defaultPollMs);
    },
    undoInput(input, _drill, preview) {
      const change = read(input);
      const former = preview?.former;
      if (former === null || former === undefined || typeof former !== "object") return null;
      return { endpoint: change.endpoint, ...former, onlyIf: asked(change) };
    },
  };
}

async function found(parts: TrafficParts, { endpoint: id }: Input, look: Look): Promise<{ profile: TrafficProfile; endpoint: Endpoint }> {
  const profile = await parts.traffic.profileOf(id, look);
  const endpoint = profile.endpoints.find((one) => sameId(one.id, id));
  if (endpoint === undefined) throw new DrillbookError("not-found", `${profile.name} has no such endpoint.`, "Compare the id with the profile's endpoints in the Azure portal.");
  return { profile, endpoint };
}

async function lastLook(parts: TrafficParts, change: Input, look: Look) {
  try {
    return await found(parts, change, look);
  } catch (thrown) {
    throw new DrillbookError("not-now", `The profile could not be read before the change: ${asDrillbookError(thrown).message}`, "Nothing was sent to Azure. Try again.", { cause: thrown });
  }
}

function refuse(profile: TrafficProfile, endpoint: Endpoint, change: Input): void {
  if (change.onlyIf !== undefined && !holds(endpoint, change.onlyIf)) {
    throw new DrillbookError("not-now", `Somebody else changed ${endpoint.name}: it is ${state(endpoint)}, and this drill left it ${words(change.onlyIf)}.`, "Find out who it was. Set it by hand if it is to be set.");
  }
  if (change.priority !== undefined && profile.endpoints.some((one) => one !== endpoint && one.priority === change.priority)) {
    throw new DrillbookError("not-now", `Another endpoint of ${profile.name} has priority ${change.priority} already.`, "Move that one first: a priority stands once in a profile.");
  }
  const serving = profile.endpoints.filter((one) => one !== endpoint && one.status === "enabled" && (one.alwaysServes || one.monitor === "Online"));
  if (change.status === "disabled" && endpoint.status === "enabled" && serving.length === 0) {
    throw new DrillbookError("not-now", `Without ${endpoint.name} nothing would serve ${profile.fqdn}: no other endpoint is enabled and online.`, "Enable another endpoint first, and wait until its probes say Online.");
  }
}

/** Resolvers keep an answer for its time to live; an endpoint that is enabled is answered with after its probes have come round. */
function noticedSeconds(profile: TrafficProfile, endpoint: Endpoint, { status }: Input): number {
  const probed = status === "enabled" && endpoint.status === "disabled" && !endpoint.alwaysServes;
  return profile.ttlSeconds + (probed ? probeSeconds(profile) : 0);
}

function probeSeconds({ toleratedFailures, probeIntervalSeconds, probeTimeoutSeconds }: TrafficProfile): number {
  return (toleratedFailures + 1) * probeIntervalSeconds + probeTimeoutSeconds;
}

function progress(profile: TrafficProfile, endpoint: Endpoint, change: Input, sinceMs: number, waitMs: number, pollMs: number): Progress {
  const online = endpoint.status === "disabled" || endpoint.alwaysServes || endpoint.monitor === "Online" || change.status !== "enabled";
  const late = sinceMs > waitMs * 2;
  const outcome = !holds(endpoint, change) ? "failed" : online && sinceMs >= waitMs ? "succeeded" : late && !online ? "failed" : "running";
  const summary = `${endpoint.name} is ${state(endpoint)}${endpoint.status === "enabled" ? `, probes say ${endpoint.monitor || "nothing"}` : ""}${outcome === "running" ? "; resolvers may still answer the old way" : ""}`;
  const why = holds(endpoint, change) ? `Traffic Manager's probes do not find ${endpoint.name} online: ${endpoint.monitor}.` : `Somebody else changed ${endpoint.name}: it is ${state(endpoint)}.`;
  const action = holds(endpoint, change) ? "See what the endpoint answers to the profile's probe: path, port, status." : "Find out in the activity log who it was.";
  const problem = { code: "traffic-endpoint", message: why, causes: "", action, server: endpoint.name };
  const nextLookMs = Math.max(1, Math.min(pollMs, sinceMs < waitMs ? waitMs - sinceMs : pollMs));
  return { state: outcome, summary, tasks: [], servers: [{ name: endpoint.name, outcome, detail: `${profile.fqdn}: ${state(endpoint)}`, testServer: null }], problems: outcome === "failed" ? [problem] : [], nextLookMs };
}

function holds(endpoint: Endpoint, { status, priority }: Pick<Input, "status" | "priority">): boolean {
  return (status === undefined || endpoint.status === status) && (priority === undefined || endpoint.priority === priority);
}

/** What is there now, of what the change would change. */
function formerOf(endpoint: Endpoint, { status, priority }: Input): { readonly status?: "enabled" | "disabled"; readonly priority?: number } {
  return { ...(status === undefined ? {} : { status: endpoint.status }), ...(priority === undefined || endpoint.priority === null ? {} : { priority: endpoint.priority }) };
}

function asked({ status, priority }: Input): { readonly status?: "enabled" | "disabled"; readonly priority?: number } {
  return { ...(status === undefined ? {} : { status }), ...(priority === undefined ? {} : { priority }) };
}

function words({ status, priority }: { readonly status?: string | undefined; readonly priority?: number | undefined }): string {
  return [status ?? "", priority === undefined ? "" : `priority ${priority}`].filter((part) => part !== "").join(", ");
}

function state({ status, priority }: Endpoint): string {
  return words({ status, priority: priority ?? undefined });
}
