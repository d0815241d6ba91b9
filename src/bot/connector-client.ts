import type { ConfigurationBotFrameworkAuthentication } from "botbuilder";
import type { Door } from "./door/door.ts";

type ConnectorOptions = NonNullable<ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[4]>;
export type ConnectorClient = NonNullable<ConnectorOptions["httpClient"]>;

/** The connector answered, and the answer was no. `retryAfterMs` is its own wish, null when it has none. */
export class ConnectorRefused extends Error {
  readonly status: number;
  readonly retryAfterMs: number | null;

  constructor(status: number, retryAfterMs: number | null) {
    super(`the connector answered ${status}`);
    this.name = "ConnectorRefused";
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer came. `sent` is false only when the connection was never made, so that nothing can have arrived. */
export class ConnectorSilent extends Error {
  readonly sent: boolean;

  constructor(sent: boolean, options: { cause: unknown }) {
    super(sent ? "the connector did not answer" : "the connector could not be reached", options);
    this.name = "ConnectorSilent";
    this.sent = sent;
  }
}

/** The URL is on no allow-list: nothing was sent, least of all the bot's token. */
export class ConnectorForbidden extends Error {
  constructor() {
    super("the service URL is not on the allow-list");
    this.name = "ConnectorForbidden";
  }
}

/**
 * The HTTP client under the SDK's connector: one attempt within `deadlineMs` (milliseconds), no redirects. Everything
 * but success is thrown as one of our own errors, because the SDK resends a POST up to four times after a reset or a
 * 5xx that it sees itself, and then two cards appear that both look valid.
 */
export function createConnectorClient(door: Pick<Door, "mayReach" | "outboundHeaders">, deadlineMs: number): ConnectorClient {
  return {
    async sendRequest(request) {
      if (!door.mayReach(request.url)) throw new ConnectorForbidden();
      const response = await fetchOnce(
        request.url,
        {
          method: request.method,
          headers: { ...request.headers.rawHeaders(), ...door.outboundHeaders(request.url) },
          body: typeof request.body === "string" ? request.body : null,
        },
        deadlineMs,
      );
      if (response.status < 200 || response.status > 299) throw refusedBy(response);
      return {
        request,
        status: response.status,
        headers: headersLike(request.headers, response.headers),
        bodyAsText: response.body,
      };
    },
  };
}

type Fetched = { readonly status: number; readonly headers: Headers; readonly body: string };

async function fetchOnce(url: string, init: RequestInit, deadlineMs: number): Promise<Fetched> {
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(deadlineMs) });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    throw new ConnectorSilent(!neverConnected(error), { cause: error });
  }
}

const beforeTheFirstByte = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

function neverConnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
  return typeof code === "string" && beforeTheFirstByte.has(code);
}

function refusedBy(response: Fetched): ConnectorRefused {
  const seconds = Number(response.headers.get("retry-after"));
  const wished = response.headers.has("retry-after") && Number.isFinite(seconds) && seconds >= 0;
  return new ConnectorRefused(response.status, wished ? seconds * 1000 : null);
}

type HeadersLike = Parameters<ConnectorClient["sendRequest"]>[0]["headers"];

/** The SDK's own header class is not exported by any package we depend on; a clone of the request's is one of them. */
function headersLike(ofRequest: HeadersLike, ofResponse: Headers): HeadersLike {
  const headers = ofRequest.clone();
  for (const name of headers.headerNames()) headers.remove(name);
  for (const [name, value] of ofResponse) headers.set(name, value);
  return headers;
}
