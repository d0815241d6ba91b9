import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closedPort, hostBound } from "./servers.ts";
import type { RawServer } from "./servers.ts";

const host = "ntrip.surveyor.lab";

function drillbook(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ readonly code: number | null; readonly out: string; readonly error: string }> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, ["src/cli.ts", ...args], { env: { ...process.env, http_proxy: "http://127.0.0.1:1", HTTP_PROXY: "http://127.0.0.1:1", ...env } });
    let out = "";
    let error = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (error += chunk.toString()));
    child.on("close", (code) => settle({ code, out, error }));
  });
}

describe("drillbook probe", () => {
  let server: RawServer;
  before(async () => void (server = await hostBound([host], () => "READY")));
  after(() => server.close());
  const url = () => `http://127.0.0.1:${server.port}/`;

  it("ends with 1 and says why, when the balancer would mark it down", async () => {
    const { code, out, error } = await drillbook(["probe", url(), "--as", "kemp-loadmaster-1.0", "--host", host]);
    assert.equal(code, 1);
    assert.match(out, /^Not healthy: \S+ down for LoadMaster 1\.0, up for a browser\n/);
    assert.match(out, /Set HTTP\/1\.1 and Host ntrip\.surveyor\.lab in the health check\./);
    assert.match(error, /private and loopback addresses are allowed here, link-local, metadata and platform addresses are not/);
  });

  it("ends with 0 when it is healthy, and shows the bytes where it is asked to", async () => {
    const { code, out } = await drillbook(["probe", url(), "--as", "haproxy", "--httpchk", "option httpchk", "--httpchk", `http-check send meth GET uri / ver HTTP/1.1 hdr Host ${host}`, "--only", "--bytes"]);
    assert.equal(code, 0, out);
    assert.match(out, /> GET \/ HTTP\/1\.1\n {4}> host: ntrip\.surveyor\.lab\n {4}> connection: close\n/);
  });

  it("ends with 2 when nobody may ask, or could", async () => {
    assert.equal((await drillbook(["probe", "http://169.254.169.254/", "--as", "browser"])).code, 2);
    assert.equal((await drillbook(["probe", "http://nowhere.invalid/", "--as", "browser"])).code, 2);
    for (const args of [[], ["not-a-url"], [url(), "--as", "f5"], [url(), "--colour"], [url(), "--as", "browser", "--header", "x"]]) {
      const { code, error } = await drillbook(["probe", ...args]);
      assert.equal(code, 2, args.join(" "));
      assert.ok(error.length > 20 && !error.includes("at file"), error);
    }
  });

  it("takes a server that refuses for not healthy, and a control that fails for healthy", async () => {
    const closed = `http://127.0.0.1:${await closedPort()}/`;
    assert.equal((await drillbook(["probe", closed, "--as", "haproxy"])).code, 1);
    assert.equal((await drillbook(["probe", closed, "--as", "haproxy", "--must-fail"])).code, 0);
  });

  it("gives the whole grid as JSON, and takes profiles of one's own", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drillbook-profiles-"));
    try {
      const own = { name: "acme", system: "Acme", up: "200", forms: [{ name: "a", label: "Acme", asks: "x", method: "GET", version: "1.0", host: "given", headers: [["HOST", "{host}"]], sni: "none" }], remedies: { host: "a", method: "b", status: "c" }, facts: [{ fact: "f", source: "s", certainty: "assumed" }] };
      writeFileSync(join(folder, "acme.json"), JSON.stringify(own));
      const { code, out } = await drillbook(["probe", url(), "--as", "acme", "--host", host, "--contains", "READY", "--json"], { DRILLBOOK_PROFILES: folder });
      assert.equal(code, 0, out);
      assert.deepEqual(JSON.parse(out).result.rows.map((row: { sent: string }) => row.sent), [`GET / HTTP/1.0\r\nHOST: ${host}\r\n\r\n`]);
      writeFileSync(join(folder, "acme.json"), JSON.stringify({ ...own, up: "2xx" }, null, 1));
      const broken = await drillbook(["probe", url(), "--as", "acme"], { DRILLBOOK_PROFILES: folder });
      assert.deepEqual([broken.code, /acme\.json:4:8: Write status codes/.test(broken.error)], [2, true], broken.error);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("lists the profiles with what is known of them and how surely", async () => {
    const { out } = await drillbook(["probe", "--profiles"]);
    for (const name of ["browser", "kemp-loadmaster", "haproxy", "nginx", "azure-load-balancer", "azure-application-gateway", "azure-traffic-manager", "custom"]) assert.match(out, new RegExp(`^${name}$`, "m"));
    assert.match(out, /conflicting: 200 to 299, 301, 302 and 401 count as up/);
  });
});
