import type { TokenCredential } from "@azure/core-auth";
import { DefaultAzureCredential } from "@azure/identity";
import { clouds } from "./cloud.ts";
import type { CloudName } from "./cloud.ts";

/** The identity Drillbook runs under: managed identity (AZURE_CLIENT_ID says which), workload identity, environment or developer sign-in. */
export function realCredential({ cloud }: { readonly cloud: CloudName }): TokenCredential {
  return new DefaultAzureCredential({ authorityHost: clouds[cloud].authorityHost });
}
