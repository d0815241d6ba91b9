import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cloud } from "../../../src/bot/door/cloud.ts";

export type Issuer = {
  readonly cloud: Cloud;
  /** A token of the channel, signed with its key unless told otherwise. */
  sign(claims: object, how?: { key?: "channel" | "stranger" | "entra"; kid?: string; alg?: "RS256" | "HS256" | "none"; header?: object; secret?: string }): string;
  /** What everybody may know of the channel's key. */
  readonly published: { readonly pem: string; readonly jwk: string };
  /** The public half of the stranger's key. */
  readonly stranger: object;
  close(): Promise<void>;
};

let servers = 0;
/** Keys take long to make, and no test changes them: one set serves every issuer of the process. */
let made: Readonly<Record<"channel" | "entra" | "stranger", ReturnType<typeof rsa>>> | undefined;

/**
 * Stands in for the Bot Framework's and Entra's token services: real RSA keys, real metadata over HTTP, so that the
 * SDK's own verification runs. The address differs each time, because the SDK keeps metadata by address.
 */
export async function startIssuer(serviceOrigin: string): Promise<Issuer> {
  const keys = (made ??= { channel: rsa(), entra: rsa(), stranger: rsa() });
  servers += 1;
  const folder = `/issuer-${servers}`;
  const server = createServer((request, response) => {
    const which = request.url?.includes("/entra/") ? "entra" : "channel";
    const answer = request.url?.endsWith("/keys")
      ? { keys: [{ ...keys[which].publicKey.export({ format: "jwk" }), kid: which, use: "sig", ...(which === "channel" ? { endorsements: ["msteams", "webchat"] } : {}) }] }
      : { issuer: "local", jwks_uri: `${origin}${folder}/${which}/keys` };
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    cloud: {
      loginUrl: "https://login.microsoftonline.com/botframework.com",
      oauthScope: "https://api.botframework.com",
      tokenIssuer: "https://api.botframework.com",
      oauthUrl: "https://api.botframework.com",
      channelMetadataUrl: `${origin}${folder}/channel/openid`,
      emulatorMetadataUrl: `${origin}${folder}/entra/openid`,
      callerId: "urn:botframework:azure",
      serviceOrigins: [serviceOrigin],
      fileHosts: [".sharepoint.com", serviceOrigin],
    },
    sign: (claims, { key = "channel", kid = key, alg = "RS256", header = {}, secret = "public" } = {}) => signed(claims, keys[key].privateKey, { alg, typ: "JWT", kid, ...header }, secret),
    published: { pem: String(keys.channel.publicKey.export({ type: "spki", format: "pem" })), jwk: JSON.stringify(keys.channel.publicKey.export({ format: "jwk" })) },
    stranger: keys.stranger.publicKey.export({ format: "jwk" }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function rsa(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function signed(claims: object, key: KeyObject, header: { readonly alg: string; readonly [field: string]: unknown }, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const { alg } = header;
  const text = `${part(header)}.${part(claims)}`;
  if (alg === "none") return `${text}.`;
  if (alg === "HS256") return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(key).toString("base64url")}`;
}
