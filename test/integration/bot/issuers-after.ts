import { createRequire } from "node:module";
import { ConfigurationBotFrameworkAuthentication, ConfigurationServiceClientCredentialFactory } from "botbuilder";
import type { Activity } from "botbuilder";
import { freezeEmulatorIssuers } from "../../../src/bot/door/emulator-issuers.ts";

// A process of its own, because what is frozen stays so: shows the SDK so many strangers' tokens, each of another tenant and signed by nobody,
// and says how many issuers it believes then.
const [strangers = "0", how] = process.argv.slice(2);
if (how === "frozen") freezeEmulatorIssuers();
console.error = () => undefined;
const appId = "11111111-2222-4333-8444-555555555555";
const sdk = new ConfigurationBotFrameworkAuthentication({}, new ConfigurationServiceClientCredentialFactory({ MicrosoftAppType: "SingleTenant", MicrosoftAppId: appId, MicrosoftAppTenantId: appId, MicrosoftAppPassword: "x" }));
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const activity: Partial<Activity> = { channelId: "msteams", serviceUrl: "https://smba.trafficmanager.net/emea/" };
for (let n = 0; n < Number(strangers); n += 1) {
  const tid = `tenant-${n}`;
  // An algorithm that nobody takes: it is refused before any key is asked for.
  const token = `${part({ alg: "none", kid: "x" })}.${part({ iss: `https://login.example/${tid}`, tid, aud: appId })}.c2ln`;
  await sdk.authenticateRequest(activity as Activity, `Bearer ${token}`).catch(() => undefined);
}
const ofBotbuilder = createRequire(createRequire(import.meta.url).resolve("botbuilder"));
const { EmulatorValidation } = ofBotbuilder("botframework-connector") as { EmulatorValidation: { ToBotFromEmulatorTokenValidationParameters: { issuer: readonly string[] } } };
console.log(EmulatorValidation.ToBotFromEmulatorTokenValidationParameters.issuer.length);
