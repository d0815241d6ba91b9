import assert from "node:assert/strict";
import { exchangeGrid, exchanges } from "../../../../src/evidence/report/exchanges.ts";
import { exchangeRows } from "../../../../src/evidence/report/exchange-rows.ts";
import type { Json } from "../../../../src/runbooks/runbook.ts";

const row = (more: { readonly [key: string]: Json }): Json => ({ target: "10.50.0.11", host: null, label: "browser", decides: true, verdict: "up", status: 200, reason: "200 OK", unmet: null, sent: "GET /", received: "HTTP/1.1 200 OK", receivedBytes: 15, cut: false, ...more });

function drawn(more: { readonly [key: string]: Json }): string {
  const rows = exchangeRows({ rows: [row(more)] }) ?? assert.fail("no rows");
  return `${exchangeGrid(rows).html}${exchanges(rows).html}`.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

describe("report: the exchanges of an HTTP check", () => {
  it("never draws as plainly up what is not as expected", () => {
    const page = drawn({ unmet: "the text READY is not there" });
    assert.match(page, /not as expected 200/);
    assert.match(page, /up, 200 OK, not as expected: the text READY is not there/);
    assert.doesNotMatch(drawn({}), /not as expected/);
  });

  for (const [what, more, said] of [
    ["times by phase", { timings: { connectMs: 1, tlsMs: 12, firstByteMs: 20, totalMs: 21 } }, "Times: connected after 1 ms, TLS handshake took 12 ms, first byte after 20 ms, ended after 21 ms."],
    ["times of what never came", { timings: { connectMs: 1, firstByteMs: -1, totalMs: 5000 } }, "Times: connected after 1 ms, ended after 5000 ms."],
    ["a certificate", { certificate: { names: ["payroll.contoso.example"], validTo: "2026-12-01T00:00:00.000Z", daysLeft: 9, trusted: false, distrust: "DEPTH_ZERO_SELF_SIGNED_CERT", chain: ["CN=payroll"], protocol: "TLSv1.3" } }, "Certificate: payroll.contoso.example; ends 2026-12-01, 9 days left; not trusted where it was asked (DEPTH_ZERO_SELF_SIGNED_CERT); chain: CN=payroll; TLSv1.3."],
    ["each hop with its Host", { hops: [{ url: "http://a/b", host: "a", address: "10.50.0.11", status: 302, reason: "302 Found" }], end: "1 redirect and no end" }, "Hop 1: http://a/b, Host a, at 10.50.0.11: 302 Found. Redirects: 1 redirect and no end."],
    ["the tries of a window", { tries: [{ verdict: "up", reason: "200 OK" }, { verdict: "down", reason: "503" }] }, "Tries: up (200 OK), down (503)."],
  ] as const) {
    it(`tells ${what}`, () => assert.ok(drawn(more as { readonly [key: string]: Json }).includes(said), drawn(more as { readonly [key: string]: Json })));
  }
});
