import { timingSafeEqual } from "node:crypto";
import type { WebServer } from "../server.ts";

export const connectorPath = "/console/connector";

/** What the console page says of itself. It is a channel of its own: no Teams token could ever be mistaken for it. */
export type ConsoleChannel = {
  readonly channelId: string;
  readonly conversationId: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly serviceUrl: string;
};

/** Made once the server has its port: the connector's address is the server's own. */
export function channelOn(server: Pick<WebServer, "origin">): ConsoleChannel {
  return {
    channelId: "drillbook-console",
    conversationId: "rehearsal",
    bot: { id: "drillbook", name: "Drillbook" },
    serviceUrl: `${server.origin}${connectorPath}`,
  };
}

/** The header that opens the console's connector; only this process knows its value. */
export const connectorSecretHeader = "x-drillbook-connector";

/** Compared in constant time, so that nobody on this machine can find the secret byte by byte. */
export function isConnectorSecret(presented: string | string[] | undefined, secret: string): boolean {
  if (typeof presented !== "string") return false;
  const left = Buffer.from(presented);
  const right = Buffer.from(secret);
  return left.length === right.length && timingSafeEqual(left, right);
}
