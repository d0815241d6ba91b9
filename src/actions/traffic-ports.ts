import type { Look, Send } from "../drills/ports.ts";

/** An endpoint of a Traffic Manager profile as it is now; `priority` and `weight` are null where Azure gives none. */
export type Endpoint = {
  readonly id: string;
  readonly name: string;
  readonly status: "enabled" | "disabled";
  /** What Traffic Manager's own probes say, in Azure's word. */
  readonly monitor: string;
  readonly priority: number | null;
  readonly weight: number | null;
  readonly target: string;
  /** Azure answers with it whatever the probes say. */
  readonly alwaysServes: boolean;
};

/** A Traffic Manager profile as it is now; times in seconds. */
export type TrafficProfile = {
  readonly name: string;
  readonly fqdn: string;
  readonly routing: string;
  readonly ttlSeconds: number;
  readonly probeIntervalSeconds: number;
  readonly probeTimeoutSeconds: number;
  readonly toleratedFailures: number;
  readonly endpoints: readonly Endpoint[];
};

/** A record set by the zone's resource id and its own name below the zone. */
export type RecordPlace = { readonly zone: string; readonly record: string; readonly type: "A" | "AAAA" | "CNAME" };

/** A DNS record set as it is now. `alias`: it points to an Azure resource, whose address is not ours to write. */
export type DnsRecord = { readonly etag: string; readonly ttlSeconds: number; readonly values: readonly string[]; readonly alias: boolean; readonly fqdn: string };

/** Reading where traffic goes. Throws `azure-refused`, `azure-throttled`, `azure-unreachable` or `not-found`. */
export type TrafficReader = {
  /** The profile that an endpoint belongs to, by the endpoint's id. */
  profileOf(endpointId: string, look: Look): Promise<TrafficProfile>;
  record(place: RecordPlace, look: Look): Promise<DnsRecord>;
};

/** Changing where traffic goes: one request a call. Throws as `SiteRecoveryWriter` does. */
export type TrafficWriter = {
  /** Changes what is named and nothing else. */
  endpoint(endpointId: string, change: { readonly status?: "enabled" | "disabled"; readonly priority?: number }, send: Send): Promise<void>;
  /** Azure refuses it when the record's etag is no longer this one. */
  record(place: RecordPlace, change: { readonly values: readonly string[]; readonly ttlSeconds: number; readonly etag: string }, send: Send): Promise<void>;
};
