import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Answer, Inbound } from "../../../src/bot/message.ts";
import { DrillbookError } from "../../../src/errors.ts";
import type { ConsoleActivity } from "../../../src/web/console/store.ts";
import { consoleStore } from "../../fakes/console-store.ts";
import { rawRequest } from "./raw-request.ts";
import { startConsole } from "./started-console.ts";
import type { StartedConsole } from "./started-console.ts";

const card = { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text: "one" }] };

describe("the local console over HTTP", () => {
  let started: StartedConsole;
  let cookie: string;
  let arrived: Inbound[];
  let arrivals = 0;
  let answer: (inbound: Inbound) => Promise<Answer>;

  beforeEach(async () => {
    arrived = [];
    answer = async (inbound) => ({ messages: [{ text: inbound.kind === "click" ? inbound.verb : `You said ${inbound.text}`, card: null }] });
    started = await startConsole(async (inbound) => {
      arrived.push(inbound);
      return answer(inbound);
    });
    cookie = await started.signIn();
  });
  afterEach(() => started.close());

  const own = () => ({ host: `127.0.0.1:${started.port}`, origin: started.origin, cookie, "content-type": "application/json" });
  const activity = (more: object = {}) => ({
    type: "message",
    id: `a${(arrivals += 1)}`,
    text: "help",
    channelId: "drillbook-console",
    serviceUrl: started.serviceUrl,
    from: { id: "amir", name: "Somebody Else" },
    recipient: { id: "drillbook", name: "Drillbook" },
    conversation: { id: "rehearsal" },
    ...more,
  });
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    rawRequest({
      port: started.port,
      method: "POST",
      path: "/api/messages",
      headers: { ...own(), ...headers },
      body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
  const get = (path: string, headers: Record<string, string> = {}) => rawRequest({ port: started.port, method: "GET", path, headers: { ...own(), ...headers } });
  const shown = async (): Promise<readonly ConsoleActivity[]> =>
    (JSON.parse((await get("/console/activities")).body) as { activities: ConsoleActivity[] }).activities;

  describe("a message of the page", () => {
    it("is answered through the connector, and the name in the payload is not believed", async () => {
      assert.equal((await post(activity())).status, 200);
      assert.deepEqual(arrived[0]?.person, { id: "amir", name: "Amir Haddad" });
      assert.deepEqual(
        (await shown()).map(({ from, text }) => [from.name, text]),
        [
          ["Amir Haddad", "help"],
          ["Drillbook", "You said help"],
        ],
      );
    });

    it("that presses a button is answered in the reply, and what follows goes to everybody", async () => {
      answer = async () => ({ messages: [{ text: "Noted.", card: null }, { text: "A card", card }] });
      const value = { action: { type: "Action.Execute", verb: "note", data: { step: "s" } }, trigger: "manual" };
      const reply = await post(activity({ type: "invoke", name: "adaptiveCard/action", text: undefined, value, replyToId: "m1" }));
      assert.deepEqual(JSON.parse(reply.body), { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "Noted." });
      assert.deepEqual(arrived[0], { ...arrived[0], kind: "click", verb: "note", data: { step: "s" }, shownIn: "m1" });
      await started.idle();
      const [said] = await shown();
      assert.deepEqual(said?.card, card);
      assert.equal(said?.text, "A card");
    });

    it("that arrives again under its own id is answered once, and a press gets its reply again", async () => {
      answer = async () => ({ messages: [{ text: "Noted.", card: null }, { text: "For all", card: null }] });
      const again = activity({ id: "again" });
      for (let round = 0; round < 5; round += 1) assert.equal((await post(again)).status, 200);
      assert.equal(arrived.length, 1);
      assert.deepEqual((await shown()).map(({ text }) => text), ["help", "Noted.", "For all"]);
      const value = { action: { type: "Action.Execute", verb: "note", data: { step: "s" } }, trigger: "manual" };
      const pressed = activity({ type: "invoke", id: "pressed", name: "adaptiveCard/action", text: undefined, value });
      const replies = await Promise.all(Array.from({ length: 5 }, () => post(pressed)));
      await started.idle();
      assert.deepEqual([...new Set(replies.map(({ body }) => (JSON.parse(body) as { value: string }).value))], ["Noted."]);
      assert.equal(arrived.length, 2);
      assert.equal((await shown()).length, 4);
    });

    it("that takes long is answered in time, and in the conversation when it is done", async () => {
      await started.close();
      let finish = (): void => undefined;
      const slow = new Promise<void>((resolve) => void (finish = resolve));
      started = await startConsole(async () => slow.then(() => ({ messages: [{ text: "Recorded.", card: null }] })), { replyWithinMs: 50 });
      cookie = await started.signIn();
      const value = { action: { type: "Action.Execute", verb: "approve", data: { step: "s" } }, trigger: "manual" };
      const pressed = { type: "invoke", id: "slow", name: "adaptiveCard/action", text: undefined, value };
      for (const more of [pressed, pressed, { ...pressed, id: "slow-2" }]) assert.match((await post(activity(more))).body, /still working/u);
      assert.equal((await post(activity({ id: "words" }))).status, 200);
      assert.deepEqual((await shown()).map(({ text }) => text), ["help"]);
      finish();
      await started.idle();
      assert.deepEqual((await shown()).map(({ text }) => text), ["help", "Recorded.", "Recorded."]);
    });

    it("that fails is apologised for without a word of the error", async () => {
      answer = async () => {
        throw new Error("secret: AccountKey=abc");
      };
      await post(activity());
      const last = (await shown()).at(-1);
      assert.match(last?.text ?? "", /^Something went wrong here; nothing was changed\. Reference [0-9a-f]{8}$/u);
      const reference = last?.text.slice(-8) ?? "";
      assert.ok(started.log.some((line) => line["reference"] === reference));
    assert.doesNotMatch(JSON.stringify(started.log), /AccountKey=abc/u);
    });

    it("that is refused gets our own words", async () => {
      answer = async () => {
        throw new DrillbookError("not-allowed", "Only an approver may do that.", "Ask Bea Lind.");
      };
      await post(activity());
      assert.equal((await shown()).at(-1)?.text, "Only an approver may do that. Ask Bea Lind.");
    });
  });

  describe("an edit", () => {
    it("stands where the message stood", async () => {
      await post(activity());
      const conversation = arrived[0]?.conversation;
      assert.ok(conversation);
      const { messageId } = await started.transport.send(conversation, { text: "before", card });
      const before = await shown();
      await started.transport.update(conversation, messageId, { text: "after", card: null });
      const after = await shown();
      assert.equal(after.length, before.length);
      assert.deepEqual(after.map(({ id, text }) => [id, text]).at(-1), [messageId, "after"]);
    });

    it("of a message that is gone, or that a person wrote, is not found", async () => {
      await post(activity());
      const conversation = arrived[0]?.conversation;
      assert.ok(conversation);
      const ofPerson = (await shown())[0]?.id ?? "";
      for (const id of ["m0", ofPerson]) {
        await assert.rejects(started.transport.update(conversation, id, { text: "x", card: null }), { code: "not-found" });
      }
    });
  });

  describe("the one-time link", () => {
    it("signs in one browser and is followed by another link", async () => {
      const link = started.link();
      assert.deepEqual(started.linksUsed, [link]);
      const first = await fetch(link, { redirect: "manual" });
      assert.equal(first.status, 303);
      assert.equal(first.headers.get("location"), "/console");
      assert.match(first.headers.get("set-cookie") ?? "", /HttpOnly; SameSite=Strict/u);
      const second = await fetch(link, { redirect: "manual" });
      assert.equal(second.status, 403);
      assert.match(await second.text(), /not signed in/u);
      assert.equal(second.headers.get("set-cookie"), null);
      assert.notEqual(started.link(), link);
    });

    it("is not used up by a prefetch or a HEAD", async () => {
      const link = started.link();
      assert.equal((await fetch(link, { redirect: "manual", headers: { "sec-purpose": "prefetch" } })).status, 403);
      assert.equal((await fetch(link, { redirect: "manual", method: "HEAD" })).status, 403);
      assert.equal((await fetch(link, { redirect: "manual" })).status, 303);
    });

    it("is guessed by nobody", async () => {
      assert.equal((await fetch(`${started.origin}/?token=${randomBytes(32).toString("base64url")}`, { redirect: "manual" })).status, 403);
      assert.equal((await fetch(`${started.origin}/`, { redirect: "manual" })).status, 403);
    });
  });

  describe("without a session", () => {
    for (const path of ["/console", "/console/people", "/console/activities", "/console/events", "/console/assets/console.js", "/drills", "/drills/PAY-1"]) {
      it(`${path} is refused`, async () => {
        const { status } = await get(path, { cookie: "" });
        assert.ok(status === 401 || status === 403, String(status));
      });
    }

    it("neither a made-up nor a changed cookie helps", async () => {
      const [name, value] = cookie.split("=");
      const changed = `${name}=9${value}`;
      for (const bad of [`${name}=1.2.3`, `${name}=`, changed, `${name}=${value?.split(".").slice(0, 2).join(".")}.`, "x".repeat(5000)]) {
        assert.equal((await get("/console/people", { cookie: bad })).status, 401);
      }
    });

    it("survives a restart with the same key, and ends with a new one", async () => {
      const sessionKey = randomBytes(32);
      const first = await startConsole(answer, { sessionKey });
      const signed = await first.signIn();
      await first.close();
      const again = await startConsole(answer, { sessionKey, port: first.port });
      const other = { port: first.port, method: "GET", path: "/console/people", headers: { host: `127.0.0.1:${first.port}`, cookie: signed } };
      assert.equal((await rawRequest(other)).status, 200);
      await again.close();
      const rekeyed = await startConsole(answer, { port: first.port });
      assert.equal((await rawRequest(other)).status, 401);
      await rekeyed.close();
    });
  });

  describe("a hostile request", () => {
    const refused: readonly (readonly [string, number, () => Parameters<typeof post>])[] = [
      ["with a foreign Origin", 403, () => [activity(), { origin: "https://evil.example" }]],
      ["with the Origin of another port", 403, () => [activity(), { origin: "http://127.0.0.1:1" }]],
      ["with Origin null", 403, () => [activity(), { origin: "null" }]],
      ["with a rebound Host", 403, () => [activity(), { host: "evil.example" }]],
      ["with a rebound Host and Origin", 403, () => [activity(), { host: `evil.example:${started.port}`, origin: `http://evil.example:${started.port}` }]],
      ["with a Host that only begins like ours", 403, () => [activity(), { host: `127.0.0.1.evil.example:${started.port}` }]],
      ["with a Host that is no host", 400, () => [activity(), { host: `127.0.0.1:${started.port}.evil.example` }]],
      ["with localhost in Origin and 127.0.0.1 in Host", 403, () => [activity(), { origin: `http://localhost:${started.port}` }]],
      ["without a cookie", 401, () => [activity(), { cookie: "" }]],
      ["of an unknown person", 403, () => [activity({ from: { id: "mallory" } })]],
      ["of the prototype", 403, () => [activity({ from: { id: "__proto__" } })]],
      ["with a foreign service URL", 403, () => [activity({ serviceUrl: "http://169.254.169.254/" })]],
      ["with our service URL and more", 403, () => [activity({ serviceUrl: `${started.serviceUrl}/..` })]],
      ["of a foreign channel", 403, () => [activity({ channelId: "msteams" })]],
      ["of the emulator", 403, () => [activity({ channelId: "emulator" })]],
      ["to another conversation", 403, () => [activity({ conversation: { id: "other" } })]],
      ["to another bot", 403, () => [activity({ recipient: { id: "other" } })]],
      ["without JSON", 400, () => ["{no json"]],
      ["of another content type", 400, () => [JSON.stringify(activity()), { "content-type": "text/plain" }]],
      ["with an empty object", 400, () => [{}]],
      ["with an empty array", 400, () => [[]]],
      ["with null", 400, () => ["null"]],
      ["with a number", 400, () => ["1"]],
      ["with a type that is no text", 400, () => [activity({ type: 1 })]],
      ["without a service URL", 400, () => [activity({ serviceUrl: undefined })]],
      ["without a sender", 400, () => [activity({ from: null })]],
      ["nested very deep", 400, () => [`{"type":"message","value":${"[".repeat(50_000)}${"]".repeat(50_000)}}`]],
      ["with very many parts", 400, () => [activity({ value: Array.from({ length: 30_000 }, () => 1) })]],
      ["with a huge body", 413, () => [activity({ text: "x".repeat(300_000) })]],
      ["with a packed body", 415, () => [gzipSync(JSON.stringify(activity())), { "content-encoding": "gzip" }]],
      ["with a body that is no gzip", 415, () => ["not gzip", { "content-encoding": "gzip" }]],
    ];
    for (const [name, status, request] of refused) {
      it(`${name} is refused with ${status}, and answered to nobody`, async () => {
        const response = await post(...request());
        assert.equal(response.status, status);
        assert.deepEqual(arrived, []);
        assert.doesNotMatch(response.body, /at .*\.ts|node_modules|Unexpected/u);
        assert.equal((await post(activity())).status, 200);
      });
    }

    it("without an Origin is refused", async () => {
      const headers: Record<string, string> = own();
      delete headers["origin"];
      const response = await rawRequest({ port: started.port, method: "POST", path: "/api/messages", headers, body: JSON.stringify(activity()) });
      assert.equal(response.status, 403);
    });

    it("that is an invoke without a value, or with an empty one, is answered and changes nothing", async () => {
      for (const value of [undefined, null, {}, [], { action: null }, { action: { verb: 1 } }, { action: { verb: "x".repeat(101) } }]) {
        const response = await post(activity({ type: "invoke", name: "adaptiveCard/action", text: undefined, value }));
        assert.equal(response.status, 200);
        assert.match(response.body, /not understood/u);
      }
      assert.deepEqual(arrived, []);
    });

    it("cannot speak as the bot", async () => {
      const path = "/console/connector/v3/conversations/rehearsal/activities";
      const body = JSON.stringify({ type: "message", text: "I am the bot" });
      for (const headers of [own(), { ...own(), "x-drillbook-connector": "guess" }]) {
        assert.equal((await rawRequest({ port: started.port, method: "POST", path, headers, body })).status, 401);
        assert.equal((await rawRequest({ port: started.port, method: "PUT", path: `${path}/m1`, headers, body })).status, 401);
      }
      assert.deepEqual(await shown(), []);
    });
  });

  it("carries its security headers on every answer, errors included", async () => {
    for (const path of ["/healthz", "/console", "/nothing", "/console/people"]) {
      const { headers } = await get(path);
      assert.match(String(headers["content-security-policy"]), /default-src '(self|none)'.*frame-ancestors 'none'/u);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["referrer-policy"], "no-referrer");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["server"], undefined);
    }
  });

  it("answers probes by any name, and everything else by its own only", async () => {
    assert.equal((await get("/healthz", { host: "10.0.0.7:3978" })).status, 200);
    assert.equal((await get("/readyz", { host: "10.0.0.7:3978" })).status, 200);
    for (const path of ["/console", "/", "/nothing", "/healthz/../console"]) {
      assert.equal((await get(path, { host: "evil.example" })).status, 403, path);
    }
    assert.equal((await get("/console", { host: `localhost:${started.port}` })).status, 200);
    assert.equal((await get("/console", { host: `[::1]:${started.port}` })).status, 200);
  });

  it("lives on after targets that are no addresses", async () => {
    for (const path of ["//", "//evil.example/", "http://[", "*", "/%", "/%E0%A4%A", "/console/assets/%", `/${"a/".repeat(4000)}`, "/drills/%ff"]) {
      const { status } = await get(path);
      assert.ok(status >= 400 && status < 500, `${path} ${status}`);
    }
    assert.equal((await get("/healthz")).status, 200);
  });

  it("serves the files of the page and no others", async () => {
    for (const name of ["console.js", "cards.css", "adaptivecards.js", "markdown-it.js"]) {
      assert.equal((await get(`/console/assets/${name}`)).status, 200, name);
    }
    for (const name of ["index.html", "..%2Findex.html", "..%2f..%2fconsole.ts", "__proto__", "%00"]) {
      const { status } = await get(`/console/assets/${name}`);
      assert.ok(status === 404 || status === 400, `${name} ${status}`);
    }
  });

  describe("the event stream", () => {
    it("sends what happens, and after a break what was missed", async () => {
      const stream = await listen(started, cookie, {});
      await post(activity({ text: "one" }));
      const first = await stream.take(2);
      stream.close();
      await post(activity({ text: "two" }));
      const again = await listen(started, cookie, { "last-event-id": String(first[0]?.change) });
      assert.deepEqual((await again.take(3)).map(({ text }) => text), ["You said one", "two", "You said two"]);
      again.close();
    });

    it("keeps no more than the browser reads", async () => {
      const stream = await listen(started, cookie, {});
      stream.close();
      await post(activity());
      assert.equal((await shown()).length, 2);
    });
  });

  it("keeps the conversation in the store over a restart", async () => {
    const store = consoleStore();
    const first = await startConsole(async (inbound) => (arrived.push(inbound), { messages: [] }), { store });
    const headers = { ...own(), host: `127.0.0.1:${first.port}`, origin: first.origin, cookie: await first.signIn() };
    await rawRequest({ port: first.port, method: "POST", path: "/api/messages", headers, body: JSON.stringify(activity({ serviceUrl: first.serviceUrl })) });
    const conversation = arrived[0]?.conversation;
    assert.ok(conversation);
    const { messageId } = await first.transport.send(conversation, { text: "before", card: null });
    await first.close();
    const second = await startConsole(answer, { store, port: first.port });
    await second.transport.update(conversation, messageId, { text: "after the restart", card: null });
    const kept = await store.all();
    assert.deepEqual(kept.map(({ text }) => text), ["help", "after the restart"]);
    assert.ok((kept[1]?.change ?? 0) > (kept[0]?.change ?? 0));
    await second.close();
  });

  it("keeps an idle connection longer than a proxy in front does", async () => {
    assert.equal((await fetch(`${started.origin}/healthz`)).headers.get("keep-alive"), "timeout=300");
  });

  it("says in one sentence that a port is taken", async () => {
    await assert.rejects(startConsole(answer, { port: started.port }), {
      code: "port-taken",
      message: `Port ${started.port} is already in use.`,
    });
  });

  it("says when it is not ready", async () => {
    const busy = await startConsole(answer, { ready: () => false });
    assert.equal((await fetch(`${busy.origin}/readyz`)).status, 503);
    assert.equal((await fetch(`${busy.origin}/healthz`)).status, 200);
    await busy.close();
  });
});

type Listening = { take(count: number): Promise<ConsoleActivity[]>; close(): void };

async function listen(started: StartedConsole, cookie: string, headers: Record<string, string>): Promise<Listening> {
  const abort = new AbortController();
  const response = await fetch(`${started.origin}/console/events`, { headers: { cookie, ...headers }, signal: abort.signal });
  assert.equal(response.status, 200);
  const reader = response.body?.getReader();
  assert.ok(reader);
  const decoder = new TextDecoder();
  let text = "";
  return {
    async take(count) {
      for (;;) {
        const events = [...text.matchAll(/^data: (.*)$/gmu)].map((match) => JSON.parse(match[1] ?? "") as ConsoleActivity);
        if (events.length >= count) return events.slice(0, count);
        const { value, done } = await reader.read();
        if (done) throw new Error("the stream ended");
        text += decoder.decode(value, { stream: true });
      }
    },
    close: () => abort.abort(),
  };
}
