import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DrillbookError } from "../errors.ts";
import { atNow } from "./output-time.ts";

const folder = fileURLToPath(new URL("../../scenarios/outputs/", import.meta.url));
const usual = "healthy";

/** Which sample each tool prints in a simulated world, by the tool's check; what is not named is healthy. */
export type OutputChoice = Readonly<Record<string, string>>;

/** Every tool that has samples. */
export function toolsWithSamples(): readonly string[] {
  return readdirSync(folder).sort();
}

/** What a tool prints at `now`. Throws `bad-input` naming the samples that there are. */
export function sampleOutput(tool: string, choice: OutputChoice, now: Date): string {
  const sample = choice[tool] ?? usual;
  const known = toolsWithSamples().includes(tool) ? readdirSync(`${folder}${tool}`).map((file) => file.replace(/\.txt$/, "")) : [];
  if (!known.includes(sample)) throw new DrillbookError("bad-input", `There is no sample "${sample}" of what ${tool} prints.`, known.length === 0 ? `Tools with samples: ${toolsWithSamples().join(", ")}.` : `Use one of: ${known.join(", ")}.`);
  return atNow(readFileSync(`${folder}${tool}/${sample}.txt`, "utf8"), now);
}
