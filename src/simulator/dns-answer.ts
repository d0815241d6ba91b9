import type { Json } from "../runbooks/runbook.ts";
import { groupPath } from "./estate.ts";
import type { DnsRecord, DnsZone, Estate } from "./estate.ts";
import { guid } from "./guid.ts";

type Body = { readonly [key: string]: Json };

/** DNS zones, and their record sets as resources of their own. */
export function dnsBodies(estate: Estate): readonly Body[] {
  return (estate.dnsZones ?? []).flatMap((zone) => [zoneBody(estate, zone), ...zone.records.map((record) => recordBody(estate, zone, record))]);
}

/** The id of a record set, whose type stands where a type's name does. */
export function recordSetId(zone: string, type: string, name: string): string {
  return `${zone}/${type}/${name}`;
}

function zoneId(estate: Estate, zone: DnsZone): string {
  return `${groupPath(estate, zone.resourceGroup)}/providers/Microsoft.Network/dnszones/${zone.name}`;
}

function zoneBody(estate: Estate, zone: DnsZone): Body {
  const id = zoneId(estate, zone);
  return {
    id,
    name: zone.name,
    type: "Microsoft.Network/dnszones",
    location: "global",
    etag: guid("etag", id),
    properties: { maxNumberOfRecordSets: 10_000, numberOfRecordSets: zone.records.length, nameServers: ["ns1-01.azure-dns.com.", "ns2-01.azure-dns.net."], zoneType: "Public" },
  };
}

function recordBody(estate: Estate, zone: DnsZone, { name, type, ttl, values }: DnsRecord): Body {
  const id = recordSetId(zoneId(estate, zone), type, name);
  return {
    id,
    name,
    type: `Microsoft.Network/dnszones/${type}`,
    etag: guid("etag", id, ttl, ...values),
    properties: { metadata: {}, fqdn: `${name === "@" ? "" : `${name}.`}${zone.name}.`, TTL: ttl, ...valuesOf(type, values), targetResource: {}, provisioningState: "Succeeded" },
  };
}

function valuesOf(type: DnsRecord["type"], values: readonly string[]): Body {
  if (type === "CNAME") return { CNAMERecord: { cname: values[0] ?? "" } };
  if (type === "A") return { ARecords: values.map((ipv4Address) => ({ ipv4Address })) };
  if (type === "AAAA") return { AAAARecords: values.map((ipv6Address) => ({ ipv6Address })) };
  return { TXTRecords: values.map((value) => ({ value: [value] })) };
}
