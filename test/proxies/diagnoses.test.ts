import assert from "node:assert/strict";
import type { Json } from "../../src/runbooks/runbook.ts";
import { freePort } from "../free-port.ts";
import { ask, patienceMs } from "./asking.ts";
import type { Behaviour } from "./behaviours.ts";
import { startNginx } from "./nginx.ts";
import type { Nginx } from "./nginx.ts";
import { haveAll } from "./proxies.ts";
import { serve } from "./servers.ts";
import { certificate } from "./tls.ts";

const payroll = "payroll.contoso.example";
const ntrip = "ntrip.surveyor.lab";

/** Each a real nginx server of its own port; `{port}` is it, `{dead}` one where nothing listens, `{silent}` one that never answers. */
const sites: Readonly<Record<string, string>> = {
  good: `server { listen 127.0.0.1:{port} default_server; server_name _; return 200 "READY"; }`,
  hostBound: `server { listen 127.0.0.1:{port} default_server; server_name _; return 400 "Bad Request - Invalid Hostname"; }
    server { listen 127.0.0.1:{port}; server_name ${payroll} ${ntrip}; return 200 "READY"; }`,
  plain400: `server { listen 127.0.0.1:{port} default_server; server_name _; return 400 "no"; }`,
  nobody: `server { listen 127.0.0.1:{port} default_server; server_name _; return 400 "Bad Request - Invalid Hostname"; }`,
  defaultSite: `server { listen 127.0.0.1:{port} default_server; server_name _; return 404; }
    server { listen 127.0.0.1:{port}; server_name ${payroll}; return 200 "READY"; }`,
  catchAll: `server { listen 127.0.0.1:{port} default_server; server_name _; return 200 "It works!"; }
    server { listen 127.0.0.1:{port}; server_name ${payroll}; return 500; }`,
  oneDead: `server { listen 127.0.0.1:{port} default_server; server_name ${payroll}; return 200 "READY"; }
    server { listen 127.0.0.1:{port}; server_name ${ntrip}; return 500; }`,
  noHead: `server { listen 127.0.0.1:{port} default_server; server_name _; if ($request_method = HEAD) { return 405; } return 200 "READY"; }`,
  noHeadNorGet: `server { listen 127.0.0.1:{port} default_server; server_name _; return 405; }`,
  only11: `server { listen 127.0.0.1:{port} default_server; server_name _; if ($server_protocol = HTTP/1.0) { return 505; } return 200 "READY"; }`,
  never505: `server { listen 127.0.0.1:{port} default_server; server_name _; return 505; }`,
  toHttps: `server { listen 127.0.0.1:{port} default_server; server_name _; return 301 https://${payroll}/; }`,
  toLogin: `server { listen 127.0.0.1:{port} default_server; server_name _; location = /login { return 200 "sign in"; } location / { absolute_redirect off; return 302 /login; } }`,
  grows: `server { listen 127.0.0.1:{port} default_server; server_name _; absolute_redirect off; location / { return 302 "\${uri}${payroll}/y/"; } }`,
  noScheme: `server { listen 127.0.0.1:{port} default_server; server_name _; absolute_redirect off; return 302 /${payroll}/login; }`,
  circle: `server { listen 127.0.0.1:{port} default_server; server_name _; absolute_redirect off; location = /a { return 302 /b; } location / { return 302 /a; } }`,
  toNowhere: `server { listen 127.0.0.1:{port} default_server; server_name _; return 302 http://127.0.0.1:{dead}/; }`,
  canonical: `server { listen 127.0.0.1:{port} default_server; server_name _; return 301 http://${payroll}:{port}/; }
    server { listen 127.0.0.1:{port}; server_name ${payroll}; return 200 "READY"; }`,
  signIn: `server { listen 127.0.0.1:{port} default_server; server_name _; location / { auth_basic "x"; auth_basic_user_file {folder}/people; } }`,
  signInBehindPath: `server { listen 127.0.0.1:{port} default_server; server_name _; if ($request_method = HEAD) { return 401; } return 200 "READY"; }`,
  notThere: `server { listen 127.0.0.1:{port} default_server; server_name _; return 404; }`,
  broken: `server { listen 127.0.0.1:{port} default_server; server_name _; return 500; }`,
  maintenance: `server { listen 127.0.0.1:{port} default_server; server_name _; return 503; }`,
  gateway: `server { listen 127.0.0.1:{port} default_server; server_name _; location / { proxy_pass http://127.0.0.1:{dead}; } }`,
  gatewayTooSlow: `server { listen 127.0.0.1:{port} default_server; server_name _; location / { proxy_pass http://127.0.0.1:{silent}; proxy_read_timeout 1s; } }`,
  limited: `server { listen 127.0.0.1:{port} default_server; server_name _; location / { limit_req zone=few; limit_req_status 429; try_files /none @ok; } location @ok { return 200 "READY"; } }`,
  dropsNameless: `server { listen 127.0.0.1:{port} default_server; server_name _; return 444; }
    server { listen 127.0.0.1:{port}; server_name ${payroll}; return 200 "READY"; }`,
  dropsAll: `server { listen 127.0.0.1:{port} default_server; server_name _; return 444; }`,
  secure: `server { listen 127.0.0.1:{port} ssl default_server; server_name ${payroll}; ssl_certificate {folder}/good.pem; ssl_certificate_key {folder}/good.key; return 200 "READY"; }`,
  secureNeedsName: `server { listen 127.0.0.1:{port} ssl default_server; server_name _; ssl_reject_handshake on; }
    server { listen 127.0.0.1:{port} ssl; server_name ${payroll}; ssl_certificate {folder}/good.pem; ssl_certificate_key {folder}/good.key; return 200 "READY"; }`,
  secureRejects: `server { listen 127.0.0.1:{port} ssl default_server; server_name _; ssl_reject_handshake on; }`,
  secureOtherName: `server { listen 127.0.0.1:{port} ssl default_server; server_name _; ssl_certificate {folder}/other.pem; ssl_certificate_key {folder}/other.key; return 200 "READY"; }`,
  secureEnds: `server { listen 127.0.0.1:{port} ssl default_server; server_name _; ssl_certificate {folder}/ends.pem; ssl_certificate_key {folder}/ends.key; return 200 "READY"; }`,
  secureEnded: `server { listen 127.0.0.1:{port} ssl default_server; server_name _; ssl_certificate {folder}/ended.pem; ssl_certificate_key {folder}/ended.key; return 200 "READY"; }`,
};

