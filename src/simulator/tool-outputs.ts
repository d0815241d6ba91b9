import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DrillbookError } from "../errors.ts";
import type { ScriptOutput } from "./estate.ts";
import { atNow } from "./output-time.ts";

const folder = fileURLToPath(new URL("../../scenarios/outputs/", import.meta.url));
const usual = "healthy";

/** Which sample each tool prints in a simulated world, by the tool's check; what is not named is healthy. */
export type OutputChoice = Readonly<Record<string, string>>;

/** Every tool that has samples, by the type of its check. */
export function toolsWithSamples(): readonly string[] {
  return readdirSync(folder).sort();
}

/**
 * What every tool of the field says in a simulated world; `scripts` names the script of a tool by its hash. Its moments are
 * filled in when it is run. Throws `bad-input` for a sample that there is not.
 */
export function fieldOutputs(scripts: readonly { readonly tool: string; readonly sha256: string }[], choice: OutputChoice): readonly ScriptOutput[] {
  for (const tool of Object.keys(choice)) sampleText(tool, choice);
  return scripts.map(({ tool, sha256 }) => ({ script: sha256, exitCode: 0, output: `drillbook-output-begins\n${sampleText(tool, choice)}`, error: "" }));
}

/** What a tool prints at `now`. Throws `bad-input` naming the samples that there are. */
export function sampleOutput(tool: string, choice: OutputChoice, now: Date): string {
  return atNow(sampleText(tool, choice), now);
}

function sampleText(tool: string, choice: OutputChoice): string {
  const sample = choice[tool] ?? usual;
  const known = toolsWithSamples().includes(tool) ? readdirSync(`${folder}${tool}`).map((file) => file.replace(/\.txt$/, "")) : [];
  if (!known.includes(sample)) throw new DrillbookError("bad-input", `There is no sample "${sample}" of what ${tool} prints.`, known.length === 0 ? `Tools with samples: ${toolsWithSamples().join(", ")}.` : `Use one of: ${known.join(", ")}.`);
  return readFileSync(`${folder}${tool}/${sample}.txt`, "utf8");
}
