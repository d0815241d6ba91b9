import type { Person } from "../../drills/events.ts";
import { DrillbookError } from "../../errors.ts";
import type { ArrivingActivity } from "../activity.ts";
import { headerOf } from "./door.ts";
import type { Door, Refusal, SdkAuthentication } from "./door.ts";
import type { Cloud } from "./cloud.ts";
import { publicCloud } from "./cloud.ts";
import { freezeEmulatorIssuers } from "./emulator-issuers.ts";
import { isPersonal } from "../addresses.ts";
import { isAllowedServiceUrl, isFileAddress } from "./service-urls.ts";
import { credentialsFor, isGuid } from "./teams-credentials.ts";
import type { TeamsRegistration } from "./teams-credentials.ts";
import { unverifiedClaims } from "./token.ts";
import type { UnverifiedClaims } from "./token.ts";
import { arrivalRefusals } from "../../texts/notices.ts";

const channelId = "msteams";

/** A request may be this old by the channel's clock, in milliseconds; nothing in the protocol stops a replay earlier. */
const oldestMs = 10 * 60_000;

export type TeamsDoorOptions = {
  readonly registration: TeamsRegistration;
  readonly now: () => Date;
  /** People of other tenants who are let in, by object id and tenant: everybody else of another tenant is refused. */
  readonly foreign?: Readonly<Record<string, string>>;
  readonly cloud?: Cloud;
  /** Only for tests and clouds that the SDK's own credentials do not know. */
  readonly credentials?: SdkAuthentication["credentials"];
};

/**
 * The door for real Teams traffic. The SDK's own verification accepts tokens of any Entra tenant as if they came from
 * its emulator, does not look at channel, tenant or recipient, and lets an unverified token grow a global list; so
 * most requests are refused before the SDK sees them, and what it verified is checked again. Throws `bad-setting`.
 */
export async function openTeamsDoor(options: TeamsDoorOptions): Promise<Door> {
  const { registration, now, foreign = {}, cloud = publicCloud, credentials = credentialsFor(registration) } = options;
  freezeEmulatorIssuers();
  if ((await credentials.isAuthenticationDisabled()) !== false) {
    throw new DrillbookError(
      "bad-setting",
      "With these settings the bot would accept requests from anybody.",
      "Give the application id, tenant id and credentials of a single-tenant bot or a managed identity.",
    );
  }
  const { appId, tenantId } = registration;
  const rules = { appId, tenantId, cloud };
  return {
    appId,
    paced: true,
    authentication: {
      settings: sdkSettings(cloud),
      credentials,
      configuration: {
        requiredEndorsements: [],
        validateClaims: async (claims) => checkVerifiedClaims(new Map(claims.map(({ type, value }) => [type, value])), rules),
      },
    },
    admitHeaders(headers) {
      const claims = unverifiedClaims(headerOf(headers, "authorization"));
      return claims ? tokenRefusal(claims, rules) : { status: 401, reason: "no bearer token" };
    },
    tokenUse: (headers) => ({ channelId, serviceUrl: String(unverifiedClaims(headerOf(headers, "authorization"))?.["serviceurl"]) }),
    admit({ headers }, activity) {
      const claims = unverifiedClaims(headerOf(headers, "authorization")) ?? {};
      return channelRefusal(activity, claims, cloud) ?? tenantRefusal(activity, tenantId, foreign);
    },
    identify: (activity) => identify(activity, appId, now()),
    mayReach: (url) => isAllowedServiceUrl(url, cloud.serviceOrigins),
    mayFetchFrom: (url) => isFileAddress(url, cloud.fileHosts),
    // Teams hands files to a bot in personal chats alone; what else names an address was made up by somebody.
    takesFiles: isPersonal,
    outboundHeaders: () => ({}),
  };
}

type Rules = { readonly appId: string; readonly tenantId: string; readonly cloud: Cloud };

function sdkSettings(cloud: Cloud): SdkAuthentication["settings"] {
  return {
    ToChannelFromBotLoginUrl: cloud.loginUrl,
    ToChannelFromBotOAuthScope: cloud.oauthScope,
    ToBotFromChannelTokenIssuer: cloud.tokenIssuer,
    OAuthUrl: cloud.oauthUrl,
    ToBotFromChannelOpenIdMetadataUrl: cloud.channelMetadataUrl,
    ToBotFromEmulatorOpenIdMetadataUrl: cloud.emulatorMetadataUrl,
    CallerId: cloud.callerId,
  };
}

/** A tenant in the token means Entra issued it, not the channel: whoever holds such a token could name any approver. */
function tokenRefusal(claims: UnverifiedClaims, rules: Rules): Refusal | null {
  if (claims["iss"] !== rules.cloud.tokenIssuer) return { status: 401, reason: "foreign token issuer" };
  if (claims["aud"] !== rules.appId) return { status: 401, reason: "token for somebody else" };
  if (claims["tid"] !== undefined) return { status: 401, reason: "token of a tenant" };
  // The SDK looks at an end only where there is one.
  if (claims["exp"] === undefined) return { status: 401, reason: "token without an end" };
  return null;
}

function channelRefusal(activity: ArrivingActivity, claims: UnverifiedClaims, cloud: Cloud): Refusal | null {
  if (activity.channelId !== channelId) return { status: 403, reason: "foreign channel" };
  if (activity.serviceUrl !== claims["serviceurl"]) return { status: 403, reason: "service URL differs from the token's" };
  if (!isAllowedServiceUrl(activity.serviceUrl, cloud.serviceOrigins)) return { status: 403, reason: "foreign service URL" };
  return null;
}

function tenantRefusal(activity: ArrivingActivity, tenantId: string, foreign: Readonly<Record<string, string>>): Refusal | null {
  const named = [activity.conversation.tenantId, activity.channelData?.tenant?.id].filter((id) => typeof id === "string");
  if (named.length === 0) return { status: 403, reason: "no tenant" };
  const from = activity.from.tenantId;
  const isOurs = (id: string) => id.toLowerCase() === tenantId.toLowerCase();
  const id = activity.from.aadObjectId?.toLowerCase() ?? "";
  const isListed = from?.toLowerCase() === (Object.hasOwn(foreign, id) ? foreign[id] : null);
  return named.every(isOurs) && (!from || isOurs(from) || isListed) ? null : { status: 403, reason: "foreign tenant" };
}

/** The same rules once more, on the claims whose signature the SDK has verified. Throws to refuse. */
function checkVerifiedClaims(claims: ReadonlyMap<string, string>, rules: Rules): void {
  const refusal = tokenRefusal(Object.fromEntries(claims), rules);
  if (refusal || !isAllowedServiceUrl(claims.get("serviceurl") ?? "", rules.cloud.serviceOrigins)) {
    throw Object.assign(new Error(refusal?.reason ?? "foreign service URL"), { statusCode: 401 });
  }
}

function identify(activity: ArrivingActivity, appId: string, now: Date): Person | Refusal {
  if (activity.recipient?.id.toLowerCase() !== `28:${appId}`) return { status: 403, reason: "foreign recipient" };
  const id = activity.from.aadObjectId;
  if (!id || !isGuid(id)) return { status: 403, reason: "sender without an object id" };
  const at = Date.parse(activity.timestamp ?? "");
  if (!(Math.abs(now.getTime() - at) <= oldestMs)) {
    throw new DrillbookError("not-now", ...arrivalRefusals.tooLate);
  }
  return { id: id.toLowerCase(), name: activity.from.name ?? id };
}
