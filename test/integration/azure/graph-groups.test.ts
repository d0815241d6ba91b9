import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import { graphGroups } from "../../../src/azure/graph-groups.ts";

const group = "11111111-2222-4333-8444-555555555555";

describe("groups of the directory, over HTTP", () => {
  let server: Server;
  let origin: string;
  let asked: IncomingMessage[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => void (asked = []));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** The client's own addresses stay those of Graph; only the last hop is changed. */
  const read = (timeoutMs = 30_000) => {
    const inner = createDefaultHttpClient();
    return graphGroups({
      credential: { getToken: async () => ({ token: "of-drillbook", expiresOnTimestamp: Date.now() + 3_600_000 }) },
      cloud: "public",
      timeoutMs,
      httpClient: {
        async sendRequest(request) {
          const original = request.url;
          request.url = original.replace("https://graph.microsoft.com", origin);
          request.allowInsecureConnection = true;
          try {
            return await inner.sendRequest(request);
          } finally {
            request.url = original;
          }
        },
      },
    })(group);
  };
  const json = (response: ServerResponse, body: object, status = 200): void => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  const user = (id: string, more: object = {}) => ({ id, displayName: id.toUpperCase(), userType: "Member", accountEnabled: true, ...more });

  it("are read page by page, with a token, without accounts that are disabled", async () => {
    answer = (request, response) =>
      request.url?.includes("skip=1") === true
        ? json(response, { value: [user("c", { userType: "Guest" })] })
        : json(response, { value: [user("A"), user("b", { accountEnabled: false })], "@odata.nextLink": `https://graph.microsoft.com/v1.0/next?skip=1` });
    assert.deepEqual(await read(), [{ id: "a", name: "A", guest: false }, { id: "c", name: "C", guest: true }]);
    assert.match(asked[0]?.url ?? "", new RegExp(`^/v1.0/groups/${group}/transitiveMembers/microsoft\\.graph\\.user`, "u"));
    assert.equal(asked[0]?.headers.authorization, "Bearer of-drillbook");
  });

  it("follow no link to another host, and no list without end", async () => {
    answer = (_, response) => json(response, { value: [], "@odata.nextLink": "https://evil.example/" });
    await assert.rejects(read(), { code: "not-now" });
    assert.equal(asked.length, 1);
    answer = (_, response) => json(response, { value: [], "@odata.nextLink": "https://graph.microsoft.com/v1.0/again" });
    await assert.rejects(read(), { code: "not-now" });
  });

  it("say what is wrong when they cannot be read", async () => {
    const cases = [[403, "not-allowed"], [404, "not-found"], [503, "not-now"]] as const;
    for (const [status, code] of cases) {
      answer = (_, response) => json(response, { error: {} }, status);
      await assert.rejects(read(), { code }, String(status));
    }
    answer = (_, response) => json(response, { value: "everybody" });
    await assert.rejects(read(), { code: "not-now" });
    answer = () => undefined;
    await assert.rejects(read(300), { code: "not-now" });
  });
});
