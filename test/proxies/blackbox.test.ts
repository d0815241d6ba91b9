import assert from "node:assert/strict";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { createServer as createTls } from "node:tls";
import { httpCheck, connectPlain } from "../../src/checks/http/check.ts";
import type { Json } from "../../src/runbooks/runbook.ts";
import { startBlackbox } from "./blackbox.ts";
import type { Blackbox } from "./blackbox.ts";
import { haveAll } from "./proxies.ts";
import { certificate, tcpServer } from "./tls.ts";
import type { Started } from "./tls.ts";

// Each cell of docs/checks.md about the exporter that can be shown by running it.

const http = (name: string, lines: readonly string[]) => `  ${name}:\n    prober: http\n    timeout: 60s\n    http:\n${["preferred_ip_protocol: ip4", ...lines].map((line) => `      ${line}\n`).join("")}`;
const tcp = (name: string, lines: readonly string[]) => `  ${name}:\n    prober: tcp\n    timeout: 60s\n    tcp:\n${["preferred_ip_protocol: ip4", ...lines].map((line) => `      ${line}\n`).join("")}`;

const modules = [
  http("plain", []),
  http("still", ["follow_redirects: false", "valid_status_codes: [302]"]),
  http("no-host", ["headers:", '  Host: ""']),
  http("v10", ['valid_http_versions: ["HTTP/1.0"]']),
  http("spelled", ["headers:", "  x-lower: a", "  B-Second: b", "  A-First: c"]),
  http("inverse", ["valid_status_codes: [400]"]),
  http("any", ["tls_config: { insecure_skip_verify: true }"]),
  http("named", ["tls_config: { insecure_skip_verify: true, server_name: front.contoso.example }", "headers:", "  Host: payroll.contoso.example"]),
  http("body", ['fail_if_body_not_matches_regexp: ["READY"]', 'fail_if_body_matches_regexp: ["BROKEN"]']),
  http("signed-in", ["basic_auth: { username: probe, password: secret }"]),
  tcp("raw", ["query_response:", '  - send: "HEAD / HTTP/1.0\\r"', '  - send: "\\r"', '  - expect: "^HTTP/1.[01] (2..|301|302|401)"']),
].join("");

