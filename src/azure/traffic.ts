import type { RecordSet } from "@azure/arm-dns";
import type { Endpoint as AzureEndpoint } from "@azure/arm-trafficmanager";
import type { Endpoint, RecordPlace, TrafficReader, TrafficWriter } from "../actions/traffic-ports.ts";
import type { Look } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { parseArmId, sameId } from "./arm-id.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";
import { sendOne, tagHeader } from "./write.ts";

const kinds = ["AzureEndpoints", "ExternalEndpoints", "NestedEndpoints"] as const;

/** Reads Traffic Manager profiles and DNS records through the official SDKs. */
export function trafficReader(connection: Connection): TrafficReader {
  return {
    profileOf: (endpointId, look) =>
      asked(look, `the Traffic Manager profile of ${endpointId}`, async () => {
        const { subscription, resourceGroup, profile } = endpointPlace(endpointId);
        const { name, dnsConfig, monitorConfig, trafficRoutingMethod, endpoints } = await connection.traffic(subscription).profiles.get(resourceGroup, profile, { abortSignal: look.signal });
        return {
          name: name ?? profile,
          fqdn: dnsConfig?.fqdn ?? "",
          routing: trafficRoutingMethod ?? "",
          // Azure's own defaults, for what it leaves out.
          ttlSeconds: dnsConfig?.ttl ?? 60,
          probeIntervalSeconds: monitorConfig?.intervalInSeconds ?? 30,
          probeTimeoutSeconds: monitorConfig?.timeoutInSeconds ?? 10,
          toleratedFailures: monitorConfig?.toleratedNumberOfFailures ?? 3,
          endpoints: (endpoints ?? []).map(endpoint),
        };
      }),
    record: (place, look) =>
      asked(look, `the DNS record ${place.record}`, async () => {
        const { subscription, resourceGroup, zone } = zonePlace(place.zone);
        const found = await connection.dns(subscription).recordSets.get(resourceGroup, zone, place.record, place.type, { abortSignal: look.signal });
        return { etag: found.etag ?? "", ttlSeconds: found.ttl ?? 0, values: valuesOf(found), alias: (found.targetResource?.id ?? "") !== "", fqdn: found.fqdn ?? `${place.record}.${zone}` };
      }),
  };
}

/** Changes Traffic Manager endpoints and DNS records, one request a call. */
export function trafficWriter(connection: Connection): TrafficWriter {
  return {
    async endpoint(endpointId, { status, priority }, send) {
      const { subscription, resourceGroup, profile, kind, name } = endpointPlace(endpointId);
      const body = { ...(status === undefined ? {} : { endpointStatus: status === "enabled" ? "Enabled" : "Disabled" }), ...(priority === undefined ? {} : { priority }) };
      return sendOne(send, `the change of endpoint ${name}`, () => connection.trafficWriter(subscription).endpoints.update(resourceGroup, profile, kind, name, body, optionsOf(send)));
    },
    async record(place, { values, ttlSeconds, etag }, send) {
      const { subscription, resourceGroup, zone } = zonePlace(place.zone);
      // An empty etag would switch the lock off.
      if (etag === "") throw new DrillbookError("not-now", `Azure gave no etag for the DNS record ${place.record}, so a change could overwrite somebody else's.`, "Change it in the Azure portal.");
      return sendOne(send, `the change of the DNS record ${place.record}`, () =>
        connection.dnsWriter(subscription).recordSets.update(resourceGroup, zone, place.record, place.type, { ttl: ttlSeconds, ...recordsOf(place.type, values) }, { ...optionsOf(send), ifMatch: etag }),
      );
    },
  };
}

function optionsOf(send: Parameters<TrafficWriter["endpoint"]>[2]) {
  return { abortSignal: send.signal, requestOptions: { customHeaders: tagHeader(send) } };
}

function endpoint(azure: AzureEndpoint): Endpoint {
  return {
    id: azure.id ?? "",
    name: azure.name ?? "",
    status: azure.endpointStatus === "Disabled" ? "disabled" : "enabled",
    monitor: azure.endpointMonitorStatus ?? "",
    priority: azure.priority ?? null,
    weight: azure.weight ?? null,
    target: azure.target ?? "",
    alwaysServes: azure.alwaysServe === "Enabled",
  };
}

function valuesOf(set: RecordSet): readonly string[] {
  if (set.cnameRecord?.cname) return [set.cnameRecord.cname];
  return [...(set.aRecords ?? []).map(({ ipv4Address }) => ipv4Address ?? ""), ...(set.aaaaRecords ?? []).map(({ ipv6Address }) => ipv6Address ?? "")];
}

function recordsOf(type: RecordPlace["type"], values: readonly string[]) {
  if (type === "A") return { aRecords: values.map((ipv4Address) => ({ ipv4Address })) };
  return type === "AAAA" ? { aaaaRecords: values.map((ipv6Address) => ({ ipv6Address })) } : { cnameRecord: { cname: values[0] ?? "" } };
}

function endpointPlace(text: string) {
  const { subscription, resourceGroup, provider, types, names } = parseArmId(text);
  const kind = kinds.find((one) => sameId(one, types[1] ?? ""));
  const [profile, name, ...more] = names;
  if (!sameId(provider, "Microsoft.Network") || !sameId(types[0] ?? "", "trafficManagerProfiles") || kind === undefined || profile === undefined || name === undefined || more.length > 0) {
    throw new DrillbookError("bad-input", `"${text.slice(0, 120)}" is not the id of a Traffic Manager endpoint.`, "It ends with /trafficManagerProfiles/<profile>/azureEndpoints/<name>, or externalEndpoints or nestedEndpoints.");
  }
  return { subscription, resourceGroup, profile, kind, name };
}

function zonePlace(text: string) {
  const { subscription, resourceGroup, provider, types, names } = parseArmId(text);
  const [zone, ...more] = names;
  if (!sameId(provider, "Microsoft.Network") || !sameId(types[0] ?? "", "dnsZones") || zone === undefined || more.length > 0) {
    throw new DrillbookError("bad-input", `"${text.slice(0, 120)}" is not the id of a DNS zone.`, "It ends with /dnsZones/<name>.");
  }
  return { subscription, resourceGroup, zone };
}

async function asked<T>(look: Look, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await reading(look, work);
  } catch (thrown) {
    throw readFailure(thrown, what);
  }
}
