import assert from "node:assert/strict";
import { httpCheck } from "../../../src/checks/http/check.ts";
import type { Observation } from "../../../src/drills/events.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { closedPort, hostBound, network, rawServer, selfSigned, tlsServer } from "./servers.ts";
import type { RawServer } from "./servers.ts";

type Row = { readonly target: string; readonly host: string | null; readonly verdict: string; readonly reason: string; readonly unmet: string | null; readonly hops?: readonly { readonly url: string; readonly host: string | null; readonly status: number | null }[]; readonly end?: string; readonly tries?: readonly { readonly verdict: string }[]; readonly certificate?: { readonly names: readonly string[]; readonly trusted: boolean } };

const host = "payroll.contoso.example";
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nREADY";
const certificate = selfSigned(host);

describe("check http: what may be asked and expected", () => {
  const servers: RawServer[] = [];
  const started = async (server: Promise<RawServer>) => {
    servers.push(await server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function observe(input: { readonly [key: string]: Json }, routes: Readonly<Record<string, number>>, options: { resolve?: (name: string) => Promise<readonly string[]>; waits?: number[]; testServers?: readonly string[] } = {}) {
    const { connect, asked } = network(routes);
    const check = httpCheck({
      scripts: { run: async () => assert.fail("no script runs") },
      resolve: options.resolve ?? (async () => []),
      connect,
      allowPrivate: true,
      clock: () => new Date(),
      wait: async (ms) => void options.waits?.push(ms),
    });
    const testServers = (options.testServers ?? []).map((name) => ({ name, id: `/${name}` }));
    const seen: Observation = await check.observe({ from: "bot", timeout: "1m", compare: [], ...input }, { signal: new AbortController().signal, record: () => {}, testServers });
    return { ...seen, rows: (seen.result as unknown as { rows: readonly Row[] }).rows, asked };
  }
  const ten = { "10.50.0.11": 0 };
  const at = (server: RawServer) => ({ ...ten, "10.50.0.11": server.port });
  const target = { targets: "http://10.50.0.11/" };

  describe("the request", () => {
    it("is what the check says: method, path, version, headers, body", async () => {
      const server = await started(rawServer(() => ok));
      await observe({ ...target, as: "custom", host, method: "POST", path: "/health?full=1", version: "1.0", headers: { "X-Probe": "drill", Connection: "keep-alive" }, body: "ping" }, at(server));
      assert.equal(server.seen[0]?.text, `POST /health?full=1 HTTP/1.0\r\nHost: ${host}\r\nX-Probe: drill\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nping`);
    });

    it("leaves those it is compared with as they are, but for the path", async () => {
      const server = await started(rawServer(() => ok));
      await observe({ ...target, as: "kemp-loadmaster", compare: ["browser"], host, method: "GET", path: "/health", headers: { "X-Probe": "drill" } }, at(server));
      const [first, second] = server.seen.map((request) => request.text).sort();
      assert.equal(first, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nX-Probe: drill\r\n\r\n`);
      assert.match(second ?? "", /^GET \/health HTTP\/1\.1\r\nHost: payroll\.contoso\.example\r\nConnection: keep-alive\r\nUpgrade/);
    });

    it("goes to every address of connectTo, by the name in the URL", async () => {
      const one = await started(hostBound([host], () => "READY"));
      const two = await started(hostBound([host], () => "READY"));
      const seen = await observe({ targets: `http://${host}/`, connectTo: ["10.50.0.11", "10.50.0.12"], as: "kemp-loadmaster" }, { "10.50.0.11": one.port, "10.50.0.12": two.port }, { resolve: async () => assert.fail("nothing is resolved") });
      assert.deepEqual(seen.rows.map((row) => `${row.target} ${row.host} ${row.verdict}`), [`10.50.0.11 ${host} up`, `10.50.0.12 ${host} up`]);
    });

    it("keeps to IPv4 or IPv6 where it is told to, and checks both all the same", async () => {
      const server = await started(rawServer(() => ok));
      const resolve = async () => ["93.184.216.34", "2606:2800:220:1::1"];
      const routes = { "2606:2800:220:1::1:80": server.port };
      assert.deepEqual((await observe({ targets: "http://x.example/", as: "browser", ip: 6 }, routes, { resolve })).asked, ["2606:2800:220:1::1:80"]);
      const none = await observe({ targets: "http://x.example/", as: "browser", ip: 6 }, routes, { resolve: async () => ["93.184.216.34"] });
      assert.match(none.diagnosis.join(), /x\.example has no IPv6 address/);
      const forbidden = await observe({ targets: "http://x.example/", as: "browser", ip: 4 }, routes, { resolve: async () => ["93.184.216.34", "::1"] });
      assert.deepEqual([forbidden.verdict, forbidden.asked], ["not-proved", []]);
    });

    it("asks every test server of the drill", async () => {
      const server = await started(rawServer(() => ok));
      const input = { as: "haproxy", testServers: "http://{name}/" };
      const resolve = async (name: string) => (name === "web-01-test" ? ["10.50.0.11"] : ["10.50.0.12"]);
      const seen = await observe(input, { "10.50.0.11": server.port, "10.50.0.12": server.port }, { resolve, testServers: ["web-01-test", "web-02-test"] });
      assert.deepEqual(seen.rows.map((row) => `${row.target} ${row.verdict}`), ["web-01-test up", "web-02-test up"]);
      assert.equal((await observe(input, {})).summary, "There is no test server to ask");
    });
  });

  describe("the expectation", () => {
    const answering = (answer: string) => started(rawServer(() => answer));
    for (const [what, expect, answer, unmet] of [
      ["a pattern", { matches: "build [0-9]+" }, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nbuild 17", null],
      ["a pattern that is not there", { matches: "build [0-9]+" }, ok, "nothing in the answer matches the pattern"],
      ["text that must not be there", { lacks: "READY" }, ok, "the answer holds text that it must not"],
      ["a pattern that must not be there", { lacksMatch: "R.*Y" }, ok, "the answer matches a pattern that it must not"],
      ["a header", { headers: [{ name: "X-Node", contains: "web-01" }] }, "HTTP/1.1 200 OK\r\nx-node: web-01\r\nContent-Length: 0\r\n\r\n", null],
      ["a header of another value", { headers: [{ name: "X-Node", matches: "^web-0[12]$" }] }, "HTTP/1.1 200 OK\r\nX-Node: web-03\r\nContent-Length: 0\r\n\r\n", "there is no header X-Node that matches ^web-0[12]$"],
      ["a redirect", { redirect: `https://${host}/login` }, `HTTP/1.1 302 Found\r\nLocation: https://${host}/login\r\nContent-Length: 0\r\n\r\n`, null],
      ["a relative redirect", { redirect: `http://${host}/login` }, "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", null],
      ["a redirect to elsewhere", { redirect: `https://${host}/login` }, "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", `it redirects to http://${host}/other, and https://${host}/login is expected`],
      ["a redirect where there is none", { redirect: `https://${host}/login` }, ok, `it does not redirect, and https://${host}/login is expected`],
      ["the certificate of plain HTTP", { certificate: { days: 3 } }, ok, "there was no certificate, because TLS was not spoken"],
    ] as const) {
      it(`takes in ${what}`, async () => {
        const seen = await observe({ ...target, as: "custom", host, expect: expect as unknown as Json }, at(await answering(answer)));
        assert.deepEqual([seen.rows[0]?.unmet, seen.verdict], [unmet, unmet === null ? "passed" : "failed"]);
      });
    }

    it("bounds the time that an answer may take", async () => {
      const slow = await started(rawServer((_request, socket) => {
        setTimeout(() => socket.write(ok), 120);
        return null;
      }));
      assert.match((await observe({ ...target, as: "custom", expect: { withinMs: 50 } }, at(slow))).rows[0]?.unmet ?? "", /^it took \d+ ms, and 50 ms are allowed$/);
      assert.equal((await observe({ ...target, as: "custom", expect: { withinMs: 60_000 } }, at(slow))).verdict, "passed");
    });
  });

  describe("redirects", () => {
    const to = (location: string) => `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;
    const path = (request: string) => request.split(" ")[1] ?? "";

    it("are followed hop by hop on the node that is checked, each with its Host", async () => {
      const server = await started(rawServer((request) => ({ "/": to("/a"), "/a": to(`http://${host}/b`) })[path(request)] ?? ok));
      const seen = await observe({ ...target, as: "kemp-loadmaster", host, follow: 5 }, at(server), { resolve: async () => assert.fail("the name is not resolved") });
      assert.equal(seen.verdict, "passed", JSON.stringify(seen.rows));
      assert.deepEqual(seen.rows[0]?.hops?.map((hop) => [hop.url, hop.host, hop.status]), [[`http://${host}/a`, host, 302], [`http://${host}/b`, host, 200]]);
    });

    it("that turn in a circle or grow are not healthy", async () => {
      const circle = await started(rawServer((request) => to(path(request) === "/a" ? "/b" : "/a")));
      assert.match((await observe({ ...target, as: "kemp-loadmaster", host, follow: 10 }, at(circle))).rows[0]?.end ?? "", /turns in a circle: http:\/\/payroll\.contoso\.example\/a/);
      // The classic: the target lacks http://, so that every hop takes the name for one more folder.
      const growing = await started(rawServer(() => to("www.contoso.example/pay/")));
      const seen = await observe({ ...target, as: "browser", host, follow: 10 }, at(growing));
      assert.match(seen.rows[0]?.end ?? "", /grows on every hop/);
      assert.equal(seen.verdict, "failed");
    });

    it("that only get longer by their own will are no such thing", async () => {
      const server = await started(rawServer((request) => ({ "/": to("/a"), "/a": to("/a/b"), "/a/b": to("/a/b/c") })[path(request)] ?? ok));
      assert.equal((await observe({ ...target, as: "browser", host, follow: 10 }, at(server))).verdict, "passed");
    });

    it("end at the bound that was asked for, and are not followed unless asked", async () => {
      let n = 0;
      const server = await started(rawServer(() => to(`/${(n += 1)}`)));
      assert.match((await observe({ ...target, as: "browser", host, follow: 3 }, at(server))).rows[0]?.end ?? "", /3 redirects and no end/);
      const before = n;
      assert.equal((await observe({ ...target, as: "browser", host }, at(server))).rows[0]?.hops, undefined);
      assert.equal(n, before + 1);
    });

    for (const place of ["http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://127.0.0.1/", "http://[::ffff:168.63.129.16]/", "http://evil.example/", "file:///etc/passwd", "http://user:pw@10.50.0.11/"]) {
      it(`never lead to ${place}`, async () => {
        const forbidden = await started(rawServer(() => ok));
        const server = await started(rawServer(() => to(place)));
        const seen = await observe({ ...target, as: "browser", host, follow: 3 }, { ...at(server), "169.254.169.254": forbidden.port, "127.0.0.1": forbidden.port, "168.63.129.16": forbidden.port }, { resolve: async () => ["127.0.0.1"] });
        assert.deepEqual([seen.verdict, forbidden.seen.length], ["failed", 0]);
        assert.deepEqual(new Set(seen.asked), new Set(["10.50.0.11:80"]));
      });
    }
  });

  describe("a window", () => {
    const flapping = (pattern: string) => {
      let n = 0;
      return started(rawServer(() => `HTTP/1.1 ${pattern[n++ % pattern.length] === "u" ? "200 OK" : "503 Busy"}\r\nContent-Length: 0\r\n\r\n`));
    };
    const window = { tries: 4, need: 3, every: "2s" };

    it("asks as often as it says, and is green when enough of it was", async () => {
      const waits: number[] = [];
      const seen = await observe({ ...target, as: "haproxy", window }, at(await flapping("uudu")), { waits });
      assert.deepEqual([seen.verdict, waits], ["passed", [2000, 2000, 2000]]);
      assert.deepEqual(seen.rows[0]?.tries?.map((one) => one.verdict), ["up", "up", "down", "up"]);
      assert.match(seen.diagnosis.join(), /flaps: up 3 of 4 times/);
    });

    it("is not green when what flaps happens to be up at the end", async () => {
      const seen = await observe({ ...target, as: "haproxy", window }, at(await flapping("duddduu".slice(0, 4).replace(/.$/, "u"))));
      assert.equal(seen.verdict, "failed");
      assert.equal(seen.rows[0]?.reason, "up 2 of 4 times, 3 are needed; last: 503 Busy");
    });

    it("counts what the runbook expects, too", async () => {
      const seen = await observe({ ...target, as: "haproxy", method: "GET", window: { tries: 2, need: 1, every: "1s" }, expect: { contains: "nowhere" } }, at(await started(rawServer(() => ok))));
      assert.deepEqual([seen.verdict, seen.rows[0]?.reason], ["failed", "up 0 of 2 times, 1 are needed; last: the expected text is not in the answer"]);
    });
  });

  describe("a control that must fail", () => {
    it("passes when the wrong host is refused, and fails when it is served", async () => {
      const bound = await started(hostBound([host], () => "READY"));
      const any = await started(rawServer(() => ok));
      const wrong = { ...target, as: "kemp-loadmaster", host: "nobody.example", mustFail: true };
      const good = await observe(wrong, at(bound));
      assert.deepEqual([good.verdict, good.summary], ["passed", "1 of 1 down for LoadMaster 1.1 + Host, as must be"]);
      const bad = await observe(wrong, at(any));
      assert.deepEqual([bad.verdict, bad.summary], ["failed", "10.50.0.11 (nobody.example) up for LoadMaster 1.1 + Host, and must not be"]);
    });

    it("passes on a closed port, but not where no connection at all is the point", async () => {
      const routes = { "10.50.0.11": await closedPort() };
      assert.equal((await observe({ ...target, as: "haproxy", mustFail: true }, routes)).verdict, "passed");
      const seen = await observe({ ...target, as: "haproxy", mustFail: "no-connection" }, routes);
      assert.deepEqual([seen.verdict, seen.summary], ["failed", "10.50.0.11 could be reached, and must not be"]);
    });

    it("is not proved when nobody could ask", async () => {
      assert.equal((await observe({ targets: "http://127.0.0.1/", as: "haproxy", mustFail: true }, {})).verdict, "not-proved");
    });
  });

  describe("certificates", () => {
    before(function () {
      if (certificate) return;
      console.warn("SKIPPED: certificates of the http check. openssl is not installed.");
      this.skip();
    });
    const secure = { targets: "https://10.50.0.11/", as: "browser", host };
    const server = () => started(tlsServer(certificate ?? { key: "", cert: "" }, null, () => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    const routes = async () => ({ "10.50.0.11:443": (await server()).port });

    for (const [what, expect, unmet] of [
      ["days left", { days: 1 }, null],
      ["too few days left", { days: 30 }, /^the certificate ends on \d{4}-\d\d-\d\d, in [12] days, and 30 are expected$/],
      ["another name", { name: "other.example" }, /^the certificate does not cover other\.example: it names CN=payroll\.contoso\.example$/],
      ["a chain that nobody knows", { trusted: true }, /^the certificate is not trusted here \((?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)\)$/],
    ] as const) {
      it(`are held against ${what}`, async () => {
        const [row] = (await observe({ ...secure, expect: { certificate: expect } }, await routes())).rows;
        if (unmet === null) assert.equal(row?.unmet, null);
        else assert.match(row?.unmet ?? "", unmet);
        assert.equal(row?.certificate?.trusted, false);
      });
    }

    it("are asked for with the name, without one, or with another", async () => {
      const bound = await started(tlsServer(certificate ?? { key: "", cert: "" }, host, () => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
      const verdicts = [];
      for (const sni of ["host", "none", "other.example"]) verdicts.push((await observe({ ...secure, sni }, { "10.50.0.11:443": bound.port })).rows[0]?.verdict);
      assert.deepEqual(verdicts, ["up", "down", "down"]);
    });
  });
});
