import { z } from "zod";
import type { Check, Clock, Look } from "../drills/ports.ts";
import { asDrillbookError } from "../errors.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import { readInput } from "../runbooks/read-input.ts";
import { recoveryPlanId, sameId } from "../runbooks/resource-id.ts";
import { oneOrMore } from "./endpoint.ts";
import { serverAt, serverId } from "./field/server.ts";
import { readKnownProblems } from "./field/known-problems.ts";
import { compareVersions, knownBadRange } from "./known-bad/ranges.ts";
import type { KnownBadRange } from "./known-bad/ranges.ts";
import { runCommandPermissions } from "./permissions.ts";
import type { ProtectedServer, RecoveryPointReader, ReplicationReader, ScriptRunner } from "./ports.ts";
import { observationOf, withScript } from "./rows.ts";
import type { CheckRow } from "./rows.ts";
import { shippedScript, type ShippedScript } from "./shipped-script.ts";
import { serverNamed } from "./vantage.ts";

const knownBadInput = z
  .strictObject({
    /** Servers as they run now: ids of virtual machines or Arc machines, whose drivers the next failover will start with. */
    from: z.preprocess(oneOrMore, z.array(serverId).min(1).max(32)).optional(),
    /** What a person pasted of the shipped script's output, a server each, where no script can be run. */
    pasted: z.preprocess(oneOrMore, z.array(z.string().min(1).max(8000)).min(1).max(32)).optional(),
    /** The plan whose recovery points must be newer than the mended start. */
    plan: recoveryPlanId.optional(),
    /** Ranges beside the shipped ones. */
    ranges: z.array(knownBadRange).max(50).default([]),
  })
  .superRefine((one, context) => {
    if ((one.from === undefined) === (one.pasted === undefined)) context.addIssue({ code: "custom", path: ["from"], message: "Say where it comes from: `from:` a server, or `pasted:` what its script printed." });
  });

/** What the compiler knows of `check vm-known-bad`. */
export const vmKnownBadFacts: CheckFacts = {
  type: "vm-known-bad",
  summary: "No server has a build and driver that are known not to start after a failover, and its recovery point is newer than the mended start",
  schema: knownBadInput,
  permissions: [
    ...runCommandPermissions,
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/read",
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/recoveryPoints/read",
  ],
};

export type KnownBadParts = { readonly scripts: ScriptRunner; readonly reader: ReplicationReader & RecoveryPointReader; readonly clock: Clock };

/** The shipped script: build, drivers and last start of a server. */
export function osAndDriversScript(): ShippedScript {
  return shippedScript(new URL("./known-bad/scripts/os-and-drivers.ps1", import.meta.url));
}

/** The check `vm-known-bad`: the build screens, the driver decides, and an old recovery point brings the old driver back. */
export function vmKnownBadCheck(parts: KnownBadParts): Check {
  return {
    facts: vmKnownBadFacts,
    async observe(input, look) {
      const wanted = readInput(vmKnownBadFacts.type, knownBadInput, input);
      const ranges = [...knownRanges(), ...wanted.ranges];
      const found = wanted.pasted === undefined ? await fromServers(wanted.from ?? [], ranges, parts, look) : wanted.pasted.map((text, index) => ({ name: nameIn(text) ?? `pasted ${index + 1}`, id: "", text }));
      const servers = wanted.plan === undefined ? [] : await parts.reader.servers(wanted.plan, look);
      const rows: CheckRow[] = [];
      for (const one of found) rows.push(...("problem" in one ? [unknown(one.name, one.problem)] : await rowsOf(one, ranges, wanted.plan === undefined ? null : servers, parts, look)));
      const observed = observationOf(rows, wanted.pasted === undefined ? "the servers themselves" : "what a person pasted", parts.clock(), rows.flatMap((row) => explain(row, ranges)), `${found.length} server${found.length === 1 ? " is" : "s are"} in none of ${ranges.length} known-bad ranges`);
      if (wanted.pasted !== undefined) return observed;
      const files = found.flatMap((one) => ("problem" in one ? [] : [{ name: `${vmKnownBadFacts.type} on ${one.name}.txt`, mediaType: "text/plain", bytes: Buffer.from(one.text, "utf8") }]));
      return { ...withScript(observed, osAndDriversScript()), files };
    },
  };
}

type Printed = { readonly name: string; readonly id: string; readonly text: string };

/** The known problems that name builds. */
function knownRanges(): readonly KnownBadRange[] {
  return readKnownProblems().flatMap(({ id, title, builds, cure, sources }) => (builds === undefined ? [] : [{ ...builds, id, title, cure, source: sources.join("; ") }]));
}

