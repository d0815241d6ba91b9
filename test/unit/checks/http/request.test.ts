import assert from "node:assert/strict";
import { planAsks } from "../../../../src/checks/http/exchange.ts";
import { httpInput } from "../../../../src/checks/http/input.ts";
import { builtInViews } from "../../../../src/checks/http/views.ts";
import type { Json } from "../../../../src/runbooks/runbook.ts";

const host = "payroll.contoso.example";

function plan(input: { readonly [key: string]: Json }) {
  return planAsks(httpInput.parse({ from: "bot", targets: ["http://10.50.0.11/"], ...input }), builtInViews);
}

function sent(input: { readonly [key: string]: Json }): readonly string[] {
  return plan({ compare: [], ...input }).map((ask) => Buffer.from(ask.request.bytes).toString("latin1"));
}

const { profiles, names: viewNames } = builtInViews;

describe("request: bytes by profile", () => {
  it("asks as the LoadMaster does by default", () => assert.deepEqual(sent({ as: "kemp-loadmaster" }), ["HEAD / HTTP/1.0\r\n\r\n"]));

  it("asks as the LoadMaster does with HTTP/1.1 and a host", () => {
    assert.deepEqual(sent({ as: "kemp-loadmaster", host }), [`HEAD / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`]);
  });

  it("asks HTTP/1.0 though a host is given, when that form is named", () => {
    assert.deepEqual(sent({ as: "kemp-loadmaster-1.0", host }), ["HEAD / HTTP/1.0\r\n\r\n"]);
  });

  it("asks as HAProxy and Azure Load Balancer do", () => {
    assert.deepEqual(sent({ as: "haproxy", targets: ["http://10.50.0.11:8080/up?x=1"] }), ["OPTIONS /up?x=1 HTTP/1.0\r\n\r\n"]);
    assert.deepEqual(sent({ as: "azure-load-balancer", host, targets: ["http://10.50.0.11:8080/up"] }), ["GET /up HTTP/1.1\r\nHost: 10.50.0.11:8080\r\nConnection: close\r\n\r\n"]);
  });

  it("asks as a browser does, by name or by address", () => {
    assert.match(sent({ as: "browser", host })[0] ?? "", /^GET \/ HTTP\/1\.1\r\nHost: payroll\.contoso\.example\r\nConnection: keep-alive\r\n(?:[\w-]+: [^\r\n]+\r\n)+\r\n$/);
    assert.match(sent({ as: "browser", targets: ["http://[fd12::1]:8080/"] })[0] ?? "", /\r\nHost: \[fd12::1\]:8080\r\n/);
  });

  it("sends the method that the runbook says", () => assert.match(sent({ as: "kemp-loadmaster", host, method: "GET" })[0] ?? "", /^GET \/ HTTP\/1\.1\r\n/));

  it("sends a server name in TLS only where the system does, and never an address", () => {
    const sni = (input: { readonly [key: string]: Json }) => plan({ compare: [], targets: ["https://10.50.0.11/"], ...input }).map((ask) => ask.request.tls);
    assert.deepEqual(sni({ as: "browser", host: `${host}:8443` }), [{ sni: host }]);
    assert.deepEqual(sni({ as: "browser" }), [{ sni: null }]);
    assert.deepEqual(sni({ as: "azure-load-balancer", host }), [{ sni: null }]);
    assert.deepEqual(sni({ as: "kemp-loadmaster", targets: ["http://10.50.0.11/"] }), [null]);
  });
});

describe("plan: the grid", () => {
  const columns = (input: { readonly [key: string]: Json }) => plan(input).map((ask) => `${ask.target.name} ${ask.host ?? "-"} ${ask.view.form.label}${ask.decides ? " *" : ""}`);

  it("shows a LoadMaster's two ways and the browser beside each other", () => {
    assert.deepEqual(columns({ as: "kemp-loadmaster", host }), [
      "10.50.0.11 - LoadMaster 1.0",
      `10.50.0.11 ${host} LoadMaster 1.1 + Host *`,
      `10.50.0.11 ${host} browser`,
    ]);
  });

  it("leaves out what needs a host when none is given", () => {
    assert.deepEqual(columns({ as: "kemp-loadmaster" }), ["10.50.0.11 - LoadMaster 1.0 *", "10.50.0.11 - browser"]);
  });

  it("asks once without a host and once for each name", () => {
    assert.deepEqual(columns({ as: "kemp-loadmaster", host: [host, "ntrip.surveyor.lab"] }).length, 5);
  });

  it("lets the first of several decide, and shows no more than was named", () => {
    assert.deepEqual(columns({ as: ["azure-load-balancer", "browser"], host }), ["10.50.0.11 - Azure LB *", `10.50.0.11 ${host} browser`]);
  });

  it("tells two URLs on one address apart", () => {
    const names = new Set(plan({ as: "browser", targets: ["http://10.50.0.11/a", "http://10.50.0.11/b", "http://10.50.0.12/"] }).map((ask) => ask.target.name));
    assert.deepEqual([...names], ["http://10.50.0.11/a", "http://10.50.0.11/b", "10.50.0.12"]);
  });
});

describe("profiles: data", () => {
  it("give a source and a certainty for every fact, and compare with views that exist", () => {
    for (const profile of profiles) {
      assert.ok(profile.facts.length > 0);
      for (const fact of profile.facts) assert.ok(fact.source.length > 5 && fact.certainty.length > 5, fact.fact);
      for (const name of profile.compare) assert.ok(viewNames.includes(name), name);
    }
  });

  it("record that the LoadMaster's manual and support article disagree", () => {
    assert.ok(profiles.find((p) => p.name === "kemp-loadmaster")?.facts.some((f) => f.certainty === "conflicting"));
  });
});
