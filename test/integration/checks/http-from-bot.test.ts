import assert from "node:assert/strict";
import { httpCheck } from "../../../src/checks/http/check.ts";
import type { Observation } from "../../../src/drills/events.ts";
import type { Json } from "../../../src/runbooks/runbook.ts";
import { closedPort, greeter, hostBound, network, rawServer, selfSigned, tlsServer } from "./servers.ts";
import type { RawServer } from "./servers.ts";

type Row = { readonly target: string; readonly label: string; readonly host: string | null; readonly verdict: string; readonly status: number | null; readonly reason: string; readonly sent: string; readonly received: string };

const host = "payroll.contoso.example";
const page = () => "Sign in to see your pay.";
const certificate = selfSigned(host);

describe("check http from the bot, against real servers", () => {
  const servers: RawServer[] = [];
  const started = async (server: Promise<RawServer>) => {
    const one = await server;
    servers.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  /** A server that says nothing is named with a time of its own: an answer may be late, because the machine stood still. */
  async function observe(input: { readonly [key: string]: Json }, routes: Readonly<Record<string, number>>, options: { allowPrivate?: boolean; resolve?: (name: string) => Promise<readonly string[]> } = {}) {
    const { connect, asked } = network(routes);
    const check = httpCheck({
      scripts: { run: async () => assert.fail("no script runs") },
      resolve: options.resolve ?? (async () => []),
      connect,
      allowPrivate: options.allowPrivate ?? true,
      clock: () => new Date("2026-11-21T21:26:00Z"),
    });
    const seen: Observation = await check.observe({ from: "bot", timeout: "1m", ...input }, { signal: new AbortController().signal, record: () => {}, testServers: [] });
    return { ...seen, rows: (seen.result as unknown as { rows: readonly Row[] }).rows, asked };
  }

  it("sees what the load balancer sees: down without a Host, up with it and for a browser", async () => {
    const one = await started(rawServer((request) => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${request.startsWith("HEAD") ? "" : "ok"}`));
    const two = await started(hostBound([host], page));
    const seen = await observe({ as: "kemp-loadmaster-1.0", targets: ["http://10.50.0.11/", "http://10.50.0.12/"], host }, { "10.50.0.11": one.port, "10.50.0.12": two.port });
    assert.deepEqual(seen.rows.map((row) => `${row.target} ${row.label} ${row.verdict} ${row.status}`), [
      "10.50.0.11 LoadMaster 1.0 up 200",
      "10.50.0.11 LoadMaster 1.1 + Host up 200",
      "10.50.0.11 browser up 200",
      "10.50.0.12 LoadMaster 1.0 down 400",
      "10.50.0.12 LoadMaster 1.1 + Host up 200",
      "10.50.0.12 browser up 200",
    ]);
    assert.equal(seen.verdict, "failed");
    assert.deepEqual(seen.diagnosis, [
      `LoadMaster will mark 10.50.0.12 down: it asks HTTP/1.0 without Host and the server answers 400 Invalid Hostname; the browser's request succeeds. Set HTTP/1.1 and Host ${host} in the health check.`,
    ]);
    assert.ok(two.seen.some((request) => request.text === "HEAD / HTTP/1.0\r\n\r\n"), "the bytes on the wire");
    assert.ok(two.seen.some((request) => request.text === `HEAD / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
  });

  it("reads expected text from the body, chunked or not", async () => {
    const chunked = await started(rawServer(() => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nSign i\r\n9\r\nn to work\r\n0\r\n\r\n"));
    const plain = await started(hostBound([host], page));
    const input = { as: "browser", targets: ["http://10.50.0.11/", "http://10.50.0.12/"], host, expect: { contains: "Sign in to" } };
    const seen = await observe(input, { "10.50.0.11": chunked.port, "10.50.0.12": plain.port });
    assert.equal(seen.verdict, "passed", seen.diagnosis.join());
    const other = await observe({ ...input, expect: { contains: "Welcome" } }, { "10.50.0.11": chunked.port, "10.50.0.12": plain.port });
    assert.equal(other.verdict, "failed");
  });

  it("follows no redirect, and counts it as each system does", async () => {
    const elsewhere = await started(rawServer(() => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    const redirecting = await started(rawServer(() => "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    const seen = await observe({ as: ["kemp-loadmaster", "azure-load-balancer"], targets: ["http://10.50.0.11/"], host }, { "10.50.0.11": redirecting.port, "169.254.169.254": elsewhere.port });
    assert.deepEqual(seen.rows.map((row) => row.verdict), ["up", "down"]);
    assert.match(seen.diagnosis.join(), /answers 302: LoadMaster counts that as up, Azure Load Balancer as down/);
    assert.equal(elsewhere.seen.length, 0);
    assert.deepEqual(new Set(seen.asked), new Set(["10.50.0.11:80"]));
  });

  it("tells refused, silent, closed and slow from each other", async () => {
    const silent = await started(rawServer(() => null));
    const closing = await started(rawServer((_request, socket) => { socket.destroy(); return null; }));
    const slow = await started(rawServer((_request, socket) => {
      setTimeout(() => socket.write("HTTP/1.1 200 OK\r\n"), 20);
      setTimeout(() => socket.write("Content-Length: 2\r\n\r\nok"), 60);
      return null;
    }));
    const halfHead = await started(rawServer((_request, socket) => { socket.write("HTTP/1.1 200 OK\r\nServer: x"); return null; }));
    const ends = await observe(
      { as: "browser", targets: ["http://10.50.0.1/", "http://10.50.0.3/", "http://10.50.0.4/"], host },
      { "10.50.0.1": await closedPort(), "10.50.0.3": closing.port, "10.50.0.4": slow.port },
    );
    assert.deepEqual(ends.rows.map((row) => row.reason), ["connection refused", "connection closed without an answer", "200 OK"]);
    assert.match(ends.diagnosis.join("\n"), /Nothing listens on port 80 of 10\.50\.0\.1:/);
    const quiet = await observe({ as: "browser", targets: ["http://10.50.0.2/", "http://10.50.0.5/"], timeout: "1s", host }, { "10.50.0.2": silent.port, "10.50.0.5": halfHead.port });
    assert.deepEqual(quiet.rows.map((row) => row.reason), ["no answer within 1 s", "no answer within 1 s"]);
    assert.match(quiet.diagnosis.join("\n"), /10\.50\.0\.2 and 10\.50\.0\.5 accept the connection and then say nothing for 1 s/);
  });

  it("does not wait for a server that keeps the connection open and says no length", async function () {
    this.timeout(45_000);
    const open = await started(rawServer(() => "HTTP/1.1 200 OK\r\n\r\nhello"));
    // Whoever waits does so for longer than this test may take.
    const seen = await observe({ as: "browser", targets: ["http://10.50.0.11/"], host }, { "10.50.0.11": open.port });
    assert.equal(seen.verdict, "passed");
  });

  it("reads no further than its bound", async () => {
    const flood = await started(rawServer((_request, socket) => {
      const chunk = "x".repeat(65_536);
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const more = () => { while (!socket.destroyed && socket.write(chunk)); };
      socket.on("drain", more);
      more();
      return null;
    }));
    const seen = await observe({ as: "browser", targets: ["http://10.50.0.11/"], host }, { "10.50.0.11": flood.port });
    assert.equal(seen.verdict, "passed");
    const [row] = (seen.result as unknown as { rows: readonly { receivedBytes: number; received: string; cut: boolean }[] }).rows;
    assert.equal(row?.receivedBytes, 65_536);
    assert.ok((row?.received.length ?? 0) <= 1025 && row?.cut);
  });

  it("redacts what opens doors and escapes what writes on terminals", async () => {
    const server = await started(rawServer(() => "HTTP/1.1 200 OK\r\nSet-Cookie: session=s3cret\r\nContent-Length: 6\r\n\r\na\x1b[31mb"));
    const { rows } = await observe({ as: "browser", targets: ["http://10.50.0.11/?sig=s3cret"], host }, { "10.50.0.11": server.port });
    assert.doesNotMatch(JSON.stringify(rows), /s3cret|\\u001b/);
    assert.match(rows[0]?.received ?? "", /Set-Cookie: \[redacted\]/);
    assert.match(server.seen[0]?.text ?? "", /\?sig=s3cret/, "what was sent is not changed");
  });

  describe("guard", () => {
    it("asks no private address unless it is allowed to", async () => {
      const seen = await observe({ as: "browser", targets: ["http://10.50.0.11/"] }, {}, { allowPrivate: false });
      assert.equal(seen.verdict, "not-proved");
      assert.match(seen.diagnosis.join(), /10\.50\.0\.11 must not be asked from the bot: 10\.50\.0\.11 is in a private range/);
      assert.deepEqual(seen.asked, []);
    });

    it("asks neither loopback nor metadata, whatever is allowed", async () => {
      const seen = await observe({ as: "browser", targets: ["http://127.0.0.1:8080/", "http://0xa9fea9fe/", "http://[::ffff:168.63.129.16]/", "http://rebind.example/"] }, {}, { resolve: async () => ["93.184.216.34", "127.0.0.1"] });
      assert.equal(seen.verdict, "not-proved");
      assert.deepEqual(seen.asked, []);
    });

    it("resolves a name once and connects to the address it checked", async () => {
      const server = await started(rawServer(() => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
      const answers = [["93.184.216.34"], ["127.0.0.1"]];
      let lookups = 0;
      const seen = await observe({ as: ["browser", "azure-load-balancer"], targets: ["http://payroll.contoso.example/"] }, { "93.184.216.34": server.port }, { resolve: async () => answers[lookups++] ?? [] });
      assert.equal(seen.verdict, "passed");
      assert.equal(lookups, 1);
      assert.deepEqual(new Set(seen.asked), new Set(["93.184.216.34:80"]));
    });

    it("says when a name has no address, and keeps to web ports", async () => {
      const seen = await observe({ as: "browser", targets: ["http://nowhere.example/", "http://10.50.0.11:22/"] }, {});
      assert.match(seen.diagnosis.join("\n"), /the name nowhere\.example has no address/);
      assert.match(seen.diagnosis.join("\n"), /port 22 of 10\.50\.0\.11:22 is not a web port/);
      assert.deepEqual(seen.asked, []);
    });
  });

  describe("TLS", () => {
    before(function () {
      if (!certificate) {
        console.warn("SKIPPED: TLS of the http check. openssl is not installed, so no certificate can be made.");
        this.skip();
      }
    });
    const pem = () => certificate ?? { key: "", cert: "" };
    const reply = () => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    it("asks a server with a self-signed certificate, as balancers do", async () => {
      const server = await started(tlsServer(pem(), null, reply));
      const seen = await observe({ as: "azure-load-balancer", targets: ["https://10.50.0.11/"], host }, { "10.50.0.11:443": server.port });
      assert.equal(seen.verdict, "passed", JSON.stringify(seen.rows));
    });

    it("sees a binding that requires the server name", async () => {
      const server = await started(tlsServer(pem(), host, reply));
      const seen = await observe({ as: "kemp-loadmaster-1.0", targets: ["https://10.50.0.11/"], host }, { "10.50.0.11:443": server.port });
      assert.deepEqual(seen.rows.map((row) => row.verdict), ["down", "up", "up"]);
    });

    it("sees a port that speaks no TLS, and plain HTTP sent to one that does", async () => {
      const ssh = await started(greeter("SSH-2.0-OpenSSH_9.2\r\n"));
      const handshake = await observe({ as: "browser", targets: ["https://10.50.0.11/"], host }, { "10.50.0.11:443": ssh.port });
      assert.equal(handshake.rows[0]?.reason, "TLS handshake failed");
      const secure = await started(tlsServer(pem(), null, reply));
      const plain = await observe({ as: "browser", targets: ["http://10.50.0.12:8443/"], host }, { "10.50.0.12:8443": secure.port });
      assert.equal(plain.verdict, "failed");
    });
  });

  it("stops at once when it is told to", async () => {
    const silent = await started(rawServer(() => null));
    const { connect } = network({ "10.50.0.11": silent.port });
    const stop = new AbortController();
    const check = httpCheck({ scripts: { run: async () => assert.fail() }, resolve: async () => [], connect, allowPrivate: true, clock: () => new Date() });
    const running = check.observe({ as: "browser", from: "bot", targets: ["http://10.50.0.11/"], timeout: "30s" }, { signal: stop.signal, record: () => {}, testServers: [] });
    setTimeout(() => stop.abort(new Error("drill aborted")), 50);
    await assert.rejects(running, /drill aborted/);
  });
});
