import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { RequestSeen } from "./arm-server.ts";
import type { Misfortune } from "./misfortunes.ts";
import { misfortuneSchema } from "./scenario-schema.ts";
import type { Simulation } from "./simulation.ts";

export const controlPath = "/__simulator/";

/** How often each plan (or single server) was really set going, by name. */
export type Counts = { readonly starts: Readonly<Record<string, number>>; readonly cleanups: Readonly<Record<string, number>> };

/** Counts from the jobs themselves, which survive a restart. */
export function countsOf({ world }: Simulation): Counts {
  const count = (scenario: string) => {
    const names: Record<string, number> = {};
    for (const job of world.jobs) if (job.scenario === scenario) names[job.target] = (names[job.target] ?? 0) + 1;
    return names;
  };
  return { starts: count("TestFailover"), cleanups: count("TestFailoverCleanup") };
}

/** The simulator's own door, for tests and trainers: what was done, what was asked, and what shall go wrong. */
export function answerControl(simulation: Simulation, request: IncomingMessage, response: ServerResponse, body: string, seen: readonly RequestSeen[]): void {
  const what = `${request.method} ${(request.url ?? "").slice(controlPath.length)}`;
  if (what === "GET counts") return reply(response, 200, countsOf(simulation));
  if (what === "GET requests") return reply(response, 200, seen);
  if (what === "POST misfortunes") return addMisfortune(simulation, response, body);
  if (what === "DELETE misfortunes") {
    simulation.change({ type: "misfortunes.cleared" });
    return reply(response, 200, {});
  }
  reply(response, 404, { message: "The simulator knows counts, requests and misfortunes." });
}

/** Checks a misfortune that came from outside. Returns what is wrong with it instead, in words. */
export function parseMisfortune(body: string): Misfortune | { readonly problem: string } {
  try {
    const result = misfortuneSchema.safeParse(JSON.parse(body));
    return result.success ? result.data : { problem: z.prettifyError(result.error) };
  } catch {
    return { problem: "The body is not JSON." };
  }
}

function addMisfortune(simulation: Simulation, response: ServerResponse, body: string): void {
  const parsed = parseMisfortune(body);
  if ("problem" in parsed) return reply(response, 400, { message: parsed.problem });
  simulation.change({ type: "misfortune.added", misfortune: parsed });
  reply(response, 200, {});
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
