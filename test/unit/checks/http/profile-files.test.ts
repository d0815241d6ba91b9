import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planAsks } from "../../../../src/checks/http/exchange.ts";
import { httpInputFor } from "../../../../src/checks/http/input.ts";
import { readProfile, readProfiles } from "../../../../src/checks/http/profile-files.ts";
import { viewsOf } from "../../../../src/checks/http/views.ts";
import type { DrillbookError } from "../../../../src/errors.ts";

const good = `name: acme-balancer
system: the Acme balancer
up: 200-299,418
forms:
  - name: plain
    label: Acme
    asks: HTTP/1.1 with Host {host}
    method: HEAD
    version: "1.1"
    path: /up
    host: given
    headers: [[HOST, "{host}"], [X-Probe, acme]]
    sni: host
    answer: { headers: [{ name: X-Ready, contains: yes please }] }
remedies: { host: Set {host}., method: Set it., status: Add it. }
compare: [acme-balancer, browser]
facts:
  - { fact: It shouts., source: a capture of our own, certainty: captured }
`.replace("{ host: Set {host}., method: Set it., status: Add it. }", '{ host: "Set {host}.", method: Set it., status: Add it. }');

const refusal = (text: string, file = "acme.yaml") => {
  try {
    readProfile(text, file);
    return "";
  } catch (thrown) {
    return `${(thrown as DrillbookError).code} ${(thrown as Error).message} ${(thrown as DrillbookError).suggestion}`;
  }
};

describe("profiles of one's own", () => {
  it("send what they say, byte for byte", () => {
    const views = viewsOf([readProfile(good, "acme.yaml")]);
    const input = httpInputFor(views).parse({ as: "acme-balancer", from: "bot", targets: ["http://10.50.0.11/"], host: "payroll.contoso.example", compare: [] });
    assert.deepEqual(planAsks(input, views).map((ask) => Buffer.from(ask.request.bytes).toString("latin1")), ["HEAD /up HTTP/1.1\r\nHOST: payroll.contoso.example\r\nX-Probe: acme\r\n\r\n"]);
  });

  it("may be JSON", () => {
    const { name } = readProfile(JSON.stringify({ name: "j", system: "J", up: "200", forms: [{ name: "a", label: "J", asks: "x", method: "GET", version: "1.0", host: "none", sni: "none" }], remedies: { host: "a", method: "b", status: "c" }, facts: [{ fact: "f", source: "s", certainty: "assumed" }] }), "j.json");
    assert.equal(name, "j");
  });

  for (const [what, text, why] of [
    ["a misspelt key, with a hint", good.replace("system:", "sytem:"), /^bad-setting acme\.yaml:2:1: `sytem` is not a key here\. Did you mean `system`/],
    ["a key twice", `${good}name: other\n`, /acme\.yaml:19:1: This key is there twice/],
    ["codes that are none", good.replace("200-299,418", "2xx"), /acme\.yaml:3:5: Write status codes/],
    ["a method that changes things", good.replace("method: HEAD", "method: PATCH"), /acme\.yaml:8:13: /],
    ["a version that is none", good.replace('"1.1"', '"2"'), /acme\.yaml:9:14: /],
    ["a header that would break out", good.replace("X-Probe, acme", 'X-Probe, "a\\r\\nHost: evil"'), /acme\.yaml:12:\d+: A header's value is one line/],
    ["a header name that would break out", good.replace("X-Probe, acme", '"X: y", acme'), /acme\.yaml:12:\d+: Write a header's name/],
    ["a path that would break out", good.replace("path: /up", 'path: "/up HTTP/1.1\\r\\nX: y"'), /acme\.yaml:10:11: Write a path/],
    ["a Host that is sent nowhere", good.replace('[HOST, "{host}"], ', ""), /acme\.yaml:12:14: This form sends a Host: say where/],
    ["a fact without its source", good.replace(", source: a capture of our own", ""), /acme\.yaml:18:5: `source` is missing/],
    ["a certainty of its own", good.replace("certainty: captured", "certainty: sure"), /acme\.yaml:18:66: This is not one of the possible values/],
    ["anchors", good.replace("up: 200-299,418", "up: &x 200"), /acme\.yaml:3:8: Anchors/],
    ["nothing", "", /acme\.yaml:1:1: /],
    ["text", "hello", /acme\.yaml:1:1: /],
  ] as const) {
    it(`are refused for ${what}`, () => assert.match(refusal(text), why));
  }

  it("are read from a folder, by name, and nothing else of it", () => {
    const folder = mkdtempSync(join(tmpdir(), "drillbook-profiles-"));
    try {
      writeFileSync(join(folder, "b.yaml"), good);
      writeFileSync(join(folder, "a.yml"), good.replace("name: acme-balancer", "name: zero"));
      writeFileSync(join(folder, "readme.md"), "not a profile");
      assert.deepEqual(readProfiles(folder).map((profile) => profile.name), ["zero", "acme-balancer"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.throws(() => readProfiles(folder), (error: DrillbookError) => error.code === "bad-setting" && /cannot be read/.test(error.message));
  });

  it("take no name that there is, and compare with none that there is not", () => {
    const named = (name: string) => readProfile(good.replaceAll("acme-balancer", name), "acme.yaml");
    assert.throws(() => viewsOf([named("haproxy")]), /There are two profiles called haproxy/);
    assert.throws(() => viewsOf([named("haproxy-1.0")]), /There are two profiles called haproxy-1\.0/);
    assert.throws(() => viewsOf([named("acme"), named("acme")]), /two profiles called acme/);
    assert.throws(() => viewsOf([readProfile(good.replace("compare: [acme-balancer, browser]", "compare: [f5]"), "acme.yaml")]), /compares with f5, which there is not/);
  });
});
