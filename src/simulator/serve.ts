import { DrillbookError } from "../errors.ts";
import type { Estate } from "./estate.ts";
import { payroll } from "./estates/payroll.ts";
import type { Scenario } from "./misfortunes.ts";
import { scenarios } from "./scenarios.ts";
import { startSimulator } from "./start.ts";
import type { Simulator } from "./start.ts";

const estates: Readonly<Record<string, Estate>> = { payroll };

export type ServeOptions = {
  readonly estate: string;
  readonly scenario: string;
  readonly pace: number;
  readonly port: number;
  readonly stateFile: string | null;
  readonly seed: string | null;
  readonly knownScripts: ReadonlySet<string>;
};

/** The simulator as a program of its own, by the names of an estate and a scenario. Throws `bad-input` and `port-taken`. */
export function serveSimulator(options: ServeOptions): Promise<Simulator> {
  const { pace, port, knownScripts, stateFile, seed } = options;
  return startSimulator({
    estate: estateNamed(options.estate),
    scenario: scenarioNamed(options.scenario),
    pace,
    port,
    knownScripts,
    ...(stateFile === null ? {} : { stateFile }),
    ...(seed === null ? {} : { seed }),
  });
}

/** An estate that ships. Throws `bad-input` for any other name. */
export function estateNamed(name: string): Estate {
  const estate = Object.entries(estates).find(([one]) => one === name)?.[1];
  if (estate === undefined) throw unknown("estate", name, Object.keys(estates));
  return estate;
}

/** A scenario that ships. Throws `bad-input` for any other name. */
export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw unknown("scenario", name, scenarios.map((one) => one.name));
  return scenario;
}

function unknown(what: string, name: string, names: readonly string[]): DrillbookError {
  return new DrillbookError("bad-input", `There is no ${what} "${name}".`, `Choose one of: ${names.join(", ")}.`);
}
