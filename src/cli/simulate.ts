import { knownScripts } from "../composition.ts";
import { DrillbookError } from "../errors.ts";
import { parsed } from "./options.ts";
import { stopped } from "./stopped.ts";

/** Serves a simulated Azure Resource Manager until it is asked to end. Throws `bad-input`, `port-taken`. */
export async function simulateAzure(args: readonly string[]): Promise<number> {
  const { values } = parsed(args, { port: { type: "string" }, pace: { type: "string" }, scenario: { type: "string" }, state: { type: "string" } });
  const number = (name: string, usual: number): number => {
    const given = values[name];
    const value = given === undefined ? usual : Number(given);
    if (!Number.isFinite(value) || value < 0) throw new DrillbookError("bad-input", `--${name} is not a number.`, `For example: --${name} ${usual}`);
    return value;
  };
  const { serveSimulator } = await import("../simulator/serve.ts");
  const simulator = await serveSimulator({
    scenario: typeof values["scenario"] === "string" ? values["scenario"] : "calm",
    pace: number("pace", 10),
    port: number("port", 0),
    stateFile: typeof values["state"] === "string" ? values["state"] : null,
    seed: null,
    knownScripts: knownScripts(),
  });
  console.log(`A simulated Azure Resource Manager listens at ${simulator.url} (subscription ${simulator.subscription}).`);
  return stopped(() => simulator.close());
}
