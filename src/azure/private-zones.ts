import { createPipelineRequest, RestError } from "@azure/core-rest-pipeline";
import { z } from "zod";
import type { WayOut } from "../checks/ports.ts";
import type { Connection } from "./connection.ts";

const apiVersion = "2020-06-01";
/** Every zone costs a request; whoever has more is told that the rest was not read. */
const mostZones = 100;

const zones = z.object({ value: z.array(z.object({ id: z.string(), name: z.string() })), nextLink: z.string().nullish() });
const links = z.object({ value: z.array(z.object({ name: z.string(), properties: z.object({ virtualNetwork: z.object({ id: z.string().optional() }).optional(), registrationEnabled: z.boolean().optional() }) })), nextLink: z.string().nullish() });

/**
 * Private DNS zones that a network is linked to, in the subscriptions that Drillbook may read: their names lead to what production
 * uses, and with auto-registration a test server writes its own name into them. No SDK here knows them.
 */
export async function privateZoneLinks(connection: Connection, networkId: string, signal: AbortSignal): Promise<readonly WayOut[]> {
  const found: WayOut[] = [];
  for (const subscription of connection.subscriptions) {
    const all = await pages(connection, subscription, `/subscriptions/${subscription}/providers/Microsoft.Network/privateDnsZones`, zones, signal);
    for (const zone of all.slice(0, mostZones)) {
      const linked = await pages(connection, subscription, `${zone.id}/virtualNetworkLinks`, links, signal);
      for (const { properties } of linked.filter((link) => link.properties.virtualNetwork?.id?.toLowerCase() === networkId.toLowerCase())) {
        const writes = properties.registrationEnabled === true ? ", and test servers register their own names in it" : "";
        found.push({ kind: "dns", name: zone.name, words: `it is linked to the private zone ${zone.name}: names are answered with production's addresses${writes}` });
      }
    }
    if (all.length > mostZones) found.push({ kind: "dns", name: "private zones", words: `${all.length - mostZones} private zones of the subscription ${subscription} were not looked at` });
  }
  return found;
}

async function pages<One>(connection: Connection, subscription: string, path: string, schema: z.ZodType<{ readonly value: readonly One[]; readonly nextLink?: string | null | undefined }>, abortSignal: AbortSignal): Promise<readonly One[]> {
  const all: One[] = [];
  const first = `${connection.endpoint}${path}?api-version=${apiVersion}`;
  for (let url: string | null = first; url !== null && all.length < 5_000; ) {
    // An answer must not lead the token elsewhere.
    if (!url.startsWith(`${connection.endpoint}/`)) break;
    const answer = await connection.reader(subscription).sendRequest(createPipelineRequest({ url, method: "GET", abortSignal }));
    if (answer.status >= 400) throw new RestError(`Azure answered ${answer.status}`, { statusCode: answer.status, request: answer.request, response: answer });
    const { value, nextLink } = schema.parse(JSON.parse(answer.bodyAsText ?? "null"));
    all.push(...value);
    url = nextLink ?? null;
  }
  return all;
}
