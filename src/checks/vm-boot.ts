import { createHash } from "node:crypto";
import { z } from "zod";
import type { TestServer } from "../drills/events.ts";
import type { Check, Look, SeenFile } from "../drills/ports.ts";
import { asDrillbookError } from "../errors.ts";
import type { CheckFacts } from "../runbooks/catalogue.ts";
import type { Json } from "../runbooks/runbook.ts";
import { readInput } from "../runbooks/read-input.ts";
import type { RowParts } from "./asked-rows.ts";
import { bootTrouble } from "./boot-trouble.ts";
import { oneOrMore } from "./endpoint.ts";
import { readable, redact } from "./http/show.ts";
import { runCommandPermissions } from "./permissions.ts";
import type { BootRecord, BootReader, BootState, ServerAddresses } from "./ports.ts";
import { noServer, observationOf } from "./rows.ts";
import type { CheckRow } from "./rows.ts";
import { askFrom, serverNamed } from "./vantage.ts";
import { sayOutcome } from "./http/say-outcome.ts";

/** A drill has room for some two hundred files. */
const mostFiles = 40;

const serverName = z.string().min(1).max(64);

const bootInput = z.strictObject({
  /** Test servers by name; every one of the drill unless said otherwise. */
  servers: z.preprocess(oneOrMore, z.array(serverName).min(1).max(100)).optional(),
  /** Another proof that a server has come up: it answers on this port, asked from a test server whose agent is ready. */
  answers: z.strictObject({ port: z.number().int().min(1).max(65_535), from: serverName, script: z.enum(["powershell", "posix"]).default("powershell") }).optional(),
});

type Input = z.infer<typeof bootInput>;

/** What the compiler knows of `check vm-boot`. */
export const vmBootFacts: CheckFacts = {
  type: "vm-boot",
  summary: "Every test server has really started: its agent is ready, or it answers; running alone proves nothing",
  schema: bootInput,
  permissions: [
    ...runCommandPermissions,
    "Microsoft.Compute/virtualMachines/instanceView/read",
    "Microsoft.Compute/virtualMachines/retrieveBootDiagnosticsData/action",
    "Microsoft.Network/networkInterfaces/read",
  ],
};

export type VmBootParts = RowParts & { readonly boots: BootReader; readonly addresses: ServerAddresses };

/**
 * The check `vm-boot`. Azure calls a server running that sits in the Windows boot manager: only an answer from inside counts.
 * Without one the serial log may tell what is wrong; otherwise a person judges the screenshot, and nothing is proved.
 */
export function vmBootCheck(parts: VmBootParts): Check {
  return {
    facts: vmBootFacts,
    async observe(input, look) {
      const wanted = readInput(vmBootFacts.type, bootInput, input);
      const missing = wanted.servers?.find((name) => serverNamed(name, look.testServers) === undefined);
      if (missing !== undefined || look.testServers.length === 0) return noServer(missing ?? "nobody", look.testServers);
      const servers = wanted.servers?.flatMap((name) => serverNamed(name, look.testServers) ?? []) ?? look.testServers;
      const looked = await Promise.all(servers.map((server) => rowOf(server, wanted, parts, look)));
      const rows = looked.map(({ row }) => row);
      const files = looked.flatMap(({ row, record }) => filesOf(row.target, record)).slice(0, mostFiles);
      return { ...observationOf(rows, "Azure", parts.clock(), looked.flatMap(explain), `${rows.length} of ${rows.length} started`), ...(files.length > 0 && { files }) };
    },
  };
}

type Looked = { readonly row: CheckRow; readonly record: Kept | null };

async function rowOf(server: TestServer, wanted: Input, parts: VmBootParts, look: Parameters<Check["observe"]>[1]): Promise<Looked> {
  const row = { target: server.name, label: "started" };
  const without = (more: Omit<CheckRow, "target" | "label">): Looked => ({ row: { ...row, ...more }, record: null });
  const state = await parts.boots.state(server, look);
  if (state === null) return without({ verdict: "down", status: "gone", reason: "there is no such virtual machine" });
  const facts = { power: state.power, agent: state.agent, os: `${state.osName} ${state.osVersion}`.trim() };
  if (state.power !== "running") return without({ verdict: "down", status: state.power || "unknown", reason: `Azure says ${state.power === "" ? "nothing of its power" : `it is ${state.power}`}`, facts });
  if (isReady(state)) return without({ verdict: "up", status: "agent ready", reason: `its agent is ready (${facts.os || "operating system unknown"})`, facts });
  const answer = wanted.answers === undefined ? null : await asked(server, wanted.answers, parts, look);
  if (answer?.up === true) return without({ verdict: "up", status: "answers", reason: answer.words, facts: { ...facts, answer: answer.words } });
  const record = await bootRecord(server, parts, look);
  const trouble = "problem" in record ? null : bootTrouble(record.serialLog ?? "");
  const agent = `its agent is ${state.agent === "" ? "silent" : state.agent.toLowerCase()}`;
  const said = answer === null ? agent : `${agent}, and ${answer.words}`;
  const kept = { ...facts, answer: answer?.words ?? null, boot: showRecord(record) };
  if (trouble !== null) return { row: { ...row, verdict: "down", status: trouble.status, reason: `${said}; ${trouble.words}`, facts: kept }, record };
  return { row: { ...row, verdict: "unknown", status: "no answer", reason: `Azure calls ${server.name} running and ${said}`, facts: kept }, record };
}

