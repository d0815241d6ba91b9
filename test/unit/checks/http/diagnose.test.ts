import assert from "node:assert/strict";
import type { Ask } from "../../../../src/checks/http/exchange.ts";
import { diagnose } from "../../../../src/checks/http/diagnose.ts";
import { exchanges } from "./captured.ts";
import type { Scripted } from "./captured.ts";

const host = "payroll.contoso.example";
const farm = { as: "kemp-loadmaster", from: "web-01-test", targets: ["http://10.50.0.11/", "http://10.50.0.12/"], host };
const oneNode = { ...farm, targets: ["http://10.50.0.12/"] };
const label = (ask: Ask) => ask.view.form.label;
const isHead = (ask: Ask) => ask.view.form.method === "HEAD";

function said(input: Parameters<typeof exchanges>[0], script: (ask: Ask) => Scripted): string {
  return diagnose(exchanges(input, script), String(input["from"])).join("\n");
}

/** HTTP.sys with sites bound to names: whoever names none is refused. */
const hostBound = (ask: Ask): Scripted => (ask.sentHost === null ? "invalidHostnameHead" : isHead(ask) ? "okHead" : "ok");

describe("diagnose: names", () => {
  it("says why the LoadMaster and the browser differ, and what to set", () => {
    const text = said({ ...farm, as: "kemp-loadmaster-1.0" }, (ask) => (ask.target.name === "10.50.0.12" ? hostBound(ask) : isHead(ask) ? "okHead" : "ok"));
    assert.equal(
      text,
      "LoadMaster will mark 10.50.0.12 down: it asks HTTP/1.0 without Host and the server answers 400 Invalid Hostname; the browser's request succeeds. Set HTTP/1.1 and Host payroll.contoso.example in the health check.",
    );
  });

  it("says it as a condition when the deciding check names the host, once for all nodes", () => {
    assert.equal(
      said(farm, hostBound),
      "Asking HTTP/1.0 without Host, LoadMaster would mark 10.50.0.11 and 10.50.0.12 down: the server answers 400 Invalid Hostname; the browser's request succeeds. Set HTTP/1.1 and Host payroll.contoso.example in the health check.",
    );
  });

  it("does not call a 400 of another server an invalid hostname", () => {
    const text = said(oneNode, (ask) => (ask.sentHost === null ? "badRequestByNginx" : "ok"));
    assert.match(text, /the server answers 400; the browser/);
    assert.doesNotMatch(text, /Invalid Hostname/);
  });

  it("says nothing when every way of asking is served", () => assert.equal(said(farm, (ask) => (isHead(ask) ? "okHead" : "ok")), ""));

  it("says that no site has the name when naming it does not help", () => {
    const text = said(oneNode, (ask) => (isHead(ask) ? "invalidHostnameHead" : "invalidHostname"));
    assert.match(text, /No site on 10\.50\.0\.12 has the name payroll\.contoso\.example/);
    assert.doesNotMatch(text, /will mark|would mark/);
  });

  it("does not blame the bindings for a 400 that the site itself gives", () => {
    assert.doesNotMatch(said(oneNode, () => "badRequestByNginx"), /No site on/);
  });

  it("asks for a name when nobody gave one", () => {
    const { host: _none, ...nameless } = oneNode;
    assert.match(said(nameless, (ask) => (isHead(ask) ? "invalidHostnameHead" : "invalidHostname")), /Give the check the name with host:/);
    assert.doesNotMatch(said(nameless, () => "badRequestByNginx"), /Give the check the name/);
  });

  it("says that the default site answers in place of the one meant", () => {
    const text = said({ ...oneNode, as: "kemp-loadmaster-1.0" }, (ask) => (ask.sentHost === null ? "notFound" : "ok"));
    assert.match(text, /LoadMaster will mark 10\.50\.0\.12 down: it asks HTTP\/1\.0 without Host and the server answers 404 from its default site/);
  });

  it("does not blame the default site when the named one lacks the page too", () => {
    assert.doesNotMatch(said({ ...oneNode, as: "kemp-loadmaster-1.0" }, () => "notFound"), /default site/);
  });

  it("says when a check is up for the wrong reason", () => {
    const text = said({ ...oneNode, as: "kemp-loadmaster-1.0" }, (ask) => (ask.sentHost === null ? "okHead" : "broken"));
    assert.match(text, /^Up for the wrong reason: with HTTP\/1\.0 without Host, LoadMaster will mark 10\.50\.0\.12 up \(200 OK\), but payroll\.contoso\.example answers 500/);
  });

  it("does not call it the wrong reason when only HEAD is refused by the named site, or all is well", () => {
    assert.doesNotMatch(said(oneNode, (ask) => (ask.sentHost === null ? "okHead" : isHead(ask) ? "methodNotAllowed" : "ok")), /wrong reason/);
    assert.doesNotMatch(said({ ...oneNode, compare: ["kemp-loadmaster-1.0"] }, (ask) => (ask.sentHost === null ? "okHead" : "methodNotAllowed")), /wrong reason/);
    assert.doesNotMatch(said({ ...oneNode, host: [host, "ntrip.surveyor.lab"] }, (ask) => (ask.host === "ntrip.surveyor.lab" ? "broken" : "ok")), /wrong reason/);
    assert.doesNotMatch(said(oneNode, () => "ok"), /wrong reason/);
    assert.doesNotMatch(said(oneNode, () => "broken"), /wrong reason/);
  });

  it("says that one check covers one name", () => {
    const both = { ...oneNode, host: [host, "ntrip.surveyor.lab"] };
    assert.match(said(both, (ask) => (ask.host === "ntrip.surveyor.lab" ? "broken" : "ok")), /One health check covers one name: asked as payroll\.contoso\.example, 10\.50\.0\.12 works; asked as ntrip\.surveyor\.lab, the answer is 500/);
    assert.doesNotMatch(said(both, () => "ok"), /One health check/);
    assert.doesNotMatch(said(both, () => "broken"), /One health check/);
    assert.doesNotMatch(said(both, (ask) => (isHead(ask) ? "methodNotAllowed" : "ok")), /One health check/);
  });

  it("tells Azure Load Balancer's user that it cannot send another Host", () => {
    const text = said({ ...oneNode, as: "azure-load-balancer" }, (ask) => (ask.sentHost === host ? "ok" : "invalidHostname"));
    assert.match(text, /^Azure Load Balancer will mark 10\.50\.0\.12 down: .*cannot send another Host/);
  });
});

