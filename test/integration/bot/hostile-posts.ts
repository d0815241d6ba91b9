import type { Issuer } from "./local-issuer.ts";
import { bearer } from "./raw-request.ts";

/** What a good post is made of; each hostile one differs from it in what its name says. */
export type GoodPost = {
  readonly appId: string;
  readonly tenantId: string;
  readonly personId: string;
  readonly activity: (more?: object) => object;
  readonly claims: (more?: object) => { readonly iss: string };
  /** Seconds since 1970, so many from now. */
  readonly seconds: (offset?: number) => number;
  /** Of the connector. */
  readonly origin: () => string;
  readonly issuer: () => Issuer;
};

/** Name, the status that refuses it, and what is posted: a body and an Authorization header. */
export type HostilePost = readonly [string, number, () => readonly [object, string | null]];

const otherId = "99999999-2222-4333-8444-555555555555";

export function hostilePosts(good: GoodPost): readonly HostilePost[] {
  return [...headers(good), ...tokens(good), ...keys(good), ...entraTokens(good), ...addresses(good), ...senders(good), ...shapes(good)];
}

function headers({ activity, claims, issuer }: GoodPost): readonly HostilePost[] {
  const token = (): string => issuer().sign(claims());
  return [
    ["without a token", 401, () => [activity(), null]],
    ["with an empty header", 401, () => [activity(), ""]],
    ["with Basic", 401, () => [activity(), "Basic abc"]],
    ["with the scheme in small letters", 401, () => [activity(), `bearer ${token()}`]],
    ["with two words too many", 401, () => [activity(), `Bearer ${token()} Bearer ${token()}`]],
    ["with two tokens and a comma", 401, () => [activity(), `Bearer ${token()}, Bearer ${token()}`]],
    ["with a token in two parts", 401, () => [activity(), "Bearer a.b"]],
    ["with an encrypted token's five parts", 401, () => [activity(), `Bearer ${token()}.a.b`]],
    ["with a token that is no JSON", 401, () => [activity(), "Bearer a.b.c"]],
  ];
}

function tokens({ activity, claims, seconds, tenantId, appId, issuer, origin }: GoodPost): readonly HostilePost[] {
  const token = (more: object): string => bearer(issuer().sign(claims(more)));
  const changed = (): string => {
    const [header, , signature] = issuer().sign(claims({ aud: otherId })).split(".");
    return bearer(`${header}.${Buffer.from(JSON.stringify(claims())).toString("base64url")}.${signature}`);
  };
  return [
    ["with a huge token", 401, () => [activity(), token({ padding: "x".repeat(9000) })]],
    ["with a token of another issuer", 401, () => [activity(), token({ iss: "https://evil.example" })]],
    ["with a token of several issuers", 401, () => [activity(), token({ iss: [claims().iss] })]],
    ["with a token for another bot", 401, () => [activity(), token({ aud: otherId })]],
    ["with a token for several bots", 401, () => [activity(), token({ aud: [appId, "x"] })]],
    ["with a token of a tenant", 401, () => [activity(), token({ tid: tenantId })]],
    ["with a token of an empty tenant", 401, () => [activity(), token({ tid: "" })]],
    ["with an old token", 401, () => [activity(), token({ exp: seconds(-400), nbf: seconds(-4000) })]],
    ["with a token that never ends", 401, () => [activity(), token({ exp: undefined })]],
    ["with a token whose end is a word", 401, () => [activity(), token({ exp: "tomorrow" })]],
    ["with a token of the future", 401, () => [activity(), token({ nbf: seconds(900) })]],
    ["with a token that was changed", 401, () => [activity(), changed()]],
    ["with a token for no service URL", 401, () => [activity(), token({ serviceurl: undefined })]],
    ["with a token for several service URLs", 401, () => [activity(), token({ serviceurl: [`${origin()}/emea/`] })]],
  ];
}

function keys({ activity, claims, issuer, origin }: GoodPost): readonly HostilePost[] {
  const token = (how: Parameters<Issuer["sign"]>[1]): string => bearer(issuer().sign(claims(), how));
  return [
    ["with a stranger's signature", 401, () => [activity(), token({ key: "stranger", kid: "channel" })]],
    ["with an unknown key", 401, () => [activity(), token({ key: "stranger" })]],
    ["with alg none", 401, () => [activity(), token({ alg: "none" })]],
    ["with HS256", 401, () => [activity(), token({ alg: "HS256" })]],
    ["with HS256 and the public key as its secret", 401, () => [activity(), token({ alg: "HS256", kid: "channel", secret: issuer().published.pem })]],
    ["with HS256 and the published key as its secret", 401, () => [activity(), token({ alg: "HS256", kid: "channel", secret: issuer().published.jwk })]],
    ["with PS256 written over RS256", 401, () => [activity(), token({ header: { alg: "PS256" } })]],
    ["with a key that it brings along", 401, () => [activity(), token({ key: "stranger", kid: "channel", header: { jwk: issuer().stranger } })]],
    ["with a key to be fetched from elsewhere", 401, () => [activity(), token({ key: "stranger", header: { jku: `${origin()}/keys`, x5u: `${origin()}/x5u` } })]],
    ["with a path for a key id", 401, () => [activity(), token({ key: "stranger", kid: "../../../../dev/null" })]],
    ["with an object's own word for a key id", 401, () => [activity(), token({ key: "stranger", kid: "__proto__" })]],
    ["with a list for a key id", 401, () => [activity(), token({ key: "stranger", header: { kid: ["channel"] } })]],
    ["without a key id", 401, () => [activity(), token({ header: { kid: undefined } })]],
  ];
}

