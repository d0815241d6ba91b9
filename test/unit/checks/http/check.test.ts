import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { httpCheck } from "../../../../src/checks/http/check.ts";
import { probeScripts } from "../../../../src/checks/http/probe-scripts.ts";
import { decodeRequests, encodeAnswers } from "../../../../src/checks/http/wire.ts";
import type { ProbeRequest } from "../../../../src/checks/http/wire.ts";
import type { ScriptRunner, ServerAddresses } from "../../../../src/checks/ports.ts";
import { DrillbookError } from "../../../../src/errors.ts";
import type { Json } from "../../../../src/runbooks/runbook.ts";
import { captured } from "./captured.ts";

type Script = Parameters<ScriptRunner["run"]>[1];

const servers = [{ name: "web-01-test", id: "/subscriptions/s/resourceGroups/rg-dr-test/providers/Microsoft.Compute/virtualMachines/web-01-test" }];
const farm = { as: "kemp-loadmaster", from: "web-01-test", targets: ["http://10.50.0.11/", "http://10.50.0.12/"], host: "payroll.contoso.example" };

/** A test server that does what the shipped script does, against servers that are only texts. */
function serverThat(replies: (request: ProbeRequest) => string) {
  const runs: { readonly server: string; readonly script: Script; readonly requests: readonly ProbeRequest[] }[] = [];
  const scripts: ScriptRunner = {
    run: async (server, script) => {
      const requests = decodeRequests(script.parameters["requests"] ?? "");
      runs.push({ server: server.name, script, requests });
      const output = encodeAnswers(requests.map((r) => {
        const all = Buffer.from(replies(r), "latin1");
        return { id: r.id, outcome: "answered", connectMs: 1, firstByteMs: 2, totalMs: 3, totalBytes: all.length, received: all.subarray(0, r.maxBytes) };
      }));
      return { exitCode: 0, output, error: "" };
    },
  };
  return { runs, scripts };
}

const hostBound = (request: ProbeRequest) => (/\r\nHost: payroll/.test(Buffer.from(request.bytes).toString("latin1")) ? captured.okHead : captured.invalidHostnameHead);

function observe(input: Json, scripts: ScriptRunner, signal = new AbortController().signal) {
  const check = httpCheck({
    scripts,
    resolve: async () => assert.fail("nothing is resolved by the bot"),
    connect: () => assert.fail("the bot connects nowhere"),
    allowPrivate: false,
    clock: () => new Date("2026-11-21T21:26:00Z"),
  });
  return check.observe(input, { signal, record: () => {}, testServers: servers });
}

