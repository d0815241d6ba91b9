import assert from "node:assert/strict";
import { exchange } from "../../../src/simulator/exchange.ts";
import { startWebServer } from "../../../src/simulator/web-server.ts";
import type { WebServer } from "../../../src/simulator/web-server.ts";

describe("a test server's web service", () => {
  let server: WebServer;
  before(async () => {
    server = await startWebServer([{ host: "payroll.contoso.example", title: "Payroll", text: "Hello." }, { host: "moved.example", title: "Moved", text: "", redirect: "www.moved.example" }, { host: "home.example", title: "Home", text: "", redirect: "https://www.home.example/" }]);
  });
  after(() => server.close());

  const ask = async (text: string, more = {}) => {
    const answer = await exchange({ id: "1", address: "", port: 80, tls: null, timeoutMs: 300, maxBytes: 4000, bytes: Buffer.from(text), ...more }, server.port);
    return { ...answer, text: Buffer.from(answer.received).toString("latin1") };
  };

  it("answers HTTP/1.0 in HTTP/1.1 and closes", async () => {
    assert.match((await ask("GET / HTTP/1.0\r\nHost: payroll.contoso.example\r\n\r\n")).text, /^HTTP\/1\.1 200 OK\r\n[^]*Server: Microsoft-IIS\/10\.0\r\n[^]*Connection: close\r\n/);
  });

  it("sends as many bytes as it says, and none to a HEAD", async () => {
    const get = await ask("GET / HTTP/1.1\r\nHost: payroll.contoso.example\r\n\r\n");
    const head = await ask("HEAD / HTTP/1.1\r\nHost: payroll.contoso.example\r\n\r\n");
    const [top, body] = get.text.split("\r\n\r\n");
    assert.equal(Number(/Content-Length: (\d+)/.exec(top ?? "")?.[1]), Buffer.byteLength(body ?? ""));
    assert.equal(head.text.replace(/Date: .*/, ""), `${top}\r\n\r\n`.replace(/Date: .*/, ""));
  });

  it("redirects as IIS does: a target without its scheme is a path, and grows", async () => {
    const sent = async (host: string, path: string): Promise<string | undefined> => /Location: (.*)\r/.exec((await ask(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).text)?.[1];
    assert.equal(await sent("moved.example", "/"), "/www.moved.example/");
    assert.equal(await sent("moved.example", "/www.moved.example/"), "/www.moved.example/www.moved.example/");
    assert.equal(await sent("home.example", "/pay"), "https://www.home.example/pay");
  });

  it("refuses other verbs, and what is no HTTP, as Windows does", async () => {
    assert.match((await ask("POST / HTTP/1.1\r\nHost: payroll.contoso.example\r\nContent-Length: 0\r\n\r\n")).text, /^HTTP\/1\.1 405 /);
    assert.match((await ask("nonsense\r\n\r\n")).text, /^HTTP\/1\.1 400 Bad Request\r\n[^]*Invalid Verb/);
  });

  it("is waited for no longer than asked, and cut where asked", async () => {
    assert.deepEqual(await ask("GET / HTTP/1.1\r\nHost: x").then((a) => [a.outcome, a.totalBytes]), ["timed-out", 0]);
    const cut = await ask("GET / HTTP/1.0\r\n\r\n", { maxBytes: 12 });
    assert.deepEqual([cut.text, cut.totalBytes > 300], ["HTTP/1.1 400", true]);
  });

  it("that does not listen refuses", async () => {
    const gone = await startWebServer([]);
    await gone.close();
    const answer = await exchange({ id: "1", address: "", port: 80, tls: null, timeoutMs: 300, maxBytes: 1, bytes: Buffer.from("x") }, gone.port);
    assert.equal(answer.outcome, "refused");
  });
});
