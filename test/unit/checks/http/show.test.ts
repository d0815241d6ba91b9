import assert from "node:assert/strict";
import { readable, redact, showRow } from "../../../../src/checks/http/show.ts";
import { captured, exchanges } from "./captured.ts";

describe("show: what may be kept", () => {
  for (const [what, text, kept] of [
    ["cookies", "HTTP/1.1 200 OK\r\nSet-Cookie: ASP.NET_SessionId=s3cret; path=/\r\nA: b\r\n", "HTTP/1.1 200 OK\r\nSet-Cookie: [redacted]\r\nA: b\r\n"],
    ["folded credentials", "authorization : Basic abc\r\n\tdef\r\nHost: x\r\n", "authorization : [redacted]\r\nHost: x\r\n"],
    ["bearer tokens in a body", 'x {"auth":"Bearer abc.def-ghi"}', 'x {"auth":"Bearer [redacted]"}'],
    ["tokens that stand alone", "token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0. end", "token [redacted] end"],
    ["signatures in a query", "GET /x?a=1&sig=abc%3D&code=q HTTP/1.1", "GET /x?a=1&sig=[redacted]&code=[redacted] HTTP/1.1"],
  ] as const) {
    it(`takes out ${what}`, () => assert.equal(redact(text), kept));
  }

  it("spells out control characters, keeps line ends, and bounds", () => {
    assert.equal(readable("a\u0000b\u001b[31m\r\nc\rd\u0085\u007f\te", 100), "a\\x00b\\x1b[31m\r\nc\\x0dd\\x85\\x7f\te");
    assert.equal(readable("abcdef", 3), "abc…");
  });

  it("makes a row of an exchange", () => {
    const [exchange] = exchanges({ as: "kemp-loadmaster", from: "web-01-test", targets: ["http://10.50.0.12/?sig=secret"], compare: [] }, () => "invalidHostnameHead");
    assert.ok(exchange);
    const row = showRow(exchange, new Date(0)) as { readonly [key: string]: unknown };
    assert.deepEqual(
      { ...row, received: String(row["received"]).slice(0, 24) },
      {
        target: "10.50.0.12",
        url: "http://10.50.0.12/?sig=[redacted]",
        host: null,
        profile: "kemp-loadmaster",
        form: "1.0",
        label: "LoadMaster 1.0",
        decides: true,
        verdict: "down",
        status: 400,
        reason: "400 Bad Request",
        unmet: null,
        timings: { connectMs: 1, firstByteMs: 3, totalMs: 5 },
        sent: "HEAD /?sig=[redacted] HTTP/1.0\r\n\r\n",
        received: "HTTP/1.1 400 Bad Request",
        receivedBytes: captured.invalidHostnameHead.length,
        cut: false,
      },
    );
  });
});
