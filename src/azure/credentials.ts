import type { TokenCredential } from "@azure/core-auth";
import { DefaultAzureCredential } from "@azure/identity";
import { clouds } from "./cloud.ts";
import type { CloudName } from "./cloud.ts";

/** The identity Drillbook runs under: managed identity, workload identity, environment or developer sign-in. */
export function realCredential(config: { readonly cloud: CloudName; readonly tenantId?: string; readonly managedIdentityClientId?: string }): TokenCredential {
  return new DefaultAzureCredential({
    authorityHost: clouds[config.cloud].authorityHost,
    ...(config.tenantId === undefined ? {} : { tenantId: config.tenantId }),
    ...(config.managedIdentityClientId === undefined ? {} : { managedIdentityClientId: config.managedIdentityClientId }),
  });
}
