import { armError, notFound } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { permissionsAnswer, refusedFor } from "./permissions.ts";
import { resourceAnswer } from "./resource-routes.ts";
import type { Route } from "./route.ts";
import type { Simulation } from "./simulation.ts";

/** Finds the route of a request, without regard to case as Resource Manager does, and answers. */
export function route(routes: readonly Route[], request: Omit<ArmRequest, "names">, simulation: Simulation): ArmAnswer {
  const asked = /^\/subscriptions\/([^/]+)/i.exec(request.url.pathname)?.[1];
  if (asked !== undefined && asked.toLowerCase() !== simulation.estate.subscription) return foreignSubscription(asked);
  const early = permissionsAnswer(request, simulation.estate) ?? refusedFor(request, simulation.estate);
  if (early !== null) return early;
  for (const [method, path, answer] of routes) {
    const names = method === request.method ? namesIn(path, request.url.pathname) : null;
    if (names !== null) return answer({ ...request, names }, simulation);
  }
  return resourceAnswer(request, simulation) ?? notFound(`'${request.url.pathname}'`);
}

function foreignSubscription(subscription: string): ArmAnswer {
  return armError(404, "SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
}

function namesIn(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const names: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decoded(given[index] ?? "");
    if (part.startsWith(":")) names[part.slice(1)] = value;
    else if (part.toLowerCase() !== value.toLowerCase()) return null;
  }
  return names;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