describe("diagnose: answers", () => {
  const two = { ...oneNode, as: ["kemp-loadmaster", "azure-load-balancer"] };

  it("says that a redirect counts for one and not for the other", () => {
    const text = said(two, () => "redirect");
    assert.match(text, /10\.50\.0\.12 answers 302: LoadMaster counts that as up, Azure Load Balancer as down\. It leads to https:\/\/payroll\.contoso\.example\/login/);
  });

  it("says the same of a sign-in", () => assert.match(said(oneNode, () => "signIn"), /answers 401: LoadMaster counts that as up, a browser as down/));

  it("says nothing of a redirect that both count alike", () => {
    const text = said({ ...oneNode, as: ["kemp-loadmaster", "browser"] }, () => "redirectToPage");
    assert.equal(text, "");
    assert.doesNotMatch(said({ ...oneNode, as: ["kemp-loadmaster", "browser"] }, () => "redirect"), /counts that/);
  });

  it("says that HEAD is refused where GET is served, and not where GET fails too", () => {
    assert.match(said(oneNode, (ask) => (isHead(ask) ? "methodNotAllowed" : "ok")), /answers 405 to HEAD, which LoadMaster sends, and serves GET\. Set the health check's HTTP method to GET/);
    assert.doesNotMatch(said(oneNode, () => "methodNotAllowed"), /serves GET/);
  });

  it("recognises a stopped application pool, and a site in maintenance as none", () => {
    assert.match(said(oneNode, () => "poolStopped"), /application pool is stopped/);
    const maintenance = said(oneNode, () => "maintenance");
    assert.doesNotMatch(maintenance, /application pool/);
    assert.match(maintenance, /answers 503 Service Unavailable for payroll\.contoso\.example; the site is reached and fails/);
  });

  it("looks behind a gateway", () => {
    assert.match(said(oneNode, () => "badGateway"), /it is a gateway whose own server does not answer/);
    assert.doesNotMatch(said(oneNode, () => "broken"), /gateway/);
  });

  it("says that what answers is not HTTP", () => {
    assert.match(said(oneNode, () => "sourcetable"), /not HTTP \(it begins "SOURCETABLE 200 OK/);
    assert.doesNotMatch(said(oneNode, () => "notFound"), /not HTTP/);
  });

  it("says what the runbook expected beyond the balancer", () => {
    const strict = { ...oneNode, expect: { status: "200" } };
    assert.match(said(strict, () => "redirect"), /LoadMaster takes 10\.50\.0\.12 as up \(302 Found\), but the runbook expects more: status 302 is not in 200/);
    assert.doesNotMatch(said(strict, () => "ok"), /expects more/);
  });

  it("sees a redirect without its scheme, and not one to a page", () => {
    assert.match(said(oneNode, () => "redirectWithoutScheme"), /redirects to "\/payroll\.contoso\.example\/login", which lacks http/);
    assert.doesNotMatch(said(oneNode, () => "redirectToPage"), /lacks http/);
    assert.doesNotMatch(said(oneNode, () => "redirect"), /lacks http/);
  });
});

describe("diagnose: connections and TLS", () => {
  it("says that nothing listens", () => {
    const text = said(oneNode, () => "refused");
    assert.match(text, /^Nothing listens on port 80 of 10\.50\.0\.12/);
    assert.doesNotMatch(text, /No connection/);
  });

  it("says that no connection came about, and thinks of isolation only when the bot asks", () => {
    assert.doesNotMatch(said(oneNode, () => "timed-out"), /accepts the connection/);
    assert.match(said(oneNode, () => "timed-out"), /^No connection to 10\.50\.0\.12 within 5 s\. Look at .* route from web-01-test/);
    assert.match(said({ ...oneNode, from: "bot" }, () => "timed-out"), /isolated test network is meant to be out of reach/);
    assert.match(said(oneNode, () => "unreachable"), /^No connection to 10\.50\.0\.12\. /);
  });

  it("tells a silent application from a missing connection", () => {
    const text = said(oneNode, () => "hangs");
    assert.match(text, /accepts the connection and then says nothing for 5 s/);
    assert.doesNotMatch(text, /No connection/);
    assert.match(said(oneNode, (ask) => (ask.sentHost === null ? "hangs" : "ok")), /so the network is not the cause/);
  });

  it("says for which way of asking the connection is dropped", () => {
    assert.match(said(oneNode, (ask) => (label(ask) === "LoadMaster 1.0" ? "closed" : "ok")), /closes the connection when LoadMaster asks HTTP\/1\.0 without Host, and answers/);
    assert.match(said(oneNode, () => "reset"), /resets the connection without an answer/);
    assert.doesNotMatch(said(oneNode, () => "refused"), /connection without an answer/);
  });

  const secure = { ...oneNode, targets: ["https://10.50.0.12/"] };
  it("says that a binding wants the server name", () => {
    assert.match(said(secure, (ask) => (ask.request.tls?.sni === null ? "tls-failed" : "ok")), /fails without a server name, as LoadMaster asks, and works with payroll\.contoso\.example/);
  });

  it("says that the handshake fails for everybody, and nothing when it succeeds", () => {
    const text = said(secure, () => "tls-failed");
    assert.match(text, /TLS handshake with 10\.50\.0\.12 fails on port 443/);
    assert.doesNotMatch(text, /without a server name/);
    assert.equal(said(secure, () => "ok"), "");
  });

  it("says that plain HTTP went to a TLS port", () => {
    assert.match(said(oneNode, () => "plainToTls"), /expects TLS on port 80/);
    assert.match(said(oneNode, () => "tlsAlert"), /expects TLS on port 80/);
    assert.doesNotMatch(said(oneNode, () => "tlsAlert"), /not HTTP/);
    assert.doesNotMatch(said(oneNode, () => "badRequestByNginx"), /expects TLS/);
  });
});

describe("diagnose: hostile answers", () => {
  it("bounds what it says, and repeats nothing a thousand times", () => {
    const targets = Array.from({ length: 32 }, (_, n) => `http://10.50.0.${n + 1}/`);
    const lines = diagnose(exchanges({ ...farm, targets }, () => "refused"), "bot");
    assert.equal(lines.length, 1);
    assert.ok(lines[0]?.includes("10.50.0.1, 10.50.0.2"));
  });
});
