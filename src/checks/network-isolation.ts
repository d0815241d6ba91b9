import { z } from "zod";
import type { Check } from "../drills/ports.ts";
import { asDrillbookError } from "../errors.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { readInput } from "../runbooks/read-input.ts";
import { virtualNetworkId } from "../runbooks/resource-id.ts";
import type { RowParts } from "./asked-rows.ts";
import { probeScripts } from "./http/probe-scripts.ts";
import { endpoint, oneOrMore, parseEndpoint } from "./endpoint.ts";
import { runCommandPermissions } from "./permissions.ts";
import type { NetworkReader, WayOut } from "./ports.ts";
import { noServer, observationOf, withScript } from "./rows.ts";
import type { CheckRow } from "./rows.ts";
import { askFrom, serverNamed } from "./vantage.ts";
import { sayOutcome } from "./http/say-outcome.ts";

const waysOut = ["peering", "hub", "gateway", "route", "internet", "service-endpoint", "private-endpoint", "dns"] as const satisfies readonly WayOut["kind"][];

const isolationInput = z.strictObject({
  network: virtualNetworkId,
  /** What may stay open, each by its name and with its reason, because an approver reads it. */
  allow: z.array(z.strictObject({ name: z.string().min(1).max(200), kind: z.enum(waysOut).optional(), why: z.string().min(3).max(300) })).max(20).default([]),
  /** Production addresses with their ports that must be out of reach, asked from inside. */
  unreachable: z.strictObject({ from: z.string().min(1).max(64), targets: z.preprocess(oneOrMore, z.array(endpoint(null)).min(1).max(16)), script: z.enum(["powershell", "posix"]).default("powershell") }).optional(),
});

type Input = z.infer<typeof isolationInput>;

/** What the compiler knows of `check network-isolation`. */
export const networkIsolationFacts: CheckFacts = {
  type: "network-isolation",
  summary: "Nothing leads out of the test network: no peering, hub, gateway, route, endpoint, internet, private zone or outside name server but what is allowed by name",
  schema: isolationInput,
  permissions: [
    ...["virtualNetworks", "routeTables", "networkSecurityGroups", "privateEndpoints", "privateDnsZones", "privateDnsZones/virtualNetworkLinks", "networkInterfaces"].map((type) => `Microsoft.Network/${type}/read`),
    "Microsoft.Network/networkInterfaces/effectiveRouteTable/action",
    "Microsoft.Network/networkInterfaces/effectiveNetworkSecurityGroups/action",
    "Microsoft.Compute/virtualMachines/read",
    ...runCommandPermissions,
  ],
};

/** The check `network-isolation`: Site Recovery puts servers into any network that it is told, and enforces nothing. */
export function networkIsolationCheck(parts: RowParts & { readonly networks: NetworkReader }): Check {
  return {
    facts: networkIsolationFacts,
    async observe(input, look) {
      const wanted = readInput(networkIsolationFacts.type, isolationInput, input);
      const network = await parts.networks.network(wanted.network, look);
      const inForce = await onServers(wanted.network, network.waysOut, parts.networks, look);
      const unread: CheckRow[] = [...inForce.unread];
      const zones = await parts.networks.privateZones(wanted.network, look).catch((thrown: unknown): readonly WayOut[] => {
        if (look.signal.aborted) throw thrown;
        unread.push({ target: network.name, label: "private zones", verdict: "unknown", status: "not read", reason: asDrillbookError(thrown).message });
        return [];
      });
      const waysOut = [...network.waysOut, ...zones, ...inForce.ways];
      const open = waysOut.map((way) => wayRow(network.name, way, wanted.allow));
      const closed: CheckRow = { target: network.name, label: "ways out", verdict: "up", status: "none", reason: "nothing leads out of it" };
      const probes = wanted.unreachable === undefined ? [] : await controls(wanted.unreachable, parts, look);
      if (probes === null) return noServer(wanted.unreachable?.from ?? "", look.testServers);
      const rows = [...(open.length === 0 ? [closed] : open), ...unread, ...probes];
      const unused = wanted.allow.filter((one) => !waysOut.some((way) => isCalled(way, one)));
      const words = [...allowed(open), ...unused.map((one) => `${one.name} is allowed and is not there: take the exception out of the runbook.`), ...rows.flatMap(explain), ...unproved(network.name, wanted, look.testServers.length)];
      const seen = observationOf(rows, "Azure", parts.clock(), words, `${network.name} is closed${open.length > 0 ? `, but for ${open.length} allowed by name` : ""}${probes.length > 0 ? `; ${probes.length} production addresses are out of reach` : ""}`);
      return withScript(seen, wanted.unreachable === undefined ? null : probeScripts()[wanted.unreachable.script]);
    },
  };
}