describe("check http from a test server", () => {
  it("passes when the deciding request is up, and still says what the default one would do", async () => {
    const { runs, scripts } = serverThat(hostBound);
    const seen = await observe(farm, scripts);
    assert.equal(seen.verdict, "passed");
    assert.equal(seen.summary, "2 of 2 up for LoadMaster 1.1 + Host");
    assert.match(seen.diagnosis.join("\n"), /would mark 10\.50\.0\.11 and 10\.50\.0\.12 down/);
    assert.deepEqual(runs.map((run) => run.requests.map((r) => r.address)), [["10.50.0.11", "10.50.0.11", "10.50.0.11"], ["10.50.0.12", "10.50.0.12", "10.50.0.12"]]);
  });

  it("fails when the deciding request is down, naming the node and the browser's view", async () => {
    const seen = await observe({ ...farm, as: "kemp-loadmaster-1.0" }, serverThat((r) => (r.address === "10.50.0.11" ? captured.okHead : hostBound(r))).scripts);
    assert.equal(seen.verdict, "failed");
    assert.equal(seen.summary, "10.50.0.12 down for LoadMaster 1.0, up for a browser");
    assert.match(seen.diagnosis[0] ?? "", /^LoadMaster will mark 10\.50\.0\.12 down/);
  });

  it("runs the shipped script by its bytes, and puts its hash in the result", async () => {
    const { runs, scripts } = serverThat(hostBound);
    const seen = await observe({ ...farm, script: "posix" }, scripts);
    const shipped = probeScripts().posix;
    assert.equal(runs[0]?.script.text, shipped.text);
    assert.equal(shipped.sha256, createHash("sha256").update(shipped.text).digest("hex"));
    assert.deepEqual((seen.result as { script: Json }).script, { name: "http-probe.sh", text: shipped.text, sha256: shipped.sha256 }, "its bytes are evidence");
    assert.ok((runs[0]?.script.timeoutMs ?? 0) >= 3 * 5000);
  });

  it("keeps each run's output under what run command gives back, and says when an answer was cut", async () => {
    const long = `${captured.ok}${"x".repeat(9000)}`;
    const runner = serverThat(() => long);
    const outputs: number[] = [];
    const scripts: ScriptRunner = {
      run: async (...given) => {
        const run = await runner.scripts.run(...given);
        outputs.push(run.output.replaceAll("\n", "\r\n").length);
        return run;
      },
    };
    const seen = await observe({ ...farm, host: ["a.example", "b.example", "c.example"] }, scripts);
    assert.equal(outputs.length, 4, "seven asks a target are two runs");
    for (const length of outputs) assert.ok(length <= 4096 && length > 2500, String(length));
    assert.ok((seen.result as { rows: readonly { cut: boolean }[] }).rows.every((row) => row.cut));
  });

  it("gives an answer a run of its own when text is expected in it", async () => {
    const body = `${captured.ok}${" ".repeat(2000)}Sign in to see your pay`;
    const { runs, scripts } = serverThat(() => body);
    const seen = await observe({ ...farm, targets: ["http://10.50.0.11/"], method: "GET", compare: [], expect: { contains: "Sign in" } }, scripts);
    assert.equal(seen.verdict, "passed");
    assert.equal(runs.length, 1);
    const cut = await observe({ ...farm, targets: ["http://10.50.0.11/"], method: "GET", compare: [], expect: { contains: "nowhere" } }, serverThat(() => `${body}${"x".repeat(4000)}`).scripts);
    assert.equal(cut.verdict, "not-proved", "the text may stand in what was cut");
    const lacking = await observe({ ...farm, targets: ["http://10.50.0.11/"], method: "GET", compare: [], expect: { contains: "nowhere" } }, scripts);
    assert.equal(lacking.verdict, "failed");
  });

  it("is not proved without its vantage point, and says which there are", async () => {
    const seen = await observe({ ...farm, from: "web-09-test" }, serverThat(hostBound).scripts);
    assert.equal(seen.verdict, "not-proved");
    assert.equal(seen.summary, "web-09-test is not a test server of this drill");
    assert.deepEqual(seen.diagnosis, ["The test servers of this drill are web-01-test: name one of them in from:."]);
  });

  describe("a plan's test servers", () => {
    const placed = (of: ServerAddresses["of"], more: { readonly [key: string]: Json } = {}) => {
      const { runs, scripts } = serverThat(hostBound);
      const check = httpCheck({ scripts, addresses: { of }, resolve: async () => assert.fail("resolved"), allowPrivate: false, clock: () => new Date() });
      const input = { as: ["kemp-loadmaster", "azure-load-balancer"], from: "web-01-test", testServers: "http://{name}:8080/health/{name}", host: "payroll.contoso.example", ...more };
      return { runs, seen: check.observe(input, { signal: new AbortController().signal, record: () => {}, testServers: [...servers, { name: "db-01-test", id: "/y" }] }) };
    };

    it("are asked at the addresses that they have now, and shown by name", async () => {
      const { runs, seen } = placed(async ({ name }) => (name === "db-01-test" ? ["fd12::9", "10.50.0.21"] : ["10.50.0.11"]));
      const rows = ((await seen).result as { readonly rows: readonly { readonly target: string; readonly url: string }[] }).rows;
      assert.deepEqual([...new Set(rows.map((row) => `${row.target} ${row.url}`))], ["web-01-test (10.50.0.11:8080) http://10.50.0.11:8080/health/web-01-test", "db-01-test (10.50.0.21:8080) http://10.50.0.21:8080/health/db-01-test"]);
      const asked = runs.flatMap((run) => run.requests);
      assert.deepEqual([...new Set(asked.map((r) => `${r.address}:${r.port}`))], ["10.50.0.11:8080", "10.50.0.21:8080"]);
      assert.ok(asked.some((r) => /Host: 10\.50\.0\.11:8080\r\n/.test(Buffer.from(r.bytes).toString("latin1"))), "Azure Load Balancer asks with the address as Host");
    });

    it("are those that are named, when some are", async () => {
      const { runs, seen } = placed(async () => ["10.50.0.11"], { servers: "WEB-01-test" });
      assert.equal((await seen).verdict, "passed");
      assert.deepEqual([...new Set(runs.flatMap((run) => run.requests).map((r) => r.address))], ["10.50.0.11"]);
      assert.match((await placed(async () => ["10.50.0.11"], { servers: ["web-01-test", "web-09-test"] }).seen).summary, /web-09-test is not a test server/);
    });

    it("prove nothing as long as an address is not known", async () => {
      const { runs, seen } = placed(async ({ name }) => (name === "db-01-test" ? [] : ["10.50.0.11"]));
      assert.deepEqual([(await seen).verdict, (await seen).diagnosis, runs], ["not-proved", ["Not proved: db-01-test has no address"], []]);
      const refused = await placed(async () => { throw new DrillbookError("azure-refused", "Azure did not give the address of it.", ""); }).seen;
      assert.deepEqual([refused.verdict, refused.summary], ["not-proved", "The address of web-01-test, db-01-test is not known"]);
    });
  });

  const failing = (run: ScriptRunner["run"]) => observe(farm, { run });
  for (const [what, run, why] of [
    ["the script cannot be run", async () => { throw new DrillbookError("azure-unreachable", "The agent does not answer.", ""); }, /did not run on web-01-test: The agent does not answer/],
    ["the script fails", async () => ({ exitCode: 3, output: "", error: "no\u001b[31m Python\n" }), /exit code 3 on web-01-test: no \[31m Python/],
    ["the output was cut", async () => ({ exitCode: 0, output: "AAAA\nend\t3", error: "" }), /incomplete/],
    ["the output is somebody else's", async () => ({ exitCode: 0, output: "hello", error: "" }), /incomplete/],
    ["a certificate is written as no probe does", async () => ({ exitCode: 0, output: "1\tanswered\t1\t-1\t1\t1\t0\t\tTLSv1.3,-,AAAA\nend\t1", error: "" }), /a line that no probe writes/],
    ["the first line lost its beginning", async () => ({ exitCode: 0, output: "7\tanswered\t1\t-1\t1\t1\t0\t\t-\n2\tanswered\t1\t-1\t1\t1\t0\t\t-\n3\tanswered\t1\t-1\t1\t1\t0\t\t-\nend\t3", error: "" }), /answered something else than it was asked/],
  ] as const) {
    it(`is not proved when ${what}`, async () => {
      const seen = await failing(run);
      assert.equal(seen.verdict, "not-proved");
      assert.match(seen.diagnosis.join("\n"), why);
      assert.match(seen.summary, /could not be asked/);
    });
  }

  it("fails rather than not proves when one node is down and another could not be asked", async () => {
    const { scripts } = serverThat(() => captured.broken);
    let runs = 0;
    const seen = await observe(farm, { run: async (...given) => (runs++ === 0 ? scripts.run(...given) : { exitCode: 1, output: "", error: "" }) });
    assert.equal(seen.verdict, "failed");
  });

  it("passes an abort on", async () => {
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    await assert.rejects(observe(farm, { run: async () => { throw new Error("aborted"); } }, stop.signal), /aborted/);
  });

  it("never asks the platform's own servers", async () => {
    const { runs, scripts } = serverThat(() => captured.ok);
    const seen = await observe({ ...farm, targets: ["http://169.254.169.254/metadata", "http://0xa83f8110/", "http://[::ffff:169.254.169.254]/"] }, scripts);
    assert.equal(seen.verdict, "not-proved");
    assert.equal(runs.length, 0);
  });

  it("refuses an input that is none", async () => {
    await assert.rejects(observe({ as: "browser" }, serverThat(hostBound).scripts), (e: DrillbookError) => e.code === "bad-input" && /http cannot read its input/.test(e.message));
  });
});