/** What nginx cannot be made to do: real sockets all the same. */
let flip = 0;
const others: readonly Behaviour[] = [
  { name: "silent", act: () => undefined },
  { name: "banner", act: (_r, socket) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n") },
  { name: "malformed", act: (_r, socket) => void socket.end("HTTP/1.1 200 OK\r\nMy Header: x\r\nContent-Length: 5\r\n\r\nREADY") },
  { name: "wellFormed", act: (_r, socket) => void socket.end("HTTP/1.1 200 OK\r\nMy-Header: x\r\nContent-Length: 5\r\n\r\nREADY") },
  { name: "late", act: (_r, socket) => void setTimeout(() => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nREADY"), patienceMs * 0.75).unref() },
  { name: "flaps", act: (_r, socket) => void socket.end(`HTTP/1.1 ${(flip += 1) % 2 === 0 ? "200 OK" : "503 Busy"}\r\nContent-Length: 0\r\n\r\n`) },
  { name: "poolStopped", act: (_r, socket) => void socket.end("HTTP/1.1 503 Service Unavailable\r\nServer: Microsoft-HTTPAPI/2.0\r\nContent-Length: 0\r\n\r\n") },
  { name: "silentByName", act: (r, socket) => void (r.host === null ? undefined : socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) },
];

type Input = { readonly on: string | readonly string[]; readonly [key: string]: Json };
type Case = { readonly diagnosis: string; readonly says: RegExp; readonly when: Input; readonly not: readonly Input[] };

const kemp10 = { as: "kemp-loadmaster-1.0", host: payroll } as const;
const kemp = { as: "kemp-loadmaster", host: payroll } as const;
const both = { as: "kemp-loadmaster", host: [payroll, ntrip] } as const;

const cases: readonly Case[] = [
  { diagnosis: "invalid hostname", says: /LoadMaster will mark \S+ down: it asks HTTP\/1\.0 without Host and the server answers 400; the browser's request succeeds\. Set HTTP\/1\.1 and Host/, when: { on: "hostBound", ...kemp10 }, not: [{ on: "good", ...kemp10 }, { on: "plain400", ...kemp10 }] },
  { diagnosis: "invalid hostname, read from the body", says: /without Host and the server answers 400 Invalid Hostname/, when: { on: "hostBound", as: "haproxy-1.0", host: payroll, method: "GET" }, not: [{ on: "plain400", as: "haproxy-1.0", host: payroll, method: "GET" }] },
  { diagnosis: "the default site answers", says: /answers 404 from its default site/, when: { on: "defaultSite", ...kemp10 }, not: [{ on: "notThere", ...kemp10 }, { on: "good", ...kemp10 }] },
  { diagnosis: "up for the wrong reason", says: /^Up for the wrong reason: .* LoadMaster will mark \S+ up \(200 OK\), but payroll\.contoso\.example answers 500/m, when: { on: "catchAll", ...kemp10 }, not: [{ on: "good", ...kemp10 }, { on: "broken", ...kemp10 }, { on: "noHead", ...kemp10 }] },
  { diagnosis: "no site has the name", says: /No site on \S+ has the name payroll/, when: { on: "nobody", as: "browser", host: payroll }, not: [{ on: "hostBound", as: "browser", host: payroll }, { on: "plain400", as: "browser", host: payroll }] },
  { diagnosis: "no name to ask", says: /Give the check the name with host:/, when: { on: "hostBound", as: "browser" }, not: [{ on: "good", as: "browser" }, { on: "hostBound", as: "browser", host: payroll }] },
  { diagnosis: "one check, one name, and the other is dead", says: /One health check covers one name: asked as payroll\.contoso\.example, \S+ works; asked as ntrip\.surveyor\.lab, the answer is 500/, when: { on: "oneDead", ...both }, not: [{ on: "hostBound", ...both }, { on: "broken", ...both }] },
  { diagnosis: "two names, one check", says: /^Two names, one check: .*Make a sub-virtual service for each name/m, when: { on: "hostBound", ...both }, not: [{ on: "hostBound", ...kemp }, { on: "oneDead", ...both }] },
  { diagnosis: "the version is refused", says: /answers 505 .* to HTTP\/1\.0, which LoadMaster asks, and serves HTTP\/1\.1/, when: { on: "only11", ...kemp10 }, not: [{ on: "never505", ...kemp10 }, { on: "good", ...kemp10 }] },
  { diagnosis: "the method is refused", says: /answers 405 to HEAD, which LoadMaster sends, and serves GET/, when: { on: "noHead", ...kemp }, not: [{ on: "noHeadNorGet", ...kemp }, { on: "good", ...kemp }] },
  { diagnosis: "counted differently", says: /answers 301: LoadMaster counts that as up, Azure Load Balancer as down/, when: { on: "toHttps", as: ["kemp-loadmaster", "azure-load-balancer"], host: payroll }, not: [{ on: "toHttps", as: ["kemp-loadmaster", "haproxy"], host: payroll }] },
  { diagnosis: "the runbook expects more", says: /takes \S+ as up \(301 Moved Permanently\), but the runbook expects more: status 301 is not in 200/, when: { on: "toHttps", ...kemp, expect: { status: "200" } }, not: [{ on: "good", ...kemp, expect: { status: "200" } }] },
  { diagnosis: "flapping", says: /flaps: up [12] of 4 times|flaps: up [23] of 4 times/, when: { on: "flaps", as: "haproxy", compare: [], window: { tries: 4, need: 4, every: "1s" } }, not: [{ on: "good", as: "haproxy", compare: [], window: { tries: 2, need: 2, every: "1s" } }, { on: "broken", as: "haproxy", compare: [], window: { tries: 2, need: 2, every: "1s" } }] },
  { diagnosis: "everybody must sign in", says: /asks? everybody to sign in \(401\)/, when: { on: "signIn", as: "haproxy", host: payroll }, not: [{ on: "signInBehindPath", as: "azure-load-balancer", host: payroll, method: "HEAD" }, { on: "notThere", as: "haproxy", host: payroll }] },
  { diagnosis: "the path is not there", says: /404 to everybody, by name too: \/ is not there/, when: { on: "notThere", ...kemp }, not: [{ on: "defaultSite", ...kemp10 }, { on: "good", ...kemp }] },
  { diagnosis: "rate limit", says: /limits how often it is asked/, when: { on: "limited", ...kemp }, not: [{ on: "maintenance", ...kemp }, { on: "good", ...kemp }] },
  { diagnosis: "HAProxy refuses what a browser takes", says: /HAProxy refuses the answer: one of its headers has no proper name\. A browser takes it \(200 OK\)/, when: { on: "malformed", as: "haproxy" }, not: [{ on: "wellFormed", as: "haproxy" }, { on: "banner", as: "haproxy" }] },
  { diagnosis: "nearly too late", says: new RegExp(`ms of the ${patienceMs} ms that are allowed`), when: { on: "late", as: "haproxy", compare: [] }, not: [{ on: "good", as: "haproxy", compare: [] }] },
  { diagnosis: "redirect that grows", says: /redirects? without end: the redirect's address grows on every hop/, when: { on: "grows", ...kemp, follow: 6 }, not: [{ on: "circle", ...kemp, follow: 6 }, { on: "toLogin", ...kemp, follow: 6 }] },
  { diagnosis: "redirect without its scheme", says: /redirects to "\/payroll\.contoso\.example\/login", which lacks http/, when: { on: "noScheme", ...kemp }, not: [{ on: "toLogin", ...kemp }, { on: "toHttps", ...kemp }] },
  { diagnosis: "redirect in a circle", says: /redirects? for ever: the redirect turns in a circle/, when: { on: "circle", ...kemp, follow: 6 }, not: [{ on: "toLogin", ...kemp, follow: 6 }, { on: "grows", ...kemp, follow: 6 }] },
  { diagnosis: "redirect to nowhere", says: /redirects? people to a place that does not serve them: after 1 redirect, http:\/\/127\.0\.0\.1:\d+\/ answers nothing/, when: { on: "toNowhere", ...kemp, follow: 3 }, not: [{ on: "toLogin", ...kemp, follow: 3 }] },
  { diagnosis: "up by a redirect alone, to HTTPS", says: /by a redirect alone \(301 .*: it says nothing of the site behind HTTPS/, when: { on: "toHttps", ...kemp }, not: [{ on: "good", ...kemp }, { on: "toLogin", ...kemp }] },
  { diagnosis: "up by a redirect alone, to the name", says: /by a redirect alone .*: by name it serves 200 OK/, when: { on: "canonical", ...kemp10 }, not: [{ on: "canonical", ...kemp, compare: ["browser"] }] },
  { diagnosis: "server error", says: /answers 500 Internal Server Error for payroll\.contoso\.example; the site is reached and fails/, when: { on: "broken", ...kemp }, not: [{ on: "gateway", ...kemp }, { on: "good", ...kemp }] },
  { diagnosis: "a gateway without its server", says: /it is a gateway whose own server does not answer/, when: { on: "gateway", ...kemp }, not: [{ on: "broken", ...kemp }] },
  { diagnosis: "stopped application pool", says: /application pool is stopped/, when: { on: "poolStopped", ...kemp }, not: [{ on: "maintenance", ...kemp }] },
  { diagnosis: "plain HTTP to a TLS port", says: /expects? TLS on port \d+/, when: { on: "secure", ...kemp }, not: [{ on: "plain400", ...kemp }, { on: "secure", scheme: "https", ...kemp }] },
  { diagnosis: "handshake needs a name", says: /fails without a server name, as LoadMaster asks, and works with payroll/, when: { on: "secureNeedsName", scheme: "https", ...kemp10 }, not: [{ on: "secure", scheme: "https", ...kemp10 }, { on: "secureRejects", scheme: "https", ...kemp10 }] },
  { diagnosis: "handshake fails for everybody", says: /The TLS handshake with \S+ fails on port/, when: { on: "secureRejects", scheme: "https", ...kemp }, not: [{ on: "secure", scheme: "https", ...kemp }, { on: "secureNeedsName", scheme: "https", ...kemp10 }] },
  { diagnosis: "certificate of another name", says: /certificate that does not cover payroll\.contoso\.example \(it names elsewhere\.example\)/, when: { on: "secureOtherName", scheme: "https", ...kemp }, not: [{ on: "secure", scheme: "https", ...kemp }] },
  { diagnosis: "certificate that ends soon", says: /ends in [45] days/, when: { on: "secureEnds", scheme: "https", ...kemp }, not: [{ on: "secure", scheme: "https", ...kemp }] },
  { diagnosis: "certificate that has ended", says: /ended on \d{4}/, when: { on: "secureEnded", scheme: "https", ...kemp }, not: [{ on: "secureEnds", scheme: "https", ...kemp }] },
  { diagnosis: "certificate of nobody known", says: /not trusted here \(DEPTH_ZERO_SELF_SIGNED_CERT\)/, when: { on: "secure", scheme: "https", ...kemp }, not: [{ on: "secureEnded", scheme: "https", ...kemp }, { on: "good", ...kemp }] },
  { diagnosis: "nothing listens", says: /Nothing listens on port/, when: { on: "dead", ...kemp }, not: [{ on: "silent", ...kemp }, { on: "good", ...kemp }] },
  { diagnosis: "accepts and says nothing", says: new RegExp(`accepts the connection and then says nothing for ${patienceMs / 1_000} s`), when: { on: "silent", ...kemp, compare: [] }, not: [{ on: "dead", ...kemp }, { on: "dropsAll", ...kemp }] },
  { diagnosis: "dropped for one way of asking", says: /closes the connection when LoadMaster asks HTTP\/1\.0 without Host, and answers/, when: { on: "dropsNameless", ...kemp10 }, not: [{ on: "dropsAll", ...kemp10 }, { on: "hostBound", ...kemp10 }] },
  { diagnosis: "not HTTP", says: /something that is not HTTP \(it begins "SSH-2\.0/, when: { on: "banner", ...kemp }, not: [{ on: "notThere", ...kemp }] },
  { diagnosis: "one node of the farm differs", says: /The farm is not of one mind: asked the same, \S+ is up for LoadMaster \(200 OK\) and \S+ down \(500/, when: { on: ["good", "broken"], ...kemp }, not: [{ on: ["broken", "broken"], ...kemp }, { on: ["good", "hostBound"], ...kemp10 }] },
];

describe("diagnoses, from exchanges with real servers", function () {
  const ports = new Map<string, number>();
  let nginx: Nginx;
  let raw: Awaited<ReturnType<typeof serve>>;

  before(async function () {
    if (!haveAll("nginx", "openssl")) return this.skip();
    raw = await serve(others);
    for (const [name, port] of raw.ports) ports.set(name, port);
    for (const name of ["dead", ...Object.keys(sites)]) ports.set(name, await freePort());
    const text = Object.entries(sites).map(([name, site]) => site.replaceAll("{port}", `${ports.get(name)}`).replaceAll("{dead}", `${ports.get("dead")}`).replaceAll("{silent}", `${ports.get("silent")}`));
    const made = { good: certificate([payroll], 90), other: certificate(["elsewhere.example"], 90), ends: certificate([payroll], 5), ended: certificate([payroll], -3) };
    const files = Object.fromEntries(Object.entries(made).flatMap(([name, pem]) => [[`${name}.pem`, pem.cert], [`${name}.key`, pem.key]]));
    nginx = await startNginx(`  limit_req_zone $server_port zone=few:1m rate=1r/m;\n${text.join("\n")}`, ports.get("good") ?? 0, { ...files, people: "" });
  });
  after(async () => {
    await nginx?.stop();
    await raw?.close();
  });

  async function said({ on, scheme = "http", ...input }: Input): Promise<string> {
    const names = typeof on === "string" ? [on] : on;
    const { diagnosis } = await ask({ ...input, targets: names.map((name, at) => `${String(scheme)}://127.0.0.1:${ports.get(name)}/${at === 0 || names[0] !== name ? "" : `?${at}`}`) });
    return diagnosis.join("\n");
  }

  for (const { diagnosis, says, when, not } of cases) {
    it(`says: ${diagnosis}`, async () => {
      assert.match(await said(when), says);
      assert.ok(not.length > 0);
      for (const neighbour of not) assert.doesNotMatch(await said(neighbour), says, JSON.stringify(neighbour));
    });
  }

  it("has at least twenty of them", () => assert.ok(new Set(cases.map((one) => one.diagnosis)).size >= 20));
});
