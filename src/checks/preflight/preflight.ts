import type { Observation } from "../../drills/events.ts";
import type { Check, Clock, Look } from "../../drills/ports.ts";
import { asDrillbookError } from "../../errors.ts";
import type { Catalogue } from "../../runbooks/catalogue.ts";
import { isRecord } from "../../runbooks/json.ts";
import { armName } from "../../runbooks/resource-id.ts";
import type { Runbook } from "../../runbooks/runbook.ts";
import { recoveryGroups, rightRows, missingSays } from "../permissions-check.ts";
import { rightsFor } from "../rights.ts";
import type { Job, ProtectedServer, ReplicationReader, RightsReader } from "../ports.ts";
import { cleanupNote, pendingTests } from "./cleanup-delay.ts";
import { needsOf } from "./needs.ts";
import type { Needs } from "./needs.ts";
import { standsInside } from "./own-place.ts";
import type { OwnPlace } from "./own-place.ts";

export type PreflightParts = {
  readonly checks: ReadonlyMap<string, Check>;
  readonly reader: ReplicationReader;
  readonly rights: RightsReader;
  readonly catalogue: Pick<Catalogue, "actions" | "checks">;
  /** Where Drillbook itself, its store and its identity stand. */
  readonly own: readonly OwnPlace[];
  readonly clock: Clock;
};

/** `reasons`: why the drill would fail half way, or must not begin. `notes`: what whoever starts it ought to know. */
export type Preflight = { readonly reasons: readonly string[]; readonly notes: readonly string[] };

type Params = Readonly<Record<string, string>>;
type Found = { readonly reasons?: readonly string[]; readonly notes?: readonly string[] };

/** Reasons of one check on a card. */
const mostReasons = 6;

/** How far back cleanups are looked at to say how long one takes. */
const lookBackMs = 180 * 86_400_000;

/**
 * Everything that can be known before a drill starts, in one list: what its own checks say now, room, rights, isolation, test
 * failovers that are pending, and whether Drillbook would fail over itself. Reads alone; what cannot be read is a reason too.
 */
export async function preflight(runbook: Runbook, params: Params, parts: PreflightParts, look: Look): Promise<Preflight> {
  const needs = needsOf(runbook, params);
  const asked = await Promise.all([
    ...needs.checks.map((check) => ofCheck(check, parts, look)),
    ...needs.plans.map((plan) => ofPlan(plan, parts, look)),
    ofRights(needs, parts, look),
  ]);
  const unique = (texts: readonly string[]) => [...new Set(texts)];
  return { reasons: unique(asked.flatMap((one) => one.reasons ?? [])), notes: unique(asked.flatMap((one) => one.notes ?? [])) };
}

/** A check of the runbook, or one that it ought to have: made now, it fails now instead of half way. */
async function ofCheck({ type, title, input }: Needs["checks"][number], parts: PreflightParts, look: Look): Promise<Found> {
  return known(title, look, async () => {
    const check = parts.checks.get(type);
    if (check === undefined) return {};
    const seen = await check.observe(input, { ...look, testServers: [] });
    const told = seen.diagnosis.filter((text) => text.startsWith("Allowed by name"));
    return seen.verdict === "passed" ? { notes: told } : { reasons: reasonsOf(seen).map((reason) => `${title}: ${reason}.`) };
  });
}

/** Each fault by itself: a card that says "and two more" hides what somebody has to mend tonight. */
function reasonsOf({ summary, diagnosis, result }: Observation): readonly string[] {
  const rows = isRecord(result) && Array.isArray(result["rows"]) ? result["rows"].filter(isRecord).filter((row) => row["verdict"] !== "up") : [];
  const faults = rows.map((row) => row["reason"]).filter((reason) => typeof reason === "string");
  const all = faults.length > 0 ? faults : diagnosis.map((text) => text.replace(/\.$/, ""));
  return all.length === 0 ? [summary] : all.length > mostReasons ? [...all.slice(0, mostReasons), `and ${all.length - mostReasons} more`] : all;
}

async function ofPlan(plan: string, parts: PreflightParts, look: Look): Promise<Found> {
  return known(armName(plan), look, async () => {
    const servers: readonly ProtectedServer[] = await parts.reader.servers(plan, look);
    const jobs: readonly Job[] = await parts.reader.jobsSince(plan, new Date(parts.clock().getTime() - lookBackMs), look);
    const delay = cleanupNote(jobs, [armName(plan), ...servers.map((server) => server.name)]);
    const pending = pendingTests(servers, delay);
    const inside = standsInside(parts.own, servers);
    return { reasons: [...pending, ...inside.reasons], notes: [`While test servers of ${armName(plan)} stand, a real failover of them waits for their cleanup: ${delay}.`, ...inside.notes] };
  });
}

async function ofRights({ types, ids, plans }: Needs, parts: PreflightParts, look: Look): Promise<Found> {
  if (ids.length === 0) return {};
  return known("Rights", look, async () => {
    const permissions = types.flatMap((type) => (parts.catalogue.actions.get(type) ?? parts.catalogue.checks.get(type))?.permissions ?? []);
    const groups = (await Promise.all(plans.map((plan) => recoveryGroups(plan, parts.reader, look)))).flat();
    return { reasons: missingSays(await rightRows(rightsFor(permissions, { ids, groups: [...new Set(groups)] }), parts.rights, look)) };
  });
}

async function known(what: string, look: Look, ask: () => Promise<Found>): Promise<Found> {
  try {
    return await ask();
  } catch (thrown) {
    if (look.signal.aborted) return { reasons: [`${what}: Azure did not answer in time, so that nothing is known of it.`] };
    const { message } = asDrillbookError(thrown);
    return { reasons: [`${what}: nothing is known of it. ${message}`] };
  }
}
