import type { Json } from "../runbooks/runbook.ts";
import { groupPath } from "./estate.ts";
import type { Estate, TrafficEndpoint, TrafficProfile } from "./estate.ts";

type Body = { readonly [key: string]: Json };

/** Traffic Manager profiles with their endpoints, as they stand before anybody changed them. */
export function trafficBodies(estate: Estate): readonly Body[] {
  return (estate.traffic ?? []).map((profile) => profileBody(estate, profile));
}

function profileBody(estate: Estate, profile: TrafficProfile): Body {
  const id = `${groupPath(estate, profile.resourceGroup)}/providers/Microsoft.Network/trafficManagerProfiles/${profile.name}`;
  const { monitor } = profile;
  return {
    id,
    name: profile.name,
    type: "Microsoft.Network/trafficManagerProfiles",
    location: "global",
    properties: {
      profileStatus: "Enabled",
      trafficRoutingMethod: profile.routing,
      dnsConfig: { relativeName: profile.dnsName, fqdn: `${profile.dnsName}.trafficmanager.net`, ttl: profile.ttl },
      monitorConfig: {
        profileMonitorStatus: "Online",
        protocol: monitor.protocol,
        port: monitor.port,
        path: monitor.path,
        intervalInSeconds: monitor.interval,
        timeoutInSeconds: monitor.timeout,
        toleratedNumberOfFailures: monitor.failures,
      },
      endpoints: profile.endpoints.map((endpoint) => endpointBody(id, endpoint)),
      trafficViewEnrollmentStatus: "Disabled",
    },
  };
}

function endpointBody(profile: string, endpoint: TrafficEndpoint): Body {
  return {
    id: `${profile}/${endpoint.kind}/${endpoint.name}`,
    name: endpoint.name,
    type: `Microsoft.Network/trafficManagerProfiles/${endpoint.kind}`,
    properties: {
      endpointStatus: endpoint.enabled ? "Enabled" : "Disabled",
      endpointMonitorStatus: endpoint.enabled ? (endpoint.health ?? "Online") : "Disabled",
      ...(endpoint.target.startsWith("/") ? { targetResourceId: endpoint.target } : { target: endpoint.target }),
      weight: endpoint.weight ?? 1,
      priority: endpoint.priority,
      alwaysServe: "Disabled",
    },
  };
}
