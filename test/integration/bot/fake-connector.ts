import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = { readonly method: string; readonly path: string; readonly headers: IncomingMessage["headers"]; readonly body: unknown };

export type FakeConnector = {
  readonly origin: string;
  readonly received: Received[];
  /** What comes next, in this order; after that every request succeeds. */
  readonly next: ((request: IncomingMessage, response: ServerResponse) => void)[];
  close(): Promise<void>;
};

/** A Bot Framework connector that can be made to behave badly. */
export async function startConnector(): Promise<FakeConnector> {
  const received: Received[] = [];
  const next: FakeConnector["next"] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    received.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: text === "" ? null : JSON.parse(text) });
    const behave = next.shift();
    if (behave) return behave(request, response);
    response.statusCode = 201;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ id: `sent-${received.length}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    next,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const answers = (status: number, headers: Record<string, string> = {}) => (_request: IncomingMessage, response: ServerResponse) => {
  // Not chained: restify puts a writeHead of its own on every response of the process, and it returns nothing.
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: { code: "X", message: "no" } }));
};

export const resets = (request: IncomingMessage) => void request.socket.destroy();

/** Takes the request and never answers. */
export const hangs = () => undefined;
