import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";

// The package has no types: this is the part of it that is used.
const { default: Provider } = createRequire(import.meta.url)("oidc-provider") as {
  readonly default: new (issuer: string, configuration: object) => { callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void> };
};

export type Person = { readonly oid: string; readonly tid: string; readonly name: string; readonly roles?: readonly string[] };

type Claims = { readonly [name: string]: unknown };

/** What becomes of the next ID token on its way out; `key` null: it is not signed at all. */
export type Forgery = { readonly claims?: (honest: Claims) => Claims; readonly key?: KeyObject | null };

export type OpenIdProvider = { readonly issuer: URL; close(): Promise<void>; readonly asked: URL[]; readonly forgeNext: (forgery: Forgery) => void };

/**
 * A real OpenID provider on this machine that, like Entra ID, puts oid, tid, name and the app's roles into the ID token.
 * Whoever types one of these logins is that person; it insists on PKCE.
 */
export async function openIdProvider(people: Readonly<Record<string, Person>>, client: { readonly id: string; readonly secret: string; readonly redirect: string }): Promise<OpenIdProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const issuer = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const asked: URL[] = [];
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let forgery: Forgery | null = null;
  const provider = new Provider(issuer.origin, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [client.redirect], grant_types: ["authorization_code"], response_types: ["code"], token_endpoint_auth_method: "client_secret_post" }],
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ["sub", "oid", "tid", "roles"], profile: ["name"] },
    findAccount: async (_: unknown, login: string) => ({ accountId: login, claims: async () => ({ sub: `pairwise-${login}`, ...people[login] }) }),
    cookies: { keys: ["only for tests"] },
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  });
  const handle = provider.callback();
  server.on("request", (request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    asked.push(url);
    if (url.pathname === "/token" && forgery !== null) {
      forging(response, forgery, privateKey);
      forgery = null;
    }
    void handle(request, response);
  });
  return { issuer, asked, close: () => closed(server), forgeNext: (next) => void (forgery = next) };
}

/** Puts another ID token into the answer, by default signed with the provider's own key. */
function forging(response: ServerResponse, { claims = (honest) => honest, key }: Forgery, own: KeyObject): void {
  const end = response.end.bind(response) as (body: string) => ServerResponse;
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  response.end = ((body: string) => {
    const answer = JSON.parse(String(body)) as { id_token: string };
    const honest = JSON.parse(Buffer.from(answer.id_token.split(".")[1] ?? "", "base64url").toString()) as Claims;
    const text = `${part(key === null ? { alg: "none" } : { alg: "RS256", kid: "one" })}.${part(claims(honest))}`;
    const signature = key === null ? "" : sign("sha256", Buffer.from(text), key ?? own).toString("base64url");
    const forged = JSON.stringify({ ...answer, id_token: `${text}.${signature}` });
    response.setHeader("content-length", Buffer.byteLength(forged));
    return end(forged);
  }) as typeof response.end;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A browser without a window: follows redirects, keeps cookies by host, fills in the provider's own forms. `stopAt`: where it follows no further. */
export function plainBrowser(onAsked: (url: URL) => void = () => undefined, stopAt: (url: URL) => boolean = () => false) {
  const jar = new Map<string, Map<string, string>>();
  const cookiesOf = (url: URL): Map<string, string> => {
    const own = jar.get(url.host) ?? new Map<string, string>();
    jar.set(url.host, own);
    return own;
  };
  const once = async (url: URL, init: RequestInit = {}): Promise<Response> => {
    onAsked(url);
    const cookies = cookiesOf(url);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: { accept: "text/html", ...(init.headers as Record<string, string>), ...(cookie === "" ? {} : { cookie }) } });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ""] = set.split(";");
      const at = pair.indexOf("=");
      if (/Max-Age=0|expires=Thu, 01 Jan 1970/i.test(set)) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  const visit = async (address: string | URL, init: RequestInit = {}): Promise<{ readonly url: URL; readonly status: number; readonly text: string }> => {
    let url = new URL(address);
    let response = await once(url, init);
    for (let hops = 0; response.status >= 300 && response.status < 400 && hops < 15; hops += 1) {
      url = new URL(response.headers.get("location") ?? "", url);
      if (stopAt(url)) return { url, status: response.status, text: "" };
      response = await once(url);
    }
    return { url, status: response.status, text: await response.text() };
  };
  /** Goes to a page and, where the provider asks, signs in and consents. */
  const signIn = async (address: string, login: string) => {
    let page = await visit(address);
    while (page.url.pathname.startsWith("/interaction/")) {
      const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1] ?? "";
      const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? "";
      page = await visit(new URL(action, page.url), { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ prompt, login, password: "any" }).toString() });
    }
    return page;
  };
  return { visit, once, signIn, cookies: (url: URL) => cookiesOf(url) };
}
