import assert from "node:assert/strict";
import { serveMessages } from "../../../src/web/messages-route.ts";
import { proveClosed } from "../../../src/web/self-probe.ts";
import { openServer } from "../../../src/web/server.ts";
import { keptLog } from "./kept-log.ts";
import { startConsole } from "./started-console.ts";

describe("the probe of our own endpoint", () => {
  it("is content with a closed door", async () => {
    const started = await startConsole(async () => ({ messages: [] }));
    await proveClosed(started.origin);
    await started.close();
  });

  it("stops the start when the door stands open, or is not there", async () => {
    const server = await openServer({ host: "127.0.0.1", port: 0, access: "public", ready: () => true, log: keptLog().log });
    await assert.rejects(proveClosed(server.origin), { code: "bad-setting" });
    serveMessages(server, { refuse: async () => null, receive: async () => ({ status: 200, body: null }) });
    await assert.rejects(proveClosed(server.origin), { code: "bad-setting" });
    await server.close();
  });
});
