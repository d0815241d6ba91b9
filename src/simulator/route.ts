import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import type { Simulation } from "./simulation.ts";

/** A method, a path whose `:name` parts are taken as they come, and what answers. */
export type Route = readonly [method: string, path: string, answer: (request: ArmRequest, simulation: Simulation) => ArmAnswer];
