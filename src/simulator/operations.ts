import type { Json } from "../runbooks/runbook.ts";
import { notFound, ok } from "./arm-answer.ts";
import type { ArmAnswer, ArmRequest } from "./arm-answer.ts";
import { groupPath } from "./estate.ts";
import { newId, nowOf } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import type { OperationRecord } from "./world.ts";

type Provider = "Microsoft.Compute" | "Microsoft.Network";

/** Accepts something that takes `seconds` of simulated time; `result` is what its Location answers afterwards. */
export function begin(simulation: Simulation, provider: Provider, location: string, seconds: number, result: Json): { readonly answer: ArmAnswer; readonly operation: OperationRecord } {
  const startedAt = nowOf(simulation);
  const operation: OperationRecord = { id: newId(simulation, "operation"), startedAt, endsAt: startedAt + (seconds * 1000) / simulation.pace, result };
  simulation.change({ type: "operation.began", operation });
  return { answer: { status: 202, headers: operationHeaders(simulation, provider, location, operation.id) }, operation };
}

/** Both headers of an accepted operation: its status, and its result. */
export function operationHeaders(simulation: Simulation, provider: Provider, location: string, id: string): Readonly<Record<string, string>> {
  const version = provider === "Microsoft.Compute" ? "2026-04-01" : "2026-01-01";
  const base = `https://management.azure.com${groupPath(simulation.estate, "").replace("/resourceGroups/", "")}/providers/${provider}/locations/${location}`;
  return { "Azure-AsyncOperation": `${base}/operations/${id}?api-version=${version}`, Location: `${base}/operationResults/${id}?api-version=${version}` };
}

/** How an operation stands; null when nobody knows it. */
export function operationStatus(request: ArmRequest, simulation: Simulation): ArmAnswer | null {
  const operation = simulation.world.operations.get(request.names.operation ?? "");
  if (operation === undefined) return null;
  const over = nowOf(simulation) >= operation.endsAt;
  const startTime = new Date(operation.startedAt).toISOString();
  if (!over) return ok({ name: operation.id, status: "InProgress", startTime });
  return ok({ name: operation.id, status: "Succeeded", startTime, endTime: new Date(operation.endsAt).toISOString() });
}

/** The result of an operation: 202 with the same headers until there is one. */
export function operationResult(provider: Provider): (request: ArmRequest, simulation: Simulation) => ArmAnswer {
  return (request, simulation) => {
    const { operation: id = "", location = "" } = request.names;
    const operation = simulation.world.operations.get(id);
    if (operation === undefined) return notFound(`'operationResults/${id}'`);
    if (nowOf(simulation) < operation.endsAt) return { status: 202, headers: operationHeaders(simulation, provider, location, id) };
    return operation.result === null ? { status: 200 } : ok(operation.result);
  };
}