const extensions: Readonly<Record<string, string>> = { "image/bmp": "bmp", "image/png": "png", "image/jpeg": "jpg" };

/** The picture that a person judges goes into the evidence, and the log beside it. */
function filesOf(server: string, record: Kept | null): readonly SeenFile[] {
  if (record === null || "problem" in record) return [];
  const { screenshot, serialLog } = record;
  return [
    ...(screenshot === null ? [] : [{ name: pictureName(server, screenshot.mediaType), ...screenshot }]),
    ...(serialLog === null || serialLog === "" ? [] : [{ name: `${server}-serial.log`, mediaType: "text/plain", bytes: new TextEncoder().encode(redact(serialLog)) }]),
  ];
}

function pictureName(server: string, mediaType: string): string {
  return `${server}-screen.${extensions[mediaType] ?? "bin"}`;
}

function isReady({ agent }: BootState): boolean {
  return agent.toLowerCase() === "ready";
}

/** Whether the server answers on a port, seen from another one: Windows' boot manager has no network. */
async function asked(server: TestServer, { port, from, script }: NonNullable<Input["answers"]>, parts: VmBootParts, look: Parameters<Check["observe"]>[1]): Promise<{ readonly up: boolean; readonly words: string }> {
  const vantage = serverNamed(from, look.testServers);
  if (!vantage) return { up: false, words: `${from} is no test server to ask it from` };
  try {
    const [address] = await parts.addresses.of(server, look);
    if (address === undefined) return { up: false, words: "it has no address" };
    const request = { id: "1", address, port, tls: null, timeoutMs: 5000, maxBytes: 1, bytes: new Uint8Array() };
    const target = { url: `tcp://${address}:${port}`, name: server.name, scheme: "http" as const, address, port, path: "/" };
    const answer = (await askFrom([{ request, target }], { server: vantage, script, until: () => true }, parts, look)).get("1") ?? { unasked: "it was not asked" };
    if ("unasked" in answer) return { up: false, words: answer.unasked };
    // A refusal comes from an operating system too: the network of the server is up.
    if (answer.connectMs >= 0 || answer.outcome === "refused") return { up: true, words: `it answers ${from} on port ${port}` };
    return { up: false, words: `port ${port} gives ${from} no answer (${sayOutcome(answer)})` };
  } catch (thrown) {
    if (look.signal.aborted) throw thrown;
    return { up: false, words: asDrillbookError(thrown).message };
  }
}

type Kept = BootRecord | { readonly problem: string };

async function bootRecord(server: TestServer, { boots }: VmBootParts, look: Look): Promise<Kept> {
  try {
    return await boots.bootRecord(server, look);
  } catch (thrown) {
    if (look.signal.aborted) throw thrown;
    return { problem: asDrillbookError(thrown).message };
  }
}

/** What evidence keeps: the log's end, and by which picture a person judged. */
function showRecord(record: Kept): Json {
  if ("problem" in record) return { problem: record.problem };
  const { serialLog, screenshot } = record;
  return {
    serialLog: serialLog === null ? null : readable(redact(serialLog.slice(-2000)), 2000),
    screenshot: screenshot && { mediaType: screenshot.mediaType, bytes: screenshot.bytes.length, sha256: createHash("sha256").update(screenshot.bytes).digest("hex") },
  };
}

function explain({ row, record }: Looked): readonly string[] {
  if (row.status === "no answer") {
    const picture = record === null || "problem" in record || record.screenshot === null ? "Azure gave no screenshot: look at its page in the Azure portal (Boot diagnostics)" : `Look at its screen on this card (${pictureName(row.target, record.screenshot.mediaType)}, kept with the drill)`;
    return [`${picture}, and judge: a sign-in screen of ${row.target} has started, a boot manager or a blue screen has not. Running proves nothing. Do not clean up before you looked.`];
  }
  if (row.verdict !== "down") return [];
  if (row.status === "boot manager" || row.status === "stopped with an error") return [`${row.target} has not started: ${row.reason}. Keep it, and its disk, until the memory dump is saved; then look at check vm-known-bad.`];
  return [`${row.target}: ${row.reason}.`];
}
