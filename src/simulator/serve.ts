import { readScenario } from "./scenario-files.ts";
import { startSimulator } from "./start.ts";
import type { Simulator } from "./start.ts";

export type ServeOptions = {
  /** A scenario that ships, by its name, or a file. */
  readonly scenario: string;
  readonly pace: number;
  readonly port: number;
  readonly stateFile: string | null;
  readonly seed: string | null;
  readonly knownScripts: ReadonlySet<string>;
};

/** The simulator as a program of its own. Throws as `readScenario` does, and `port-taken`. */
export function serveSimulator(options: ServeOptions): Promise<Simulator> {
  const { pace, port, knownScripts, stateFile, seed } = options;
  const scenario = readScenario(options.scenario);
  return startSimulator({ estate: scenario.estate, scenario, pace, port, knownScripts, ...(stateFile === null ? {} : { stateFile }), ...(seed === null ? {} : { seed }) });
}
