import { sameId } from "../../runbooks/resource-id.ts";
import type { ProtectedServer } from "../ports.ts";

/** Something that Drillbook stands on, by its Azure resource id or by the name of its host. */
export type OwnPlace = { readonly what: string; readonly id?: string; readonly host?: string };

/**
 * Whether Drillbook, its store or its identity stand inside of what fails over. A drill that takes its own bot away ends where
 * it is needed most.
 */
export function standsInside(own: readonly OwnPlace[], servers: readonly ProtectedServer[]): { readonly reasons: readonly string[]; readonly notes: readonly string[] } {
  const reasons = own.flatMap((place) => {
    const inside = servers.find((server) => isOn(place, server));
    return inside === undefined ? [] : [`${place.what} stands on ${inside.name}, which this plan fails over: Drillbook would take itself away. Move it out of the plan's scope first.`];
  });
  const near = own.flatMap((place) => {
    const beside = servers.find((server) => !isOn(place, server) && groupOf(place.id) !== "" && groupOf(place.id) === groupOf(server.source));
    return beside === undefined ? [] : [`${place.what} stands in the resource group of ${beside.name}: what takes that down may take Drillbook down as well.`];
  });
  const told = own.some((place) => place.id !== undefined);
  return { reasons, notes: told ? near : [...near, "Nobody said on which Azure resources Drillbook itself stands (DRILLBOOK_STANDS_ON), so that only host names were compared."] };
}

function isOn({ id, host }: OwnPlace, server: ProtectedServer): boolean {
  if (id !== undefined && server.source !== undefined && server.source !== "") return sameId(id, server.source);
  return host !== undefined && firstLabel(host) === firstLabel(server.name);
}

/** An address has no name to compare. */
function firstLabel(host: string): string {
  return /^[\d.]+$|:/.test(host) ? host : (host.split(".")[0] ?? "").toLowerCase();
}

function groupOf(id: string | undefined): string {
  return /^\/subscriptions\/([^/]+\/resourceGroups\/[^/]+)/i.exec(id ?? "")?.[1]?.toLowerCase() ?? "";
}
