import type { SiteRecoveryManagementClient } from "@azure/arm-recoveryservices-siterecovery";
import { createPipelineRequest } from "@azure/core-rest-pipeline";
import { z } from "zod";
import type { EstateReader } from "../checks/ports.ts";
import type { Look } from "../drills/ports.ts";
import { DrillbookError } from "../errors.ts";
import { parseVaultId } from "./arm-id.ts";
import { azureSays } from "./azure-answer.ts";
import { reading } from "./call.ts";
import type { Connection } from "./connection.ts";
import { readFailure } from "./failure.ts";
import { recoveryPlan } from "./recovery-plan.ts";

const page = z.object({ value: z.array(z.object({ id: z.string(), name: z.string() })), nextLink: z.string().nullish() });
type Named = { readonly id: string; readonly name: string };

/** Lists what a launch form offers: the recovery plans, networks and servers of the configured subscriptions. */
export function estateReader(connection: Connection): EstateReader {
  const everywhere = <T>(look: Look, what: string, work: (client: SiteRecoveryManagementClient, root: string) => Promise<readonly T[]>) =>
    listed(look, what, connection.subscriptions.map((id) => () => work(connection.reader(id), `${connection.endpoint}/subscriptions/${id}`)));
  return {
    recoveryPlans: (look) =>
      everywhere(look, "the recovery plans", async (client, root) => {
        const vaults = await listAll(client, `${root}/providers/Microsoft.RecoveryServices/vaults?api-version=2024-04-01`, look);
        return listed(look, "the recovery plans", vaults.map((vault) => () => plansOf(client, vault, look)));
      }),
    networks: (look) =>
      everywhere(look, "the networks", (client, root) => listAll(client, `${root}/providers/Microsoft.Network/virtualNetworks?api-version=2024-05-01`, look)),
    servers: (look) =>
      everywhere(look, "the servers", async (client, root) => [
        ...(await listAll(client, `${root}/providers/Microsoft.HybridCompute/machines?api-version=2025-01-13`, look)),
        ...(await listAll(client, `${root}/providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01`, look)),
      ]),
  };
}

/** What can be read of several places: one that refuses hides only itself, unless all refuse. */
async function listed<T>(look: Look, what: string, works: readonly (() => Promise<readonly T[]>)[]): Promise<readonly T[]> {
  return reading(look, async () => {
    const results = await Promise.allSettled(works.map((work) => work()));
    const readable = results.filter((result) => result.status === "fulfilled");
    const refused = results.find((result) => result.status === "rejected");
    if (readable.length === 0 && refused !== undefined) throw readFailure(refused.reason, what);
    return readable.flatMap((result) => result.value);
  });
}

async function plansOf(client: SiteRecoveryManagementClient, { id }: Named, look: Look) {
  const { vault, resourceGroup } = parseVaultId(id);
  const plans: { id: string; name: string; servers: number }[] = [];
  for await (const azure of client.replicationRecoveryPlans.list(vault, resourceGroup, { abortSignal: look.signal })) {
    const plan = recoveryPlan(azure);
    plans.push({ id: plan.id, name: plan.name, servers: plan.groups.reduce((sum, group) => sum + group.servers.length, 0) });
  }
  return plans;
}

/** Follows a list that no installed SDK knows, through a client that brings credential, retries and record. */
async function listAll(client: SiteRecoveryManagementClient, first: string, look: Look): Promise<readonly Named[]> {
  const found: Named[] = [];
  for (let url: string | null = first; url !== null; ) {
    const response = await client.sendRequest(createPipelineRequest({ url, method: "GET", abortSignal: look.signal, headers: undefined }));
    if (response.status !== 200) throw refusal(response.status, response.bodyAsText ?? "");
    const { value, nextLink } = pageIn(response.bodyAsText ?? "");
    found.push(...value.map(({ id, name }) => ({ id, name })));
    url = nextLink ?? null;
  }
  return found;
}

function pageIn(body: string): z.infer<typeof page> {
  try {
    return page.parse(JSON.parse(body));
  } catch (cause) {
    throw new DrillbookError("azure-unreachable", "Azure answered with something that is no list.", "Try again, or type the resource id.", { cause });
  }
}

function refusal(status: number, body: string): DrillbookError {
  const { message } = azureSays(body);
  const code = status === 429 ? "azure-throttled" : status >= 500 ? "azure-unreachable" : "azure-refused";
  return new DrillbookError(code, `Azure did not give the list (HTTP ${status}): ${message}`, "Give Drillbook's identity the Reader role, or type the resource id.");
}