describe("prometheus-blackbox-exporter, as our table says", function () {
  let exporter: Blackbox;
  const servers: Started[] = [];
  const seen: string[] = [];
  const ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nREADY";

  const serving = async (reply: (request: string) => string) => {
    const server = await tcpServer((socket) => socket.once("data", (data) => {
      seen.push(data.toString("latin1"));
      socket.end(reply(data.toString("latin1")));
    }));
    servers.push(server);
    return server.port;
  };
  const ours = async (input: { readonly [key: string]: Json }) => {
    const check = httpCheck({ scripts: { run: () => assert.fail("no script runs") }, resolve: async () => [], connect: connectPlain, allowPrivate: true, own: true, clock: () => new Date() });
    return check.observe({ from: "bot", ...input }, { signal: new AbortController().signal, record: () => undefined, testServers: [] });
  };

  before(async function () {
    if (!haveAll("prometheus-blackbox-exporter", "openssl")) return this.skip();
    exporter = await startBlackbox(modules);
  });
  beforeEach(() => void seen.splice(0));
  afterEach(() => Promise.all(servers.splice(0).map((one) => one.close())));
  after(() => exporter?.stop());

  it("sends HTTP/1.1 and always a Host, whatever its HTTP prober is told", async () => {
    const url = `http://127.0.0.1:${await serving(() => ok)}/`;
    for (const name of ["plain", "no-host", "v10"]) await exporter.probe(name, url);
    assert.equal(seen.length, 3);
    for (const request of seen) assert.match(request, /^GET \/ HTTP\/1\.1\r\nHost: [\w.:-]+\r\n/);
  });

  it("can be given HTTP/1.0 without Host line by line as plain TCP, and then judges one line of the answer by a pattern", async () => {
    const target = `127.0.0.1:${await serving(() => ok)}`;
    assert.equal((await exporter.probe("raw", target)).success, true);
    assert.match(seen[0] ?? "", /^HEAD \/ HTTP\/1\.0\r\n/);
    assert.equal((await exporter.probe("raw", `127.0.0.1:${await serving(() => "HTTP/1.1 400 Bad Request\r\n\r\n")}`)).success, false);
  });

  it("spells headers its own way and sorts them, where ours go as a balancer writes them", async () => {
    const port = await serving(() => ok);
    await exporter.probe("spelled", `http://127.0.0.1:${port}/`);
    const theirs = (seen[0] ?? "").split("\r\n").map((line) => line.split(":")[0]);
    assert.ok(theirs.includes("X-Lower") && theirs.indexOf("A-First") < theirs.indexOf("B-Second"), theirs.join());
    await ours({ as: "custom", targets: `http://127.0.0.1:${port}/`, headers: { "x-lower": "a", "B-Second": "b", "A-First": "c" }, compare: [] });
    assert.match(seen[1] ?? "", /\r\nx-lower: a\r\nB-Second: b\r\nA-First: c\r\n/);
  });

  it("asks one name a probe", async () => {
    const port = await serving(() => ok);
    await exporter.probe("plain", `http://127.0.0.1:${port}/`, "&hostname=payroll.contoso.example");
    assert.deepEqual(seen.map((request) => /\r\nHost: (.*)\r\n/.exec(request)?.[1]), ["payroll.contoso.example"]);
    await ours({ as: "custom", targets: `http://127.0.0.1:${port}/`, host: ["payroll.contoso.example", "ntrip.surveyor.lab"], compare: [] });
    assert.deepEqual(seen.slice(1).map((request) => /\r\nHost: (.*)\r\n/.exec(request)?.[1]).sort(), ["ntrip.surveyor.lab", "payroll.contoso.example"]);
  });

  it("can send a server name apart from Host, and none for an address alone", async () => {
    const names: (string | false)[] = [];
    const server = createTls({ ...certificate(["payroll.contoso.example"], 5), SNICallback: (_name, done) => done(null) }, (socket) => {
      names.push(socket.servername || false);
      socket.on("error", () => undefined);
      socket.once("data", (data) => {
        seen.push(data.toString("latin1"));
        socket.end(ok);
      });
    });
    await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await exporter.probe("named", url);
    assert.match(seen[0] ?? "", /\r\nHost: payroll\.contoso\.example\r\n/);
    await exporter.probe("any", url);
    await exporter.probe("any", url, "&hostname=payroll.contoso.example");
    await ours({ as: "custom", targets: url, host: "payroll.contoso.example", sni: "none", compare: [] });
    await new Promise((settle) => server.close(settle));
    assert.deepEqual(names, ["front.contoso.example", false, "payroll.contoso.example", false]);
  });

  it("speaks HTTP/2, which we do not", async () => {
    const server = createSecureServer({ ...certificate(["payroll.contoso.example"], 5) }, (_request, response) => response.end("READY"));
    await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    const { success, text } = await exporter.probe("any", `https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    server.close();
    assert.equal(success, true);
    assert.match(text, /^probe_http_version 2$/m);
  });

  it("judges bodies by patterns, and an inverse by codes but not a connection that must not be", async () => {
    assert.equal((await exporter.probe("body", `http://127.0.0.1:${await serving(() => ok)}/`)).success, true);
    assert.equal((await exporter.probe("body", `http://127.0.0.1:${await serving(() => ok.replace("READY", "ready"))}/`)).success, false);
    assert.equal((await exporter.probe("inverse", `http://127.0.0.1:${await serving(() => "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")}/`)).success, true);
    assert.equal((await exporter.probe("inverse", "http://127.0.0.1:1/")).success, false);
    assert.equal((await ours({ as: "custom", targets: "http://127.0.0.1:1025/", mustFail: true, compare: [] })).verdict, "passed");
  });

  it("follows redirects or not, and judges one that grows by where it stands after ten, each hop in a log and no word about its kind", async () => {
    const moved = (location: string) => `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    assert.equal((await exporter.probe("still", `http://127.0.0.1:${await serving(() => moved("/login"))}/`)).success, true);
    const grows = await serving(() => moved("www.contoso.example/start/"));
    const url = `http://127.0.0.1:${grows}/`;
    seen.splice(0);
    const { success, text } = await exporter.probe("plain", url, "&debug=true");
    assert.equal(success, false);
    assert.equal(seen.length, 11);
    assert.equal(text.match(/msg="Received redirect" location=/g)?.length, 11);
    assert.match(text, /Invalid HTTP response status code, wanted 2xx" status_code=302/);
    assert.doesNotMatch(text, /grow|scheme/i);
    assert.match((await ours({ as: "browser", targets: url, follow: 10, compare: [] })).diagnosis.join(), /http:\/\//);
  });

  it("signs in, which we refuse to", async () => {
    await exporter.probe("signed-in", `http://127.0.0.1:${await serving(() => ok)}/`);
    assert.match(seen[0] ?? "", /\r\nAuthorization: Basic /);
    await assert.rejects(ours({ as: "custom", targets: "http://127.0.0.1:1025/", headers: { Authorization: "Basic eA==" } }), /credentials/);
  });

  it("gives a time series, and its debug page neither the bytes it sent nor those that came", async () => {
    const { text } = await exporter.probe("plain", `http://127.0.0.1:${await serving(() => ok)}/`, "&debug=true");
    assert.match(text, /^probe_http_duration_seconds\{phase="connect"\}/m);
    assert.doesNotMatch(text, /GET \/ HTTP|READY|Content-Length: 5/);
  });
});
