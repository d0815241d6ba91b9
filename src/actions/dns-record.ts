import { z } from "zod";
import { digestOf } from "../drills/digest.ts";
import type { Action, Look, Progress } from "../drills/ports.ts";
import { DrillbookError, asDrillbookError } from "../errors.ts";
import type { ActionFacts } from "../runbooks/catalogue.ts";
import { sayDuration } from "../runbooks/duration-text.ts";
import { readInput } from "../runbooks/read-input.ts";
import { armName } from "../runbooks/resource-id.ts";
import type { Json } from "../runbooks/runbook.ts";
import { handleOf, readHandle } from "./compute-parts.ts";
import { defaultPollMs, defaultSettlingMs } from "./parts.ts";
import { serviceMs, shownValues, trafficFacts } from "./traffic-parts.ts";
import type { TrafficParts } from "./traffic-parts.ts";
import type { DnsRecord } from "./traffic-ports.ts";

const hostName = /^(?=.{1,253}\.?$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}\.?$/i;
const recordValue = { A: (text: string) => z.ipv4().safeParse(text).success, AAAA: (text: string) => z.ipv6().safeParse(text).success, CNAME: (text: string) => hostName.test(text) };
const ttl = z.number().int().min(1).max(86_400);
const values = z.array(z.string().max(255)).min(1).max(20);

const recordInput = z
  .strictObject({
    zone: z.string().max(1000).regex(/^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Network\/dnsZones\/[^/\s?#]+$/i, { error: "Give the DNS zone's Azure resource id (/subscriptions/…/dnsZones/name)." }),
    record: z.string().regex(/^(?:@|\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]{0,250}[a-z0-9_])?)$/i, { error: "Give the record's name within the zone, @ for the zone itself." }),
    type: z.enum(["A", "AAAA", "CNAME"], { error: "Name A, AAAA or CNAME." }),
    values,
    /** Seconds; absent: as it is. */
    ttl: ttl.optional(),
    /** What must be there now; the undo writes it, so that it takes back our change and nobody else's. */
    onlyIf: z.strictObject({ values, ttl }).optional(),
  })
  .refine(({ type, values: given }) => given.every(recordValue[type]), { error: "The values do not fit the type: addresses for A and AAAA, a host name for CNAME.", path: ["values"] })
  .refine(({ type, values: given }) => type !== "CNAME" || given.length === 1, { error: "A CNAME has one value.", path: ["values"] });
type Input = z.output<typeof recordInput>;

const zones = "Microsoft.Network/dnsZones";

export const dnsRecordFacts: ActionFacts = trafficFacts({
  type: "dns-record",
  summary: "Changes an existing DNS record under the lock of its etag, and waits until resolvers know",
  schema: recordInput,
  permissions: ["A", "AAAA", "CNAME"].flatMap((type) => [`${zones}/${type}/read`, `${zones}/${type}/write`]),
});

