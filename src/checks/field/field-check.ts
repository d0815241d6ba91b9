import { createHash } from "node:crypto";
import { z } from "zod";
import type { Observation, TestServer } from "../../drills/events.ts";
import type { Check, Clock, Look } from "../../drills/ports.ts";
import { asDrillbookError } from "../../errors.ts";
import type { CheckFacts } from "../../runbooks/catalogue.ts";
import { readInput } from "../../runbooks/read-input.ts";
import { oneOrMore } from "../endpoint.ts";
import { arcRunCommandPermissions, runCommandPermissions } from "../permissions.ts";
import type { ScriptRunner } from "../ports.ts";
import { observationOf, type CheckRow } from "../rows.ts";
import { serverNamed } from "../vantage.ts";
import { serverAt, serverId } from "./server.ts";
import { scriptOf, unreadable, type FieldTool, type ToolOutput } from "./tool.ts";

/** Azure keeps the last 4 KB of what a script prints, so an output whose beginning is missing was cut. */
const begins = "drillbook-output-begins";
const longestPaste = 24_000;

type Where = { readonly from?: readonly string[] | undefined; readonly pasted?: readonly string[] | undefined };
type Asked = { readonly outputs: readonly ToolOutput[]; readonly silent: readonly CheckRow[] };

/** What the compiler knows of the check of a tool. */
export function fieldCheckFacts<Wanted>(tool: FieldTool<Wanted>): CheckFacts {
  return { type: tool.type, summary: tool.summary, schema: schemaOf(tool), permissions: tool.script === null ? [] : [...runCommandPermissions, ...arcRunCommandPermissions] };
}

/**
 * The check of a tool: its shipped script is run on each named server, or what a person pasted is read, by the same parser.
 * An output that is missing, cut or unreadable proves nothing.
 */
export function fieldCheck<Wanted>(tool: FieldTool<Wanted>, parts: { readonly scripts: ScriptRunner; readonly clock: Clock }): Check {
  const schema = schemaOf(tool);
  return {
    facts: fieldCheckFacts(tool),
    async observe(input, look) {
      const { from, pasted, ...wanted } = readInput(tool.type, schema, input) as Where & Wanted;
      const at = parts.clock();
      const { outputs, silent } = pasted === undefined ? await fromServers(tool, from ?? [], parts.scripts, look) : fromPaste(pasted);
      const reading = outputs.length === 0 ? { rows: [], diagnosis: [], good: "" } : tool.read(outputs, wanted as Wanted, at);
      const observed = observationOf([...silent, ...reading.rows], pasted === undefined ? "the servers themselves" : "what a person pasted", at, reading.diagnosis, reading.good);
      // Kept as they were printed: whoever doubts the parser reads them. What was pasted lies with the answer.
      const files = pasted === undefined ? outputs.map(({ server, text }) => ({ name: `${tool.type} on ${server}.txt`, mediaType: "text/plain", bytes: Buffer.from(text, "utf8") })) : [];
      return { ...withSource(observed, tool, outputs, pasted !== undefined), files };
    },
  };
}

function schemaOf<Wanted>(tool: FieldTool<Wanted>): z.ZodType<unknown> {
  const from = z.preprocess(oneOrMore, z.array(serverId).min(1).max(32)).optional();
  const pasted = z.preprocess(oneOrMore, z.array(z.string().max(longestPaste)).min(1).max(32)).optional();
  return tool.wanted.extend({ from, pasted }).superRefine((one, context) => {
    const given: Where = one;
    const fault = (message: string) => context.addIssue({ code: "custom", path: [], message });
    if ((given.from === undefined) === (given.pasted === undefined)) fault("Say where the output comes from: `from:` a server, or `pasted:` the answer to an ask step.");
    if (tool.script === null && given.from !== undefined) fault(`${tool.type} has no script of its own: paste its output.`);
  });
}

/** One server after the other would be slow; each server's agent runs its own. */
async function fromServers<Wanted>(tool: FieldTool<Wanted>, from: readonly string[], scripts: ScriptRunner, look: Look & { readonly testServers: readonly TestServer[] }): Promise<Asked> {
  const script = scriptOf(tool);
  if (script === null) return { outputs: [], silent: [] };
  const asked = await Promise.all(
    from.map(async (name): Promise<ToolOutput | CheckRow> => {
      const server = serverNamed(name, look.testServers) ?? serverAt(name);
      if (server === null) return unreadable(name, tool.type, `${name} is no test server of this drill, and no id of a server`);
      try {
        const run = await scripts.run(server, { name: script.name, text: script.text, parameters: {}, timeoutMs: tool.timeoutMs }, look);
        if (run.exitCode !== 0) return unreadable(server.name, tool.type, `${script.name} ended with exit code ${run.exitCode}${words(run.error)}`);
        const text = run.output.replaceAll("\r\n", "\n");
        if (!text.includes(begins)) return unreadable(server.name, tool.type, "the output is longer than Azure hands over, and its beginning is missing; paste it instead");
        return { server: server.name, text: text.slice(text.indexOf(begins) + begins.length) };
      } catch (thrown) {
        if (look.signal.aborted) throw thrown;
        return unreadable(server.name, tool.type, asDrillbookError(thrown).message);
      }
    }),
  );
  return { outputs: asked.flatMap((one) => ("text" in one ? [one] : [])), silent: asked.flatMap((one) => ("text" in one ? [] : [one])) };
}

function fromPaste(pasted: readonly string[]): Asked {
  return { outputs: pasted.map((text, index) => ({ server: pasted.length === 1 ? "pasted" : `pasted ${index + 1}`, text })), silent: [] };
}

/** The bytes that were judged are named by their hash, and whether a person brought them. */
function withSource<Wanted>(observed: Observation, tool: FieldTool<Wanted>, outputs: readonly ToolOutput[], pasted: boolean): Observation {
  const sources = outputs.map(({ server, text }) => ({ server, bytes: Buffer.byteLength(text), sha256: createHash("sha256").update(text, "utf8").digest("hex") }));
  const script = pasted ? null : scriptOf(tool);
  const result = { ...(observed.result as Record<string, never>), pasted, script: script && { name: script.name, sha256: script.sha256 }, sources };
  return { ...observed, summary: pasted ? `${observed.summary} (from what a person pasted)` : observed.summary, result };
}

/** A script's last words, bounded, without control characters: they come from a server nobody vouches for. */
function words(error: string): string {
  const text = error.replace(/[\p{C}\s]+/gu, " ").trim().slice(0, 300);
  return text === "" ? "" : `: ${text}`;
}
