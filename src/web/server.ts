import { restify } from "./restify.ts";
import type { Next, Request, RequestHandler, Response, Server } from "restify";
import { DrillbookError } from "../errors.ts";
import type { Log } from "../telemetry.ts";
import { securityHeaders } from "./headers.ts";
import { isOwnHost, isOwnOrigin } from "./origins.ts";
import { json } from "./reply.ts";
import type { Handle, WebReply, WebRequest } from "./reply.ts";
import { errorReply } from "./error-page.ts";
import { isShallowJson } from "./json-depth.ts";

/** Largest request body in bytes. A Teams message is at most about 100 KB. */
const maxBodySize = 256 * 1024;

/** A caller that sends slower than this is not one of ours, in milliseconds. */
const slowestHeadersMs = 10_000;
const slowestRequestMs = 30_000;
/** A proxy keeps connections for its next request, often for minutes: on one that is closed here just then a press is lost, for no proxy sends a POST twice. */
const idleMs = 5 * 60_000;

const probes = new Set(["/healthz", "/readyz"]);

/** Looks at the headers before the body is read; a reply refuses the request. */
export type Guard = (headers: WebRequest["headers"]) => WebReply | null | Promise<WebReply | null>;

/** The HTTP server. Routes are added before it is told to anybody. */
export type WebServer = {
  readonly port: number;
  /** Without a slash at the end, as it is reached from this machine. */
  readonly origin: string;
  /** Serves GET and HEAD. */
  get(path: string, handle: Handle): void;
  /** Without a guard of its own, a POST or PUT must come from our own page. */
  post(path: string, handle: Handle, guard?: Guard): void;
  put(path: string, handle: Handle, guard?: Guard): void;
  /** Ends open streams too. */
  close(): Promise<void>;
};

export type ServerOptions = {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** `loopback`: only names of this machine are answered to. `public`: behind TLS, every route brings its own guard. */
  readonly access: "loopback" | "public";
  readonly ready: () => boolean | Promise<boolean>;
  readonly log: Log;
};

/**
 * Binds the port first and takes routes afterwards, so that a taken port stops the start before anything else has
 * begun. Throws `port-taken` or `bad-setting`.
 */
export async function openServer(options: ServerOptions): Promise<WebServer> {
  const { access, ready, log } = options;
  const server = restify.createServer({ name: "drillbook" });
  server.server.headersTimeout = slowestHeadersMs;
  server.server.requestTimeout = slowestRequestMs;
  server.server.keepAliveTimeout = idleMs;
  const port = await listen(server, options);

  server.pre((request: Request, response: Response, next: Next) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    response.removeHeader("server");
    if (!hasReadableUrl(request)) {
      send(response, json(400, { error: "The request could not be read." }));
      return next(false);
    }
    if (access === "public" || probes.has(request.getPath()) || isOwnHost(request.headers.host, port)) return next();
    send(response, json(403, { error: "This server only answers to its own name." }));
    return next(false);
  });
  server.on("restifyError", (request: Request, response: Response, error: unknown, done: () => void) => {
    send(response, errorReply(error, request.headers.accept ?? "", log));
    done();
  });

  const ownOriginOnly: Guard = (headers) =>
    isOwnOrigin(headers["origin"], headers["host"], port) ? null : json(403, { error: "The request did not come from this page." });

  const [reader, parser] = restify.plugins.jsonBodyParser(bodyOptions) as unknown as readonly RequestHandler[];
  if (reader === undefined || parser === undefined) throw new TypeError("restify reads a body in two steps.");
  const body = [reader, refuseDeep, parser];
  const web: WebServer = {
    port,
    origin: `http://${options.host === "0.0.0.0" || options.host === "::" ? "127.0.0.1" : options.host}:${port}`,
    get(path, handle) {
      server.get(path, answerWith(handle));
      server.head(path, answerWith(handle));
    },
    post: (path, handle, guard = ownOriginOnly) => void server.post(path, before(guard), body, answerWith(handle)),
    put: (path, handle, guard = ownOriginOnly) => void server.put(path, before(guard), body, answerWith(handle)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.server.closeAllConnections();
      }),
  };
  web.get("/healthz", () => json(200, { status: "alive" }));
  web.get("/readyz", async () => ((await ready()) ? json(200, { status: "ready" }) : json(503, { status: "not ready" })));
  return web;
}

/** restify's router parses Host and target as one URL and throws, outside of any handler, when they are none. */
function hasReadableUrl(request: Request): boolean {
  try {
    return request.getPath().startsWith("/");
  } catch {
    return false;
  }
}

/** No message of a person nests deeper, a card included. */
const deepest = 64;

function refuseDeep(request: Request, response: Response, next: Next): void {
  if (typeof request.body !== "string" || isShallowJson(request.body, deepest)) return next();
  send(response, json(400, { error: "The request could not be read." }));
  return next(false);
}

const bodyOptions = { mapParams: false, maxBodySize };

function listen(server: Server, { host, port }: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => reject(listenError(error, port));
    server.once("error", refused);
    server.server.once("error", refused);
    server.listen(port, host, () => {
      server.removeListener("error", refused);
      server.server.removeListener("error", refused);
      resolve(server.address().port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number): DrillbookError {
  if (error.code === "EADDRINUSE") {
    return new DrillbookError("port-taken", `Port ${port} is already in use.`, "Stop the program that uses it, or set PORT to a free one.", {
      cause: error,
    });
  }
  return new DrillbookError("bad-setting", `Drillbook cannot listen on port ${port}.`, "Set PORT to one that it may use.", { cause: error });
}

/** Runs before the body is read, so that a stranger's body costs nothing. */
function before(guard: Guard) {
  // An async handler of restify's cannot stop the chain, so this one calls `next` itself.
  return (request: Request, response: Response, next: Next): void => {
    const refuse = async (): Promise<void> => {
      const refusal = encodedBodyRefusal(request) ?? (await guard(request.headers));
      if (refusal) send(response, refusal);
      next(refusal === null ? undefined : false);
    };
    refuse().catch(next);
  };
}

/** restify inflates without a limit, and a body that is no gzip after all ends the process with an unhandled event. */
function encodedBodyRefusal(request: Request): WebReply | null {
  return request.headers["content-encoding"] === undefined ? null : json(415, { error: "Encoded bodies are not taken." });
}

function answerWith(handle: Handle) {
  return async (request: Request, response: Response): Promise<void> => {
    const reply = await handle({
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      params: request.params,
      query: new URLSearchParams(request.getQuery()),
      body: request.body,
    });
    if ("stream" in reply) reply.stream(response);
    else send(response, reply);
  };
}

function send(response: Response, reply: WebReply): void {
  if ("stream" in reply || response.headersSent) return;
  const body = typeof reply.body === "string" ? Buffer.from(reply.body) : Buffer.from(reply.body);
  response.sendRaw(reply.status, body, { "content-type": reply.type, "content-length": String(body.length), ...reply.headers });
}