/** Entra would sign these for whoever holds a secret of an app; the SDK takes them for its emulator's. */
function entraTokens({ activity, claims, seconds, tenantId, personId, appId, issuer, origin }: GoodPost): readonly HostilePost[] {
  const entra = { iss: `https://sts.windows.net/${tenantId}/`, tid: tenantId, aud: appId, appid: appId, azp: appId, ver: "1.0", nbf: seconds(-60), exp: seconds(3600) };
  const signed = (more: object): string => bearer(issuer().sign({ ...entra, ...more }, { key: "entra" }));
  const second = { iss: `https://login.microsoftonline.com/${tenantId}/v2.0`, ver: "2.0" };
  return [
    ["with Entra's token for this very app", 401, () => [activity(), signed({})]],
    ["with Entra's token for this very app, of its second version", 401, () => [activity(), signed(second)]],
    ["with Entra's token of another app of the same tenant", 401, () => [activity(), signed({ appid: otherId, azp: otherId })]],
    ["with a person's own token for this app", 401, () => [activity(), signed({ ...second, oid: personId, scp: "access_as_user" })]],
    ["with Entra's token for the emulator's channel", 401, () => [activity({ channelId: "emulator" }), signed({})]],
    ["with Entra's token dressed as the channel's", 401, () => [activity(), signed({ iss: claims().iss, tid: undefined, serviceurl: `${origin()}/emea/` })]],
  ];
}

function addresses({ activity, claims, issuer, origin }: GoodPost): readonly HostilePost[] {
  const token = (serviceurl: string): string => bearer(issuer().sign(claims({ serviceurl })));
  const own = (): string => bearer(issuer().sign(claims()));
  const both = (url: string): readonly [object, string] => [activity({ serviceUrl: url }), token(url)];
  return [
    ["of webchat, which the same key endorses", 403, () => [activity({ channelId: "webchat" }), own()]],
    ["of the App Service channel", 403, () => [activity({ channelId: "AseChannel" }), own()]],
    ["of Teams in capital letters", 403, () => [activity({ channelId: "MSTeams" }), own()]],
    ["of Teams with something behind it", 403, () => [activity({ channelId: "msteams:copilot" }), own()]],
    ["of a list of channels", 400, () => [activity({ channelId: ["msteams"] }), own()]],
    ["of no channel", 400, () => [activity({ channelId: "" }), own()]],
    ["without a service URL", 400, () => [activity({ serviceUrl: undefined }), own()]],
    ["with an empty service URL", 400, () => [activity({ serviceUrl: "" }), own()]],
    ["with another service URL than the token's", 403, () => [activity({ serviceUrl: `${origin()}/other/` }), own()]],
    ["with the token's service URL and a slash less", 403, () => [activity({ serviceUrl: `${origin()}/emea` }), own()]],
    ["with a service URL on no list, in the token too", 401, () => both("https://evil.example/")],
    ["with a service URL that only begins like one of the list", 401, () => both(`${origin()}.evil.example/`)],
    ["with user information in the service URL", 401, () => both(`${origin().replace("://", "://user@")}/emea/`)],
    ["with a service URL that is none", 401, () => both("urn:botframework:websocket:directlinespeech")],
  ];
}

function senders({ activity, claims, personId, issuer }: GoodPost): readonly HostilePost[] {
  const post = (more: object) => (): readonly [object, string] => [activity(more), bearer(issuer().sign(claims()))];
  const from = (more: object) => post({ from: { id: "29:x", name: "Olivia Okafor", ...more } });
  return [
    ["of a foreign tenant", 403, post({ conversation: { id: "a", tenantId: personId } })],
    ["of a foreign tenant in the channel data", 403, post({ channelData: { tenant: { id: personId } } })],
    ["of an empty tenant beside ours", 403, post({ channelData: { tenant: { id: "" } } })],
    ["of no tenant", 403, post({ conversation: { id: "a" }, channelData: {} })],
    ["of a sender from a foreign tenant", 403, from({ aadObjectId: personId, tenantId: personId })],
    ["of a sender without an object id", 403, from({})],
    ["of a sender whose object id is none", 403, from({ aadObjectId: "olivia" })],
    ["of a sender with a line behind the object id", 403, from({ aadObjectId: `${personId}\n` })],
    ["of a sender whose object id is elsewhere", 403, from({ objectId: personId, userPrincipalName: "olivia@contoso.example", properties: { aadObjectId: personId } })],
    ["of a sender with two object ids", 400, from({ aadObjectId: [personId, personId] })],
    ["to another bot", 403, post({ recipient: { id: "28:other" } })],
    ["to nobody", 403, post({ recipient: undefined })],
  ];
}

function shapes({ activity, claims, issuer }: GoodPost): readonly HostilePost[] {
  const post = (body: () => object) => (): readonly [object, string] => [body(), bearer(issuer().sign(claims()))];
  const nested = (depth: number): object => Array.from({ length: depth }).reduce<object>((inside) => ({ inside }), {});
  return [
    ["that is an empty object", 400, post(() => ({}))],
    ["that is a list", 400, post(() => [activity()])],
    ["without a type", 400, post(() => activity({ type: undefined }))],
    ["whose type is an object", 400, post(() => activity({ type: {} }))],
    ["that is nested", 400, post(() => activity({ value: nested(50) }))],
    ["that has too many parts", 400, post(() => activity({ value: Array.from({ length: 21_000 }, () => 0) }))],
    ["in a conversation with a name as long as a book", 400, post(() => activity({ conversation: { id: "x".repeat(2_000) } }))],
  ];
}