/** The action `dns-record`. Its undo is itself, with the exact values and time to live that were there before. */
export function dnsRecord(parts: TrafficParts): Action {
  const read = (input: Json) => readInput(dnsRecordFacts.type, recordInput, input);
  const seen = shownValues();
  return {
    facts: { ...dnsRecordFacts, settlingMs: parts.settlingMs ?? defaultSettlingMs },
    async needed(input, look) {
      const change = read(input);
      const now = await parts.traffic.record(change, look);
      return holds(now, change) ? { needed: false, why: `${now.fqdn} is as it was before` } : { needed: true, why: `${now.fqdn} is ${said(now)}` };
    },
    async preview(input, look) {
      const change = read(input);
      const now = await parts.traffic.record(change, look);
      refuse(now, change);
      const former = { values: now.values, ttl: now.ttlSeconds };
      seen.shown(input, former);
      return {
        action: dnsRecordFacts.type,
        targets: [{ id: `${change.zone}/${change.type}/${change.record}`.toLowerCase(), name: now.fqdn }],
        planDigest: digestOf({ zone: change.zone.toLowerCase(), record: change.record.toLowerCase(), type: change.type, ...former }),
        recoveryPointRule: null,
        undo: `back to ${said(now)}`,
        former,
        facts: [
          { label: "What happens", value: `${now.fqdn} (${change.type}) becomes ${change.values.join(", ")}${change.ttl === undefined ? "" : `, time to live ${sayDuration(change.ttl * 1000)}`}` },
          { label: "Now", value: said(now) },
          { label: "Where", value: `zone ${armName(change.zone)}` },
          { label: "Known everywhere after", value: `${sayDuration(now.ttlSeconds * 1000)}: resolvers keep what they have for so long` },
          { label: "Undo", value: `back to ${said(now)}` },
        ],
      };
    },
    async start(input, send) {
      const change = read(input);
      const now = await lastLook(parts, change, send);
      refuse(now, change);
      seen.refuseChanged(input, { values: now.values, ttl: now.ttlSeconds });
      const startedAt = parts.clock();
      await parts.trafficWriter.record(change, { values: change.values, ttlSeconds: change.ttl ?? now.ttlSeconds, etag: now.etag }, send);
      return { handle: handleOf(String(now.ttlSeconds), startedAt) };
    },
    // The record itself tells. How long the old answer lived is lost with it, so the longest that is left is waited for.
    async find(input, _tag, since, look) {
      const change = read(input);
      const now = await parts.traffic.record(change, look);
      return holds(now, change) ? { handle: handleOf(String(Math.max(now.ttlSeconds, change.onlyIf?.ttl ?? 0)), since) } : null;
    },
    async follow(handle, input, look) {
      const change = read(input);
      const { place: seconds, startedAt } = readHandle(handle);
      const now = await parts.traffic.record(change, look);
      return progress(now, change, parts.clock().getTime() - startedAt, serviceMs(Number(seconds), parts.pace), parts.pollMs ?? defaultPollMs);
    },
    undoInput(input, _drill, preview) {
      const { zone, record, type, values: ours, ttl: oursTtl } = read(input);
      const former = preview?.former;
      if (former === null || former === undefined || typeof former !== "object" || !("ttl" in former)) return null;
      return { zone, record, type, ...former, onlyIf: { values: ours, ttl: oursTtl ?? former["ttl"] ?? 0 } };
    },
  };
}

async function lastLook(parts: TrafficParts, change: Input, look: Look): Promise<DnsRecord> {
  try {
    return await parts.traffic.record(change, look);
  } catch (thrown) {
    throw new DrillbookError("not-now", `The record could not be read before the change: ${asDrillbookError(thrown).message}`, "Nothing was sent to Azure. Try again.", { cause: thrown });
  }
}

function refuse(now: DnsRecord, { onlyIf }: Input): void {
  if (now.alias) throw new DrillbookError("not-now", `${now.fqdn} is an alias of an Azure resource: its address is not written but follows.`, "Change the resource that it points to.");
  if (onlyIf === undefined || holds(now, onlyIf)) return;
  throw new DrillbookError("not-now", `Somebody else changed ${now.fqdn}: it is ${said(now)}, and this drill left it ${onlyIf.values.join(", ")}.`, "Find out who it was. Set it by hand if it is to be set.");
}

function progress(now: DnsRecord, change: Input, sinceMs: number, waitMs: number, pollMs: number): Progress {
  const outcome = !holds(now, change) ? "failed" : sinceMs >= waitMs ? "succeeded" : "running";
  const summary = `${now.fqdn} is ${said(now)}${outcome === "running" ? `; resolvers may keep the old answer for another ${sayDuration(Math.max(1_000, waitMs - sinceMs))}` : ""}`;
  const problem = { code: "dns-record", message: `Somebody else changed ${now.fqdn}: it is ${said(now)}.`, causes: "", action: "Find out in the activity log who it was.", server: null };
  return { state: outcome, summary, tasks: [], servers: [{ name: now.fqdn, outcome, detail: said(now), testServer: null }], problems: outcome === "failed" ? [problem] : [], nextLookMs: Math.max(1, Math.min(pollMs, waitMs - sinceMs)) };
}

function holds(now: DnsRecord, { values: given, ttl: seconds }: Pick<Input, "values" | "ttl">): boolean {
  const plain = (texts: readonly string[]) => texts.map((text) => text.toLowerCase().replace(/\.$/, "")).toSorted().join(" ");
  return plain(now.values) === plain(given) && (seconds === undefined || seconds === now.ttlSeconds);
}

function said({ values: given, ttlSeconds }: DnsRecord): string {
  return `${given.join(", ") || "empty"}, time to live ${sayDuration(ttlSeconds * 1000)}`;
}
