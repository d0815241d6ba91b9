/**
 * Where tokens come from and go to. All seven belong together: when one is given, the SDK takes no default for the
 * others.
 */
export type Cloud = {
  readonly loginUrl: string;
  readonly oauthScope: string;
  readonly tokenIssuer: string;
  readonly oauthUrl: string;
  readonly channelMetadataUrl: string;
  readonly emulatorMetadataUrl: string;
  readonly callerId: string;
  /** Origins that a service URL may have. */
  readonly serviceOrigins: readonly string[];
  /** Where Teams keeps the files that people attach: ends of host names that begin with a dot, or whole origins. */
  readonly fileHosts: readonly string[];
};

/** Public Azure, as the Bot Framework's authentication documentation lists it. */
export const publicCloud: Cloud = Object.freeze({
  // The SDK only reads from it which cloud this is; the credentials name the tenant.
  loginUrl: "https://login.microsoftonline.com/botframework.com",
  oauthScope: "https://api.botframework.com",
  tokenIssuer: "https://api.botframework.com",
  oauthUrl: "https://api.botframework.com",
  channelMetadataUrl: "https://login.botframework.com/v1/.well-known/openidconfiguration",
  emulatorMetadataUrl: "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
  callerId: "urn:botframework:azure",
  serviceOrigins: ["https://smba.trafficmanager.net"],
  fileHosts: [".sharepoint.com"],
});
