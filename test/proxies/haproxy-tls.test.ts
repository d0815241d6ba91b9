import assert from "node:assert/strict";
import { patienceMs, predictions } from "./asking.ts";
import { decisions } from "./haproxy.ts";
import type { Decision } from "./haproxy.ts";
import { haveAll } from "./proxies.ts";
import { certificate, tcpServer, tlsServer } from "./tls.ts";
import type { Started } from "./tls.ts";

const name = "payroll.contoso.example";
const ready = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nREADY";

/** The server line's own words, and the same for us. */
const forms = [
  { name: "without-name", server: "check-ssl verify none", input: { httpchk: "option httpchk GET /" } },
  { name: "with-name", server: `check-ssl verify none check-sni ${name}`, input: { httpchk: "option httpchk GET /", sni: name } },
  { name: "with-another", server: "check-ssl verify none check-sni other.example", input: { httpchk: "option httpchk GET /", sni: "other.example" } },
] as const;

describe("HAProxy decides over TLS, and we predict", function () {
  const started: Started[] = [];
  const ports = new Map<string, number>();
  let decided: ReadonlyMap<string, Decision>;

  before(async function () {
    if (!haveAll("haproxy", "openssl")) return this.skip();
    const good = certificate([name], 90);
    const servers: readonly (readonly [string, Promise<Started>])[] = [
      ["self-signed", tlsServer(good, ready)],
      ["ended", tlsServer(certificate([name], -3), ready)],
      ["another-name", tlsServer(certificate(["elsewhere.example"], 90), ready)],
      ["needs-name", tlsServer(good, ready, {}, name)],
      ["tls-1.2-only", tlsServer(good, ready, { maxVersion: "TLSv1.2" })],
      ["tls-1.3-only", tlsServer(good, ready, { minVersion: "TLSv1.3" })],
      ["wants-a-client-certificate", tlsServer(good, ready, { requestCert: true, rejectUnauthorized: true, maxVersion: "TLSv1.2" })],
      ["dead-behind-tls", tlsServer(good, "HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n")],
      ["no-http-behind-tls", tlsServer(good, "220 mail ready\r\n")],
      ["plain-http", tcpServer((socket) => void socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")))],
      ["closed-in-handshake", tcpServer((socket) => void socket.once("data", () => socket.destroy()))],
      ["silent-in-handshake", tcpServer(() => undefined)],
      ["banner", tcpServer((socket) => void socket.write("SSH-2.0-OpenSSH_9.2\r\n"))],
    ];
    for (const [label, server] of servers) {
      const one = await server;
      started.push(one);
      ports.set(label, one.port);
    }
    decided = await decisions(forms.map((form) => ({ name: form.name, lines: [form.input.httpchk], server: form.server, ports })), patienceMs);
  });
  after(() => Promise.all(started.map((server) => server.close())));

  for (const form of forms) {
    it(form.name, async () => {
      const ours = await predictions(ports, { as: "haproxy", ...form.input }, "https");
      const wrong = [...ports.keys()].flatMap((label) => {
        const theirs = decided.get(`${form.name}/${label}`);
        const row = ours.get(label);
        return theirs?.up === (row?.verdict === "up") ? [] : [`${label}: HAProxy says ${theirs?.up ? "up" : "down"} (${theirs?.check} ${theirs?.detail}), we say ${row?.verdict} (${row?.reason})`];
      });
      assert.deepEqual(wrong, []);
    });
  }

  it("sees the difference that the name makes", () => {
    assert.deepEqual(forms.map((form) => decided.get(`${form.name}/needs-name`)?.up), [false, true, false]);
  });
});
