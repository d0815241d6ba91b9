import { ConfigurationServiceClientCredentialFactory } from "botbuilder";
import { DrillbookError } from "../../errors.ts";
import type { SdkAuthentication } from "./door.ts";

/** How the bot signs in to the Bot Framework. Other app types of the SDK leave verification off when misspelt. */
export type TeamsRegistration = {
  readonly appId: string;
  readonly tenantId: string;
} & ({ readonly appType: "SingleTenant"; readonly password: string } | { readonly appType: "UserAssignedMSI" });

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;

/** Whether the text is a GUID and nothing else: ids of Entra come into addresses and keys. */
export function isGuid(text: string): boolean {
  return guid.test(text);
}

/** Checks the registration and makes the SDK's credentials from it. Throws `bad-setting`, never quoting the password. */
export function credentialsFor(registration: TeamsRegistration): SdkAuthentication["credentials"] {
  const { appType, appId, tenantId } = registration;
  if (appType !== "SingleTenant" && appType !== "UserAssignedMSI") {
    throw bad("The bot's app type is not known.", "Use SingleTenant or UserAssignedMSI, spelt exactly so.");
  }
  if (!isGuid(appId)) throw bad("The bot's application id is not a GUID.", "Copy it from the bot's app registration.");
  if (!isGuid(tenantId)) throw bad("The bot's tenant id is not a GUID.", "Copy it from the tenant's overview page.");
  if (appType === "SingleTenant" && registration.password.trim() === "") {
    throw bad("The bot's password is empty.", "Give the client secret, or use a managed identity.");
  }
  return new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppType: appType,
    MicrosoftAppId: appId,
    MicrosoftAppTenantId: tenantId,
    ...(appType === "SingleTenant" ? { MicrosoftAppPassword: registration.password } : {}),
  });
}

function bad(message: string, suggestion: string): DrillbookError {
  return new DrillbookError("bad-setting", message, suggestion);
}
