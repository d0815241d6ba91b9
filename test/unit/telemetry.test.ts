import assert from "node:assert/strict";
import { DrillbookError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { createLog } from "../../src/telemetry.ts";
import type { Log } from "../../src/telemetry.ts";

const password = 'canary "quoted" \\ & é';
const jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.canarysignature";

describe("createLog", () => {
  it("writes one JSON line with an ISO time, a level by name and nothing of the machine", () => {
    const [line] = logged((log) => log.info({ drill: "D-1" }, "launched"));
    const { time, ...rest } = JSON.parse(line ?? "");
    assert.deepEqual(rest, { level: "info", drill: "D-1", msg: "launched" });
    assert.equal(new Date(time).toISOString(), time);
    assert.ok(line?.endsWith("}\n"));
  });

  it("keeps quiet below its level", () => {
    assert.deepEqual(logged((log) => log.info("nothing to see"), "warn"), []);
  });

  it("keeps what helps: ids, codes, causes", () => {
    const cause = Object.assign(new Error("connect refused"), { code: "ECONNREFUSED" });
    const [line] = logged((log) => log.error(new DrillbookError("azure-unreachable", "No answer.", "Try later.", { cause }), "read failed"));
    const { err } = JSON.parse(line ?? "");
    assert.equal(err.code, "azure-unreachable");
    assert.equal(err.suggestion, "Try later.");
    assert.equal(err.cause.code, "ECONNREFUSED");
    assert.match(err.stack, /telemetry\.test/);
    const [record] = logged((log) => log.info({ correlationId: "c-1", tokenType: "Bearer", problem: { code: "28031" }, at: new URL("https://x.example/jobs?sig=abc") }));
    assert.match(record ?? "", /"c-1".*"tokenType":"Bearer".*"28031".*"https:\/\/x\.example\/jobs\?sig=\[redacted\]"/);
  });

  const plants: Readonly<Record<string, (log: Log) => void>> = {
    "a secret of ours in a sentence": (log) => log.error(`signing in with ${password} failed`),
    "a secret of ours in a URL": (log) => log.error({ at: `https://x.example/?p=${encodeURIComponent(password)}` }),
    "a secret of ours that begins with another": (log) => log.error("pin-1-canary"),
    "a secret of ours in base64": (log) => log.error({ body: Buffer.from(password).toString("base64") }),
    "a secret of ours in a sentence's argument": (log) => log.error("with %s", password),
    "a secret object": (log) => log.error({ config: { hidden: new Secret("canary") } }),
    "a header": (log) => log.error({ request: { headers: { Authorization: "canary", "Set-Cookie": ["canary"] } } }),
    "a key by name, at depth": (log) => log.error({ a: [{ b: { accessToken: "canary", client_secret: "canary", "account-key": "canary" } }] }),
    "a map": (log) => log.error({ settings: new Map([["appPassword", "canary"]]) }),
    "bytes": (log) => log.error({ body: Buffer.from("canary") }),
    "a JWT in a sentence": (log) => log.error(`token was ${jwt}, refused`),
    "a JWT under a harmless key": (log) => log.error({ seen: jwt }),
    "a bearer token": (log) => log.error({ header: "Bearer canary-opaque-token" }),
    "a bearer token in other case": (log) => log.error("authorization: bearer canary-opaque-token"),
    "a SAS in a URL": (log) => log.error({ url: new URL("https://x.blob.example/c/b?se=2026&sig=canary%2Bx%3D&sp=r") }),
    "a connection string": (log) => log.error("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=canary/+==;EndpointSuffix=x"),
    "a shared access key": (log) => log.error("Endpoint=sb://x;SharedAccessKey=canary="),
    "a token answer as a form": (log) => log.error("grant_type=x&client_secret=canary&scope=y"),
    "a private key": (log) => log.error("-----BEGIN EC PRIVATE KEY-----\ncanary\n-----END EC PRIVATE KEY-----"),
    "an error's message": (log) => log.error(new Error(`refused: ${password}`)),
    "an error's cause": (log) => log.error(new Error("outer", { cause: new Error("Bearer canary-token") }), "said"),
    "an error's own fields": (log) => log.error({ err: Object.assign(new Error("x"), { request: { headers: { authorization: "canary" } } }) }),
  };
  for (const [what, plant] of Object.entries(plants)) {
    it(`strikes out ${what}`, () => {
      const text = logged(plant).join("");
      assert.notEqual(text, "");
      for (const found of ["canary", encodeURIComponent(password), Buffer.from(password).toString("base64"), Buffer.from("canary").toString("base64")]) {
        assert.ok(!text.includes(found), text);
      }
      JSON.parse(text);
    });
  }

  it("survives cycles, depth and length", () => {
    const loop: Record<string, unknown> = { n: 1n, many: Array.from({ length: 5000 }, (_, i) => i) };
    loop["self"] = loop;
    const [line] = logged((log) => log.error({ loop }));
    assert.ok((line ?? "").length < 2000);
  });
});

function logged(write: (log: Log) => void, level: "info" | "warn" = "info"): string[] {
  const lines: string[] = [];
  write(createLog(level, [new Secret("pin-1"), new Secret("pin-1-canary"), new Secret(password)], (line) => lines.push(line)));
  return lines;
}