/** Rules and routes differ by server once they run; what cannot be asked is not proved. A few at a time, because each is an operation of Azure's. */
async function onServers(network: string, told: readonly WayOut[], networks: NetworkReader, look: Parameters<Check["observe"]>[1]): Promise<{ readonly ways: readonly WayOut[]; readonly unread: readonly CheckRow[] }> {
  const ways: WayOut[] = [];
  const unread: CheckRow[] = [];
  const waiting = [...look.testServers];
  const work = async (): Promise<void> => {
    for (let server = waiting.shift(); server !== undefined; server = waiting.shift()) {
      try {
        ways.push(...(await networks.server(server, network, told, look)));
      } catch (thrown) {
        if (look.signal.aborted) throw thrown;
        unread.push({ target: server.name, label: "rules and routes in force", verdict: "unknown", status: "not read", reason: asDrillbookError(thrown).message });
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  // A route of twenty servers is one way out.
  const distinct = ways.filter((way, index) => ways.findIndex(({ kind, name }) => kind === way.kind && name === way.name) === index);
  return { ways: distinct.toSorted((a, b) => (a.name < b.name ? -1 : 1)), unread: unread.toSorted((a, b) => (a.target < b.target ? -1 : 1)) };
}

/** A name that two kinds of things may have is allowed for the kind that is named. */
function isCalled({ name, kind }: WayOut, allowed: Input["allow"][number]): boolean {
  return name.toLowerCase() === allowed.name.toLowerCase() && (allowed.kind === undefined || allowed.kind === kind);
}

function wayRow(network: string, way: WayOut, allow: Input["allow"]): CheckRow {
  const exception = allow.find((one) => isCalled(way, one));
  const row = { target: network, label: `${way.kind} ${way.name}` };
  if (exception) return { ...row, verdict: "up", status: "allowed", reason: `${way.words}; allowed: ${exception.why}`, facts: { kind: way.kind, why: exception.why } };
  return { ...row, verdict: "down", status: "open", reason: `${way.kind} ${way.name}: ${way.words}`, facts: { kind: way.kind } };
}

/** Asks from inside what must not answer. A refusal is an answer: it came from over there. */
async function controls({ from, targets, script }: NonNullable<Input["unreachable"]>, parts: RowParts, look: Parameters<Check["observe"]>[1]): Promise<readonly CheckRow[] | null> {
  const server = serverNamed(from, look.testServers);
  if (!server) return null;
  const asks = targets.flatMap((text, index) => {
    const target = parseEndpoint(text, null);
    return target ? [{ target, request: { id: `${index + 1}`, address: target.address, port: target.port, tls: null, timeoutMs: 4000, maxBytes: 1, bytes: new Uint8Array() } }] : [];
  });
  const answers = await askFrom(asks, { server, script, until: () => true }, parts, look);
  return asks.map(({ target, request }): CheckRow => {
    const answer = answers.get(request.id) ?? { unasked: "not asked" };
    const row = { target: target.name, label: `from ${from}` };
    if ("unasked" in answer) return { ...row, verdict: "unknown", status: "", reason: answer.unasked };
    const out = answer.connectMs < 0 && (answer.outcome === "timed-out" || answer.outcome === "unreachable");
    return { ...row, verdict: out ? "up" : "down", status: out ? "out of reach" : "reached", reason: out ? sayOutcome(answer) : `${target.name} can be reached from ${from} (${answer.connectMs >= 0 ? "it connects" : sayOutcome(answer)})` };
  });
}

function allowed(rows: readonly CheckRow[]): readonly string[] {
  return rows.filter((row) => row.status === "allowed").map((row) => `Allowed by name: ${row.label} (${row.reason}).`);
}

function unproved(network: string, { unreachable }: Input, servers: number): readonly string[] {
  const inForce = servers > 0 ? [] : [`Rules and routes in force differ by server: nobody looked at them, because no test server of this drill runs yet.`];
  return [...inForce, ...(unreachable === undefined ? [`What Azure says of ${network} was read; nobody asked from inside. Add unreachable: with production addresses once the test servers run.`] : [])];
}

function explain(row: CheckRow): readonly string[] {
  if (row.verdict !== "down") return [];
  if (row.status === "reached") return [`${row.reason}, and must not be: test servers would work on production. Stop here, and look at peerings, routes and rules.`];
  return [`${row.target} is not isolated: ${row.reason}. Remove it, or allow it by its name with a reason.`];
}
