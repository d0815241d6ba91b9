import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = { readonly method: string; readonly path: string; readonly headers: IncomingMessage["headers"]; readonly body: unknown };

export type FakeConnector = {
  readonly origin: string;
  readonly received: Received[];
  /** What comes next, in this order; after that every request succeeds. */
  readonly next: ((request: IncomingMessage, response: ServerResponse) => void)[];
  /** What comes of a request for which nothing comes next; null: what Teams does. */
  behave: (request: IncomingMessage) => FakeConnector["next"][number] | null;
  /** Who is listed in every conversation. */
  readonly members: { readonly id: string; readonly aadObjectId: string; readonly tenantId: string }[];
  /** Accounts that do not have the app: their chats are not opened, and nothing is taken there. */
  readonly withoutApp: Set<string>;
  close(): Promise<void>;
};

/** A Bot Framework connector that can be made to behave badly. */
export async function startConnector(): Promise<FakeConnector> {
  const received: Received[] = [];
  const next: FakeConnector["next"] = [];
  const members: FakeConnector["members"] = [];
  const withoutApp = new Set<string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    received.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: text === "" ? null : JSON.parse(text) });
    const behave = next.shift() ?? connector.behave(request) ?? asTeams(request, received.at(-1)?.body, { members, withoutApp });
    if (behave) return behave(request, response);
    response.statusCode = 201;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ id: `sent-${received.length}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const connector: FakeConnector = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    next,
    members,
    withoutApp,
    behave: () => null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return connector;
}

/** What Teams does with requests that are no plain messages, as Microsoft recorded it of `POST /v3/conversations` on 17 April 2026; null for the others. */
function asTeams(request: IncomingMessage, body: unknown, { members, withoutApp }: Pick<FakeConnector, "members" | "withoutApp">): FakeConnector["next"][number] | null {
  const path = decodeURIComponent(request.url ?? "");
  if (path.includes("/pagedmembers")) return says(200, { members });
  if (request.method === "POST" && path.endsWith("/v3/conversations")) return opens(body, withoutApp);
  return [...withoutApp].some((account) => path.includes(`/${chatOfAccount(account)}/`)) ? says(403, notInRoster) : null;
}

/** The same account has the same chat every time. */
export function chatOfAccount(account: string): string {
  return `a:${account.replace("29:", "")}-and-the-bot`;
}

function opens(body: unknown, withoutApp: ReadonlySet<string>): FakeConnector["next"][number] {
  const { isGroup, members, tenantId } = body as { isGroup?: unknown; members?: readonly { id: string }[]; tenantId?: unknown };
  const [member, ...others] = members ?? [];
  if (isGroup !== false || member?.id.startsWith("29:") !== true || others.length > 0 || typeof tenantId !== "string") {
    return says(400, { error: { code: "BadSyntax", message: "Incorrect conversation creation parameters" } });
  }
  return withoutApp.has(member.id) ? says(403, notInRoster) : says(201, { id: chatOfAccount(member.id) });
}

const notInRoster = { error: { code: "BotNotInConversationRoster", message: "The bot is not part of the conversation roster." } };

const says = (status: number, body: object) => (_request: IncomingMessage, response: ServerResponse) => {
  response.statusCode = status;
  response.setHeader("content-type", "application/json").end(JSON.stringify(body));
};

export const answers = (status: number, headers: Record<string, string> = {}) => (_request: IncomingMessage, response: ServerResponse) => {
  // Not chained: restify puts a writeHead of its own on every response of the process, and it returns nothing.
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: { code: "X", message: "no" } }));
};

export const resets = (request: IncomingMessage) => void request.socket.destroy();

/** Takes the request and never answers. */
export const hangs = () => undefined;
