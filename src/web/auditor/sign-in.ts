import * as oidc from "openid-client";
import { z } from "zod";
import type { Clock } from "../../drills/ports.ts";
import { html as markup } from "../../evidence/report/markup.ts";
import type { Secret } from "../../secret.ts";
import type { Log } from "../../telemetry.ts";
import { redirect, type ReplyHeaders, type WebReply, type WebRequest } from "../reply.ts";
import type { WebServer } from "../server.ts";
import type { Admission } from "./pages.ts";
import { auditorPage } from "./shell.ts";
import { signedCookie } from "./signed-cookie.ts";

export type SignInParts = {
  /** Of Entra ID: https://login.microsoftonline.com/<tenant>/v2.0. */
  readonly issuer: URL;
  /** The tenant that a token must be of; null where the issuer knows none. */
  readonly tenantId: string | null;
  /** The pages' own app registration, another one than the bot's. */
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Where people reach this server, without a slash at the end. */
  readonly publicUrl: string;
  /** At least 32 random bytes; a new key ends every session. */
  readonly key: Buffer;
  readonly clock: Clock;
  readonly log: Log;
  /** Tests start an issuer on this machine, without TLS. */
  readonly plainIssuer?: boolean;
};

/** The app role that lets somebody read: it is given in Entra ID, to people or groups. */
export const auditorRole = "Drillbook.Auditor";

/** A role that was taken away counts from then on; until it ends, Entra ID itself is asked again without a prompt. */
const sessionMs = 60 * 60_000;
const flowMs = 10 * 60_000;

const flowShape = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string() });
const readerShape = z.object({ id: z.string(), name: z.string() });
const claimsShape = z.object({ sub: z.string(), oid: z.string().optional(), name: z.string().optional(), tid: z.string().optional(), roles: z.array(z.string()).optional() });

/**
 * Sign-in by OpenID Connect with the authorization code flow and PKCE. Whoever is not signed in is sent there and comes
 * back to the page that was asked for.
 */
export function openAuditorSignIn(server: WebServer, parts: SignInParts): Admission {
  const { publicUrl, clock } = parts;
  const secure = publicUrl.startsWith("https:");
  const session = signedCookie({ name: "drillbook-auditor", key: parts.key, secure, lastsMs: sessionMs, clock });
  const flow = signedCookie({ name: "drillbook-auditor-flow", key: parts.key, secure, lastsMs: flowMs, clock });
  const callback = `${publicUrl}/auditor/callback`;
  const configuration = discovered(parts);

  server.get("/auditor/sign-in", async ({ method, query }) => {
    if (method !== "GET") return redirect("/drills");
    const config = await configuration();
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const target = oidc.buildAuthorizationUrl(config, {
      redirect_uri: callback, scope: "openid profile", response_type: "code", state, nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
    });
    return redirect(target.href, { "set-cookie": flow.issue({ state, nonce, verifier, to: ownPath(query.get("to")) }) });
  });

  server.get("/auditor/callback", async (request) => {
    const kept = flowShape.safeParse(flow.read(request.headers["cookie"]));
    if (request.method !== "GET" || !kept.success) return turnedAway("This sign-in was not begun in this browser, or took longer than ten minutes.");
    const claims = await redeemed(request, kept.data).catch((error: unknown) => {
      parts.log.warn({ err: error }, "an auditor's sign-in was refused");
      return null;
    });
    const wrong = claims === null ? "The sign-in could not be completed." : notAdmitted(claims, parts.tenantId);
    if (claims === null || wrong !== null) return turnedAway(wrong ?? "");
    // The flow is used up: its state and nonce bring nobody in a second time.
    return redirect(kept.data.to, { "set-cookie": [session.issue({ id: claims.oid ?? claims.sub, name: (claims.name ?? "").slice(0, 200) }), flow.clear()] });
  });

  server.get("/auditor/sign-out", () => ({ ...signedOutPage(), headers: { ...headersOf(signedOutPage()), "set-cookie": session.clear() } }));

  const redeemed = async (request: WebRequest, kept: z.infer<typeof flowShape>): Promise<z.infer<typeof claimsShape>> => {
    const url = new URL(`${callback}?${request.query.toString()}`);
    const tokens = await oidc.authorizationCodeGrant(await configuration(), url, { pkceCodeVerifier: kept.verifier, expectedState: kept.state, expectedNonce: kept.nonce, idTokenExpected: true });
    return claimsShape.parse(tokens.claims());
  };

  return (request) => {
    const reader = readerShape.safeParse(session.read(request.headers["cookie"]));
    if (reader.success) return { reader: reader.data };
    const to = request.path;
    return { refused: redirect(`/auditor/sign-in?to=${encodeURIComponent(to)}`) };
  };
}

function notAdmitted({ tid, roles = [] }: z.infer<typeof claimsShape>, tenantId: string | null): string | null {
  if (tenantId !== null && tid !== tenantId) return "Your account is of another organisation.";
  return roles.includes(auditorRole) ? null : `You are signed in, but nobody has given you the role ${auditorRole}.`;
}

/** Only ever back to a page of ours: a way to anywhere else could be hung into the link by a stranger. */
function ownPath(to: string | null): string {
  return to !== null && /^\/drills(\/[A-Za-z0-9./?=&%+-]*|\?[A-Za-z0-9./?=&%+-]*)?$/.test(to) ? to : "/drills";
}

/** Asked when somebody first signs in, and again after a failure: the bot starts also while Entra ID is away. */
function discovered({ issuer, clientId, clientSecret, plainIssuer = false }: SignInParts): () => Promise<oidc.Configuration> {
  let known: Promise<oidc.Configuration> | null = null;
  return () => {
    // The token comes straight from the issuer over TLS; its signature is checked all the same.
    const execute = [oidc.enableNonRepudiationChecks, ...(plainIssuer ? [oidc.allowInsecureRequests] : [])];
    known ??= oidc.discovery(issuer, clientId, undefined, oidc.ClientSecretPost(clientSecret.reveal()), { execute }).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

function turnedAway(why: string): WebReply {
  return auditorPage(403, { title: "Not signed in", rehearsal: false, reader: null, alone: true, body: markup`<h1>You are not signed in</h1><p>${why}</p><p><a href="/auditor/sign-in">Sign in</a></p>` });
}

function signedOutPage(): Exclude<WebReply, { stream: unknown }> {
  const page = auditorPage(200, { title: "Signed out", rehearsal: false, reader: null, alone: true, body: markup`<h1>You are signed out</h1><p><a href="/drills">Sign in again</a></p>` });
  if ("stream" in page) throw new TypeError("a page is no stream");
  return page;
}

function headersOf(page: Exclude<WebReply, { stream: unknown }>): ReplyHeaders {
  return page.headers ?? {};
}
