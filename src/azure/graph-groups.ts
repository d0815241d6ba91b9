import type { TokenCredential } from "@azure/core-auth";
import { bearerTokenAuthenticationPolicy, createDefaultHttpClient, createPipelineFromOptions, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { z } from "zod";
import { DrillbookError } from "../errors.ts";
import type { CloudName } from "./cloud.ts";

const hosts: Readonly<Record<CloudName, string>> = {
  public: "https://graph.microsoft.com",
  usgov: "https://graph.microsoft.us",
  china: "https://microsoftgraph.chinacloudapi.cn",
};

const page = z.looseObject({
  value: z.array(z.looseObject({ id: z.string().min(1).max(100), displayName: z.string().max(300).nullish(), userType: z.string().max(50).nullish(), accountEnabled: z.boolean().nullish() })),
  "@odata.nextLink": z.string().max(4_096).nullish(),
});

const mostPages = 10;

export type GraphOptions = {
  readonly credential: TokenCredential;
  readonly cloud: CloudName;
  /** Where requests go instead of to Graph: a fake. */
  readonly httpClient?: HttpClient;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs?: number;
};

export type GraphMember = { readonly id: string; readonly name: string; readonly guest: boolean };

/**
 * The people of an Entra group, those of its groups included, through Microsoft Graph; disabled accounts are left out. Needs
 * the application permission GroupMember.Read.All (and User.Read.All for names). Throws `not-allowed`, `not-found` or `not-now`.
 */
export function graphGroups({ credential, cloud, httpClient = createDefaultHttpClient(), timeoutMs = 4_000 }: GraphOptions): (group: string) => Promise<readonly GraphMember[]> {
  const origin = hosts[cloud];
  // One quick retry: somebody waits for the answer with a decision.
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 1, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 }, redirectOptions: { maxRetries: 0 } });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${origin}/.default` }));

  async function read(url: string): Promise<z.infer<typeof page>> {
    const request = createPipelineRequest({ url, method: "GET", timeout: timeoutMs });
    const response = await pipeline.sendRequest(httpClient, request).catch((cause: unknown) => {
      throw new DrillbookError("not-now", "Microsoft Graph did not answer.", "Try again in a moment.", { cause });
    });
    if (response.status !== 200) throw refused(response.status);
    const parsed = page.safeParse(parse(response.bodyAsText ?? ""));
    if (!parsed.success) throw new DrillbookError("not-now", "Microsoft Graph answered something that is no list of people.", "Try again in a moment.");
    return parsed.data;
  }

  return async (group) => {
    const members: GraphMember[] = [];
    let url: string | null = `${origin}/v1.0/groups/${encodeURIComponent(group)}/transitiveMembers/microsoft.graph.user?$select=id,displayName,userType,accountEnabled&$top=999`;
    for (let pages = 0; url !== null; pages += 1) {
      // A link in an answer must not lead the token elsewhere.
      if (pages === mostPages || new URL(url).origin !== origin) throw new DrillbookError("not-now", "Microsoft Graph's list of the group does not end.", "Name a smaller group.");
      const found: z.infer<typeof page> = await read(url);
      members.push(...found.value.filter((v) => v.accountEnabled !== false).map((v) => ({ id: v.id.toLowerCase(), name: v.displayName ?? v.id, guest: v.userType === "Guest" })));
      url = found["@odata.nextLink"] ?? null;
    }
    return members;
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refused(status: number): DrillbookError {
  if (status === 404) return new DrillbookError("not-found", "Microsoft Graph knows no such group.", "Check the group's object id in the people file.");
  if (status === 401 || status === 403) return new DrillbookError("not-allowed", "Microsoft Graph does not let Drillbook read the group's members.", "Grant its identity GroupMember.Read.All and User.Read.All, with an administrator's consent.");
  return new DrillbookError("not-now", `Microsoft Graph answered ${status}.`, "Try again in a moment.");
}
