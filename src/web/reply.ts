import type { ServerResponse } from "node:http";

/** One request after the server's own checks; header names are in lower case. */
export type WebRequest = {
  readonly method: string;
  /** Path and query as they were asked for. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  /** Parsed JSON of a POST or PUT; whatever it is, it is unchecked. */
  readonly body: unknown;
};

/** A list: the header stands as many times, as Set-Cookie may. */
export type ReplyHeaders = Readonly<Record<string, string | string[]>>;

/** What a route answers. */
export type WebReply =
  | {
      readonly status: number;
      readonly type: string;
      readonly body: string | Uint8Array;
      readonly headers?: ReplyHeaders;
    }
  /** The handler writes to the response itself and keeps it open. */
  | { readonly stream: (response: ServerResponse) => void };

/** One route. `not-found` that it throws becomes a 404 with its message; anything else a 500 with a reference into the log. */
export type Handle = (request: WebRequest) => Promise<WebReply> | WebReply;

/** Ready to be sent; `value` must hold nothing that JSON cannot. */
export function json(status: number, value: object): WebReply {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

/** `body` is sent as it stands: whoever makes it has escaped what came from outside. */
export function html(status: number, body: string, headers: ReplyHeaders = {}): WebReply {
  return { status, type: "text/html; charset=utf-8", body, headers };
}

/** 303: the browser fetches the place with GET, also after a POST. `location` must be ours or checked. */
export function redirect(location: string, headers: ReplyHeaders = {}): WebReply {
  return { status: 303, type: "text/plain; charset=utf-8", body: "", headers: { ...headers, location } };
}