async function fromServers(from: readonly string[], ranges: readonly KnownBadRange[], parts: KnownBadParts, look: Parameters<Check["observe"]>[1]): Promise<readonly (Printed | { readonly name: string; readonly problem: string })[]> {
  const script = osAndDriversScript();
  const drivers = [...new Set(ranges.map((range) => range.driver.file.toLowerCase()))].join(",");
  return Promise.all(from.map(async (text) => {
    const server = serverNamed(text, look.testServers) ?? serverAt(text);
    if (server === null) return { name: text, problem: `${text} is no test server of this drill, and no id of a server` };
    try {
      const run = await parts.scripts.run(server, { name: script.name, text: script.text, parameters: { drivers }, timeoutMs: 120_000 }, look);
      return run.exitCode === 0 ? { name: server.name, id: server.id, text: run.output } : { name: server.name, problem: `${script.name} ended with exit code ${run.exitCode} on ${server.name}` };
    } catch (thrown) {
      if (look.signal.aborted) throw thrown;
      return { name: server.name, problem: `${script.name} did not run on ${server.name}: ${asDrillbookError(thrown).message}` };
    }
  }));
}

async function rowsOf({ name, id, text }: Printed, ranges: readonly KnownBadRange[], servers: readonly ProtectedServer[] | null, parts: KnownBadParts, look: Look): Promise<readonly CheckRow[]> {
  const os = valueOf(text, "os");
  if (os === null || !/^\d+\.\d+\.\d+\.\d+$/.test(os)) return [unknown(name, `what ${name} printed names no build of Windows`)];
  const inRange = ranges.filter((range) => os.startsWith(`${range.os}.`) && compareVersions(os, range.from) >= 0);
  if (inRange.length === 0) return [{ target: name, label: "build", verdict: "up", status: os, reason: `build ${os} is in no known-bad range`, facts: { os } }];
  const rows: CheckRow[] = [];
  for (const range of inRange) {
    const version = valueOf(text, `driver.${range.driver.file.toLowerCase()}`);
    const facts = { os, range: range.id, driver: range.driver.file, version, mended: range.driver.mended };
    const row = { target: name, label: range.id, facts };
    if (version === null || !/^\d+\.\d+\.\d+\.\d+$/.test(version)) rows.push({ ...row, verdict: "unknown", status: os, reason: `build ${os} is suspect and the version of ${range.driver.file} is not known` });
    else if (compareVersions(version, range.driver.mended) < 0) rows.push({ ...row, verdict: "down", status: version, reason: `${range.driver.file} is ${version}, and only ${range.driver.mended} is mended (build ${os})` });
    else rows.push(await mendedRow(row, { name, id, version, booted: valueOf(text, "booted") }, servers, parts, look));
  }
  return rows;
}

type Mended = { readonly name: string; readonly id: string; readonly version: string; readonly booted: string | null };

/** A mended driver is in a recovery point only when that was made after the server had started with it. */
async function mendedRow(row: Pick<CheckRow, "target" | "label" | "facts">, { name, id, version, booted }: Mended, servers: readonly ProtectedServer[] | null, parts: KnownBadParts, look: Look): Promise<CheckRow> {
  if (servers === null) return { ...row, verdict: "unknown", status: version, reason: `its driver ${version} is mended; name the plan:, because an older recovery point would bring the old one back` };
  const item = servers.find((server) => (id !== "" && sameId(server.source ?? "", id)) || server.name.toLowerCase() === name.toLowerCase());
  if (item === undefined) return { ...row, verdict: "unknown", status: version, reason: `${name} is no server of the plan` };
  if (booted === null || Number.isNaN(Date.parse(booted))) return { ...row, verdict: "unknown", status: version, reason: `what ${name} printed does not say when it last started` };
  const points = (await parts.reader.recoveryPoints(item.id, look)).flatMap(({ at }) => (at === null ? [] : [Date.parse(at)]));
  const newest = Math.max(...points);
  if (points.length === 0) return { ...row, verdict: "unknown", status: version, reason: `Azure lists no recovery point of ${name}` };
  const when = new Date(newest).toISOString();
  if (newest <= Date.parse(booted)) return { ...row, verdict: "down", status: version, reason: `its newest recovery point (${when}) is older than its start with the mended driver (${booted})` };
  return { ...row, verdict: "up", status: version, reason: `driver ${version} is mended and the recovery point of ${when} has it` };
}

function valueOf(text: string, key: string): string | null {
  const line = text.replaceAll("\r", "").split("\n").find((one) => one.trim().toLowerCase().startsWith(`${key}=`));
  const value = line?.slice(line.indexOf("=") + 1).trim() ?? "";
  return value === "" ? null : value.slice(0, 200);
}

function nameIn(text: string): string | null {
  const name = valueOf(text, "server");
  return name !== null && /^[A-Za-z0-9._-]{1,64}$/.test(name) ? name : null;
}

function unknown(target: string, reason: string): CheckRow {
  return { target, label: "build", verdict: "unknown", status: "", reason };
}

function explain(row: CheckRow, ranges: readonly KnownBadRange[]): readonly string[] {
  const range = ranges.find((one) => one.id === row.label);
  if (row.verdict !== "down" || range === undefined) return [];
  return [`${row.target}: ${row.reason}. ${range.title}. ${range.cure} (${range.id}: ${range.source})`];
}
